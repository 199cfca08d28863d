#include "drill/scoring.hpp"

#include <algorithm>
#include <cmath>

namespace chaos {

namespace {

struct LastOut {
  double at = 0;           // end of the last stretch out of contract; 0: never out
  bool at_the_end = false; // and nothing after it
};

LastOut last_minute_out(const RunFigures& run, double fault_lab_s) {
  LastOut last;
  for (const MinuteCount& sums : sums_over_minutes(run.minutes, run.end_lab_s)) {
    const double end = 60.0 * static_cast<double>(sums.lab_minute + 1);
    last.at_the_end = end > fault_lab_s && below_uptime(sums, run.contract.uptime_min());
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

// Every minute from the first one with requests, those without them as far as they are within reach of the last one.
std::vector<MinuteCount> with_empty(const std::vector<MinuteCount>& minutes, double end_lab_s) {
  std::vector<MinuteCount> out;
  const auto end = static_cast<std::int64_t>(std::ceil(end_lab_s / 60));
  for (std::size_t i = 0; i < minutes.size(); ++i) {
    out.push_back(minutes[i]);
    const std::int64_t next = i + 1 < minutes.size() ? minutes[i + 1].lab_minute : end;
    const std::int64_t silent = std::min(next - minutes[i].lab_minute - 1, kSliMinutes);
    for (std::int64_t empty = 1; empty <= silent; ++empty) out.push_back({minutes[i].lab_minute + empty, 0, 0});
  }
  return out;
}

}  // namespace

std::vector<MinuteCount> sums_over_minutes(const std::vector<MinuteCount>& minutes, double end_lab_s) {
  const std::vector<MinuteCount> all = with_empty(minutes, end_lab_s);
  std::vector<MinuteCount> out;
  MinuteCount sums;
  auto first = all.begin();
  for (const MinuteCount& minute : all) {
    sums.lab_minute = minute.lab_minute;
    sums.total += minute.total;
    sums.good += minute.good;
    for (; first->lab_minute <= minute.lab_minute - kSliMinutes; ++first) {
      sums.total -= first->total;
      sums.good -= first->good;
    }
    out.push_back(sums);
  }
  return out;
}

bool below_uptime(const MinuteCount& sums, double uptime_min) {
  return sums.total >= kSliRequests && static_cast<double>(sums.good) < uptime_min * static_cast<double>(sums.total);
}

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
  if (run.judged && out.requests > 0) {
    out.contract_met = out.uptime >= run.contract.uptime_min() && out.p95_ms <= run.contract.p95_ms_max() &&
                       out.budget_usd_month <= run.contract.budget_usd_month_max();
  }
  if (run.fault_lab_s) {
    const auto at = mitigated_at(run, *run.fault_lab_s);
    out.mitigated = at.has_value();
    if (at) out.time_to_mitigate_lab_s = *at - *run.fault_lab_s;
  }
  return out;
}

}  // namespace chaos
