// The worker: takes receipt jobs from the queue "receipts", renders, stores, marks the order done, acknowledges.
// A job is acknowledged last, so that one that is cut short anywhere is done again: every step may be repeated.
#pragma once

#include "runtime/http_server.hpp"
#include "upstream/amqp_connection.hpp"
#include "worker/backoff.hpp"
#include "worker/metrics.hpp"
#include "worker/upstreams.hpp"

namespace chaos {

class WorkerRole final : public Role {
 public:
  explicit WorkerRole(NodeContext& ctx);
  awaitable<Result<void>> start() override;
  void reconfigure() override;
  awaitable<void> drain() override;
  void report(v1::Report& out) override;

 private:
  using Source = std::shared_ptr<AmqpConnection>;
  awaitable<void> consume();
  awaitable<Result<Source>> connect(v1::Peer peer);
  awaitable<void> take_jobs(Source source);
  awaitable<void> job(Source source, AmqpDelivery delivery);
  awaitable<JobResult> attempt(const AmqpDelivery& delivery);
  awaitable<Result<void>> make_receipt(std::int64_t order);
  awaitable<void> settle(Source source, std::uint64_t tag, JobResult result);
  awaitable<HttpResponse> answer(HttpRequest request);
  const v1::WorkerConfig& config() const { return ctx_.desired().config().worker(); }
  RealTime deadline() const { return RealClock::now() + real_ms(config().upstream_timeout_ms()); }

  NodeContext& ctx_;
  Rng rng_;
  WorkerMetrics metrics_;
  Station station_;
  WorkerUpstreams upstreams_;
  HttpServer health_;
  Backoff job_backoff_;
  Source source_;               // while it consumes
  std::size_t in_flight_ = 0;
  bool draining_ = false;
  v1::Peer queue_;              // that it consumes from, or last tried
  int prefetch_ = 0;            // of its consumer
  bool renew_ = false;          // the queue is another one, or the prefetch
  bool paused_ = false;         // its duty is to drain: no new jobs
  WaitList unpaused_;
  WaitList quiet_;
};

}  // namespace chaos
