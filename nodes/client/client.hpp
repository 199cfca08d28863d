// The client role: the shop's users, as an open-loop load that does not wait for answers.
#pragma once

#include "client/arrivals.hpp"
#include "client/ledger.hpp"
#include "client/metrics.hpp"
#include "client/requests.hpp"
#include "client/retry_budget.hpp"
#include "client/targets.hpp"

#include <optional>

namespace chaos {

/// Data thread only. Users come by the traffic of the desired state; without one there are none.
class Client final : public Role {
 public:
  explicit Client(NodeContext& ctx);

  awaitable<Result<void>> start() override;
  void reconfigure() override;
  awaitable<void> drain() override;
  void report(v1::Report& out) override;

 private:
  // One request of a user on its way.
  struct Sent {
    ShopRequest request;
    RealTime intended;
    LabTime intended_lab;
    std::uint64_t run;     // run_number_ at that time
  };
  struct InFlight;

  /// Users come; a draining client finishes what it has. By the duty, not by the phase: that changes after reconfigure().
  bool open() const { return traffic_.open() && ctx_.desired().duty() != v1::DUTY_DRAINING; }
  awaitable<void> generate();
  awaitable<RealTime> wait_open(RealTime at);
  awaitable<void> wait_until(RealTime at);
  void launch(RealTime intended, RealTime now);
  awaitable<void> serve(Sent sent);
  awaitable<Attempt> attempt_all(Sent& sent, std::string& body);
  awaitable<Attempt> attempt(HttpRequest request, RealTime deadline, std::string& body);
  bool retry_paid(const Sent& sent, const Attempt& attempt, int retries_done);
  void settle(const Sent& sent, const Attempt& attempt, std::string_view body);
  void acknowledge(std::int64_t order);
  void begin_run();
  void follow_traffic();

  NodeContext& ctx_;
  ClientMetrics metrics_;
  Ledger ledger_;
  Targets targets_;
  ArrivalRule arrivals_;
  Rng choices_;                  // kinds, keys, traces, retry jitter
  UserCurve users_;
  RequestRule requests_;
  RetryBudget budget_;
  RecentOrders recent_;
  v1::Traffic traffic_;
  v1::ClientConfig config_;
  asio::steady_timer timer_;
  WaitList changed_;             // traffic, or stopping
  WaitList quiet_;               // nothing in flight
  std::uint64_t run_number_ = 0;
  std::size_t in_flight_ = 0;
  bool stopping_ = false;
  bool write_failed_ = false;
};

}  // namespace chaos
