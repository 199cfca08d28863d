#include "drill/scoring.hpp"

#include <algorithm>

namespace chaos {

namespace {

// Trailing sums over the last kSliMinutes lab minutes, minute by minute.
class SliWindow {
 public:
  void push(const MinuteCount& minute) {
    minutes_.push_back(minute);
    total_ += minute.total;
    good_ += minute.good;
    while (minutes_.front().lab_minute <= minute.lab_minute - kSliMinutes) {
      total_ -= minutes_.front().total;
      good_ -= minutes_.front().good;
      minutes_.pop_front();
    }
  }
  bool out_of(const v1::Contract& contract) const {
    return total_ >= kSliRequests && static_cast<double>(good_) < contract.uptime_min() * static_cast<double>(total_);
  }

 private:
  std::deque<MinuteCount> minutes_;
  std::uint64_t total_ = 0;
  std::uint64_t good_ = 0;
};

struct LastOut {
  double at = 0;           // end of the last stretch out of contract; 0: never out
  bool at_the_end = false; // and nothing after it
};

LastOut last_minute_out(const RunFigures& run, double fault_lab_s) {
  LastOut last;
  SliWindow window;
  for (const MinuteCount& minute : run.minutes) {
    window.push(minute);
    const double end = 60.0 * static_cast<double>(minute.lab_minute + 1);
    last.at_the_end = end > fault_lab_s && window.out_of(run.contract);
    if (last.at_the_end) last.at = end;
  }
  return last;
}

LastOut last_latency_out(const RunFigures& run, double fault_lab_s) {
  LastOut last;
  for (const LatencySample& sample : run.latency) {
    last.at_the_end = sample.lab_s >= fault_lab_s && sample.p95_ms > run.contract.p95_ms_max();
    if (last.at_the_end) last.at = sample.lab_s;
  }
  return last;
}

}  // namespace

std::optional<double> mitigated_at(const RunFigures& run, double fault_lab_s) {
  const LastOut minutes = last_minute_out(run, fault_lab_s);
  const LastOut latency = last_latency_out(run, fault_lab_s);
  if (minutes.at_the_end || latency.at_the_end) return std::nullopt;
  return std::max({fault_lab_s, minutes.at, latency.at});
}

Score score(const RunFigures& run) {
  Score out;
  out.name = run.name;
  std::uint64_t good = 0;
  for (const MinuteCount& minute : run.minutes) {
    out.requests += minute.total;
    good += minute.good;
  }
  out.failed = out.requests - good;
  out.uptime = out.requests ? static_cast<double>(good) / static_cast<double>(out.requests) : 1;
  out.p95_ms = run.p95_ms;
  out.budget_usd_month = run.budget_usd_month;
  out.worst_minute = worst_minute(run.minutes);
  out.orders_acknowledged = run.orders_acknowledged;
  out.orders_lost = run.orders_lost;
  out.contract_met = out.uptime >= run.contract.uptime_min() && out.p95_ms <= run.contract.p95_ms_max() &&
                     out.budget_usd_month <= run.contract.budget_usd_month_max();
  if (run.fault_lab_s) {
    const auto at = mitigated_at(run, *run.fault_lab_s);
    out.mitigated = at.has_value();
    if (at) out.time_to_mitigate_lab_s = *at - *run.fault_lab_s;
  }
  return out;
}

}  // namespace chaos
