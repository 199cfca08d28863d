#include "client/client.hpp"

#include <google/protobuf/util/message_differencer.h>

#include <algorithm>

namespace chaos {

namespace {

constexpr std::size_t kMaxInFlight = 20'000;
constexpr int kBurst = 32;             // sends of a late generator before it lets answers in

}  // namespace

Client::Client(NodeContext& ctx)
    : ctx_(ctx), metrics_(ctx.registry), ledger_(ctx.data_dir), targets_(ctx), arrivals_(ctx.rng.child("client.arrivals")),
      choices_(ctx.rng.child("client.choices")), requests_(v1::Traffic()), budget_(0), timer_(ctx.io) {}

awaitable<Result<void>> Client::start() {
  requests_ = RequestRule(traffic_);
  begin_run();
  reconfigure();
  ctx_.tasks.spawn("client.generate", generate());
  co_return boost::system::in_place_value;
}

void Client::reconfigure() {
  if (ctx_.desired().run() != ledger_.run()) {
    const Rng rng(ctx_.desired().seed());
    arrivals_ = ArrivalRule(rng.child("client.arrivals"));
    choices_ = rng.child("client.choices");
    begin_run();
  }
  config_ = ctx_.desired().config().client();
  budget_.set_share(config_.retry_budget());
  targets_.follow(static_cast<std::size_t>(std::max(1, config_.max_connections())));
  follow_traffic();
  changed_.notify_all();
}

void Client::follow_traffic() {
  const v1::Traffic& traffic = ctx_.desired().traffic();
  if (google::protobuf::util::MessageDifferencer::Equals(traffic, traffic_)) return;
  traffic_ = traffic;
  users_ = UserCurve(traffic_);
  requests_ = RequestRule(traffic_);
}

void Client::begin_run() {
  ++run_number_;
  recent_.clear();
  const auto opened = ledger_.begin(ctx_.desired().run());
  if (!opened) ctx_.log.error("ack_log_failed", {{"error", opened.error().message()}});
  for (const std::int64_t order : ledger_.untold_orders()) recent_.add(order);
}

// The schedule runs from intended time to intended time; only closed traffic starts it anew.
awaitable<void> Client::generate() {
  RealTime at = ctx_.clock.now();
  int burst = 0;
  while (!stopping_) {
    at = co_await wait_open(at);
    const auto step = arrivals_.next(at, {users_, std::max(0.001, traffic_.think_s()), ctx_.clock.anchor()});
    at = step.at;
    metrics_.users->Set(users_.at(ctx_.clock.anchor().at(at)));
    if (at > ctx_.clock.now()) {
      co_await wait_until(at);
      burst = 0;
    } else if (++burst % kBurst == 0) {
      co_await asio::post(asio::use_awaitable);
    }
    if (step.arrival && open() && !stopping_) launch(at, ctx_.clock.now());
  }
}

awaitable<RealTime> Client::wait_open(RealTime at) {
  while (!open() && !stopping_) {
    metrics_.users->Set(0);
    co_await changed_.wait(RealTime::max());
    at = ctx_.clock.now();
  }
  co_return at;
}

awaitable<void> Client::wait_until(RealTime at) {
  timer_.expires_at(at);
  co_await timer_.async_wait(as_result);
}

awaitable<void> Client::drain() {
  stopping_ = true;
  timer_.cancel();
  changed_.notify_all();
  while (in_flight_ > 0) co_await quiet_.wait(RealTime::max());   // each has its own time-out
}

void Client::report(v1::Report& out) {
  ledger_.tell(out);
  (*out.mutable_gauges())["users"] = open() ? users_.at(ctx_.clock.lab_now()) : 0;
}

void Client::launch(RealTime intended, RealTime now) {
  metrics_.lateness->Observe(to_s(now - intended));
  ledger_.sent(now - intended);
  budget_.request();
  Sent sent{requests_.draw(choices_, recent_), intended, ctx_.clock.anchor().at(intended), run_number_};
  if (in_flight_ >= kMaxInFlight) {
    metrics_.count(sent.request.kind, Outcome::overload);
    ledger_.finished(sent.intended_lab, Outcome::overload, {});
    return;
  }
  ctx_.tasks.spawn("client.request", serve(std::move(sent)));
}

std::unique_ptr<Role> make_client(NodeContext& ctx) { return std::make_unique<Client>(ctx); }

}  // namespace chaos
