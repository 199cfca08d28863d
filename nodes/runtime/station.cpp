#include "runtime/station.hpp"

#include "runtime/sleep.hpp"

#include <algorithm>
#include <limits>

namespace chaos {

StationRule::Admission StationRule::arrive() {
  if (busy_ < limits_.slots && waiting_ == 0) {
    ++busy_;
    return Admission::start;
  }
  if (waiting_ >= limits_.queue) return Admission::refuse;
  ++waiting_;
  return Admission::wait;
}

bool StationRule::depart() {
  if (waiting_ > 0 && busy_ <= limits_.slots) {
    --waiting_;
    return true;   // the slot stays busy, with the oldest waiter in it
  }
  --busy_;
  return false;
}

// One request that waits its turn; lives in the frame of enter().
struct Station::Turn {
  Turn(asio::any_io_executor executor, Station& owner) : timer(executor), station(owner) {}
  ~Turn() {
    auto& line = station.line_;
    const auto at = std::find(line.begin(), line.end(), this);
    if (at != line.end()) {
      line.erase(at);
      station.rule_.abandon();
    } else if (started && !taken) {
      station.leave();
    }
  }
  static void start_oldest(std::vector<Turn*>& line) {
    Turn* next = line.front();
    line.erase(line.begin());
    next->started = true;
    next->timer.cancel();
  }
  asio::steady_timer timer;
  Station& station;
  bool started = false;
  bool taken = false;
};

Station::Station(StationSettings settings, Rng rng, std::function<double()> slowdown)
    : settings_(settings), rule_(settings.limits), rng_(std::move(rng)), slowdown_(std::move(slowdown)) {}

awaitable<Result<Station::Slot>> Station::enter(RealTime deadline) {
  switch (rule_.arrive()) {
    case StationRule::Admission::start: co_return Slot(this);
    case StationRule::Admission::refuse: co_return Errc::overloaded;
    case StationRule::Admission::wait: break;
  }
  auto executor = co_await asio::this_coro::executor;
  Turn turn(executor, *this);
  line_.push_back(&turn);
  turn.timer.expires_at(deadline);
  co_await turn.timer.async_wait(as_result);
  if (!turn.started) co_return Errc::timeout;
  turn.taken = true;
  co_return Slot(this);
}

awaitable<void> Station::work(double scale, RealTime until) {
  if (settings_.service_ms <= 0) co_return;
  const double ms = rng_.lognormal(settings_.service_ms * scale, settings_.service_cv) * std::max(1.0, slowdown_());
  co_await sleep_until(std::min(RealClock::now() + real_ms(ms), until));
}

// Those who wait arrive anew, oldest first, so that slots that were added start them; none of them is refused.
void Station::set(StationSettings settings) {
  settings_ = settings;
  rule_.set_limits({settings.limits.slots, std::numeric_limits<int>::max()});
  for (std::size_t n = line_.size(); n > 0; --n) rule_.abandon();
  while (!line_.empty() && rule_.arrive() == StationRule::Admission::start) Turn::start_oldest(line_);
  for (std::size_t n = 1; n < line_.size(); ++n) rule_.arrive();
  rule_.set_limits(settings.limits);
}

void Station::leave() {
  if (rule_.depart()) Turn::start_oldest(line_);
}

}  // namespace chaos
