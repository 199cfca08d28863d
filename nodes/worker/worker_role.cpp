#include "worker/worker_role.hpp"

#include "runtime/ports.hpp"
#include "runtime/sleep.hpp"

namespace chaos {

namespace {

constexpr const char* kQueue = "receipts";
constexpr std::chrono::milliseconds kFirstWait{100};
constexpr std::chrono::seconds kLongestWait{2};
constexpr std::chrono::milliseconds kLook{250};    // how often a consumer without jobs looks around
constexpr std::chrono::seconds kTurn{30};          // a job waits for a slot at most this long
constexpr std::chrono::seconds kGoodbye{2};

}  // namespace

WorkerRole::WorkerRole(NodeContext& ctx)
    : ctx_(ctx),
      rng_(ctx.rng.child("backoff")),
      metrics_(ctx.registry),
      station_(station_settings(config().station()), ctx.rng.child("station"), ctx.slowdown),
      upstreams_(ctx, static_cast<std::size_t>(config().station().slots())),
      health_(ctx, "http", HttpLimits{.probes = true}, [this](HttpRequest request) { return answer(std::move(request)); }),
      job_backoff_(kFirstWait, kLongestWait) {}

awaitable<Result<void>> WorkerRole::start() {
  ctx_.tasks.spawn("worker.consume", consume());
  co_return health_.listen(ctx_.address, ports::kHttp);
}

void WorkerRole::reconfigure() {
  station_.set(station_settings(config().station()));
  upstreams_.follow();
  const v1::Peer* queue = ctx_.first_peer("queue");
  paused_ = ctx_.desired().duty() == v1::DUTY_DRAINING;
  unpaused_.notify_all();
  renew_ = renew_ || !queue || !same_place(*queue, queue_) || config().prefetch() != prefetch_;
}

// Connects, takes jobs until the connection or the node ends, waits, connects again.
awaitable<void> WorkerRole::consume() {
  Backoff backoff(kFirstWait, kLongestWait);
  while (!draining_) {
    while (paused_ && !draining_) co_await unpaused_.wait(RealTime::max());
    if (draining_) co_return;
    renew_ = false;
    const v1::Peer* queue = ctx_.first_peer("queue");
    queue_ = queue ? *queue : v1::Peer();
    prefetch_ = config().prefetch();
    Result<Source> source = Errc::no_backend;
    if (queue) source = co_await connect(*queue);
    if (source && !draining_) {
      backoff.success();
      source_ = *source;
      metrics_.set_connected(true);
      co_await take_jobs(*source);
      metrics_.set_connected(false);
      if (paused_) source_.reset();    // jobs under way keep it; with the last of them what was prefetched goes back
    }
    if (!draining_ && !renew_ && !paused_) co_await sleep_real(backoff.after_failure(rng_));
  }
}

awaitable<Result<WorkerRole::Source>> WorkerRole::connect(v1::Peer peer) {
  auto opened = co_await AmqpConnection::open(ctx_, peer, deadline());
  if (!opened) co_return opened.error();
  Source source = std::move(*opened);
  if (auto declared = co_await source->declare_queue(kQueue, true, deadline()); !declared) co_return declared.error();
  const auto prefetch = static_cast<std::uint16_t>(prefetch_);
  if (auto consuming = co_await source->consume(kQueue, prefetch, deadline()); !consuming) co_return consuming.error();
  co_return source;
}

// The jobs keep the connection they came from until they are settled on it.
awaitable<void> WorkerRole::take_jobs(Source source) {
  while (!draining_ && !renew_ && !paused_) {
    auto delivery = co_await source->next(RealClock::now() + kLook);
    if (draining_) break;   // a delivery that came meanwhile goes back with the connection
    if (delivery) {
      ++in_flight_;
      metrics_.set_in_flight(in_flight_);
      ctx_.tasks.spawn("worker.job", job(source, std::move(*delivery)));
    } else if (delivery.error() != Errc::timeout) {
      ctx_.log.warn("queue_lost", {{"error", delivery.error().message()}});
      break;
    }
  }
  if (source->is_open()) co_await source->cancel(RealClock::now() + kGoodbye);
}

awaitable<void> WorkerRole::job(Source source, AmqpDelivery delivery) {
  struct Leave {
    WorkerRole& role;
    ~Leave() {
      role.metrics_.set_in_flight(--role.in_flight_);
      if (role.in_flight_ == 0) role.quiet_.notify_all();
    }
  } leave{*this};
  const RealTime begin = RealClock::now();
  auto scope = ctx_.stats.begin("receipt");
  const JobResult result = co_await attempt(delivery);
  co_await settle(source, delivery.tag, result);
  metrics_.count(result, RealClock::now() - begin);
  scope.finish(result == JobResult::done);
}

awaitable<JobResult> WorkerRole::attempt(const AmqpDelivery& delivery) {
  const auto order = parse_receipt_job(delivery.body);
  if (!order) {
    ctx_.log.warn("job_malformed", {{"bytes", static_cast<std::int64_t>(delivery.body.size())}});
    co_return JobResult::malformed;
  }
  const CallVerdict verdict = ctx_.seams.call("receipt");
  if (verdict.delay > RealDuration::zero()) co_await sleep_real(verdict.delay);
  if (verdict.status) co_return JobResult::failed;
  const auto made = co_await make_receipt(*order);
  if (made) co_return JobResult::done;
  if (made.error() == Errc::not_found && delivery.redelivered) {
    ctx_.log.warn("order_unknown", {{"order", *order}});
    co_return JobResult::unknown_order;
  }
  ctx_.log.warn("job_failed", {{"order", *order}, {"error", made.error().message()}});
  co_return JobResult::failed;
}

awaitable<Result<void>> WorkerRole::make_receipt(std::int64_t order) {
  auto slot = co_await station_.enter(RealClock::now() + kTurn);
  if (!slot) co_return slot.error();
  auto row = co_await upstreams_.order(order, deadline());
  if (!row) co_return row.error();
  co_await station_.work();
  std::string page = render_receipt(order, *row);
  if (auto stored = co_await upstreams_.put_receipt(order, std::move(page), deadline()); !stored) co_return stored.error();
  co_return co_await upstreams_.mark_done(order, deadline());
}

// A failed job goes back after a while, holding its place in the prefetch meanwhile: a worker whose upstreams fail
// slows down instead of spinning.
awaitable<void> WorkerRole::settle(Source source, std::uint64_t tag, JobResult result) {
  if (result == JobResult::failed) {
    if (!draining_) co_await sleep_real(job_backoff_.after_failure(rng_));
    co_await source->reject(tag, true, deadline());
    co_return;
  }
  if (result == JobResult::done) job_backoff_.success();
  if (result == JobResult::done) co_await source->ack(tag, deadline());
  if (result != JobResult::done) co_await source->reject(tag, false, deadline());
}

awaitable<HttpResponse> WorkerRole::answer(HttpRequest request) {
  if (request.path() == "/healthz") co_return text_response(200, "ok\n");
  if (request.path() != "/readyz") co_return text_response(404, "not found\n");
  const bool ready = source_ && source_->is_open() && !draining_ && !ctx_.draining();
  co_return text_response(ready ? 200 : 503, ready ? "ready\n" : "not consuming\n");
}

awaitable<void> WorkerRole::drain() {
  draining_ = true;
  unpaused_.notify_all();
  while (in_flight_ > 0) co_await quiet_.wait(RealTime::max());
  if (source_ && source_->is_open()) co_await source_->close(RealClock::now() + kGoodbye);
  co_await health_.drain(RealClock::now() + kGoodbye);
}

void WorkerRole::report(v1::Report& out) {
  auto& gauges = *out.mutable_gauges();
  gauges["jobs_done"] = static_cast<double>(metrics_.jobs(JobResult::done));
  gauges["jobs_failed"] = static_cast<double>(metrics_.jobs(JobResult::failed));
  out.set_queued(static_cast<std::uint32_t>(station_.waiting()));
}

std::unique_ptr<Role> make_worker(NodeContext& ctx) { return std::make_unique<WorkerRole>(ctx); }

}  // namespace chaos
