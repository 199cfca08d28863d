#include "lab/burn_rate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace chaos {

namespace {

constexpr double kLatencyShare = 0.05;
constexpr double kLeastBudget = 1e-6;
constexpr double kShortestRealS = 1;
constexpr std::int64_t kKeptMinutes = 24 * 60;     // more than the longest window at the highest speed

void add_to(std::map<std::int64_t, MinuteCount>& minutes, const MinuteCount& more) {
  MinuteCount& minute = minutes[more.lab_minute];
  minute.lab_minute = more.lab_minute;
  minute.total += more.total;
  minute.good += more.good;
  minutes.erase(minutes.begin(), minutes.lower_bound(more.lab_minute - kKeptMinutes));
}

}  // namespace

std::string_view to_word(Sli sli) { return sli == Sli::availability ? "availability" : "latency"; }

std::string_view alert_name(Sli sli) { return sli == Sli::availability ? "AvailabilityBudgetBurn" : "LatencyBudgetBurn"; }

std::string_view alert_summary(Sli sli) {
  return sli == Sli::availability ? "users' requests fail faster than the contract can bear" : "users wait longer than the contract can bear";
}

double allowed_errors(const v1::Contract& contract, Sli sli) {
  return std::max(sli == Sli::availability ? 1 - contract.uptime_min() : kLatencyShare, kLeastBudget);
}

void BurnAlerts::add(const v1::Report& report, std::int64_t lab_minute) {
  for (const v1::MinuteTally& tally : report.minutes()) add_to(requests_, {tally.lab_minute(), tally.total(), tally.good()});
  if (report.user_latency().bucket().empty()) return;
  Histogram latency;
  latency.merge(report.user_latency());
  add_to(answers_, {lab_minute, latency.count(), latency.count_within_ms(contract_.p95_ms_max())});
}

std::optional<double> BurnAlerts::burn_rate(Sli sli, double window_lab_s, std::int64_t lab_minute, double speed) const {
  const double lab_s = std::max(window_lab_s, kShortestRealS * speed);
  const auto span = static_cast<std::int64_t>(std::ceil(lab_s / 60));
  std::uint64_t total = 0;
  std::uint64_t good = 0;
  const Minutes& all = minutes(sli);
  for (auto it = all.upper_bound(lab_minute - span); it != all.end() && it->first <= lab_minute; ++it) {
    total += it->second.total;
    good += it->second.good;
  }
  if (total == 0) return std::nullopt;
  return static_cast<double>(total - good) / static_cast<double>(total) / allowed_errors(contract_, sli);
}

std::vector<AlertChange> BurnAlerts::update(std::int64_t lab_minute, double speed) {
  std::vector<AlertChange> changes;
  for (const Sli sli : kSlis) {
    for (const BurnPolicy& policy : kBurnPolicies) {
      const auto over_long = burn_rate(sli, policy.window.lab_s, lab_minute, speed);
      const auto still = burn_rate(sli, policy.still.lab_s, lab_minute, speed);
      const bool holds = over_long.value_or(0) > policy.factor && still.value_or(0) > policy.factor;
      const std::string name = fmt::format("{} {}", alert_name(sli), policy.window.name);
      if (holds == firing_.contains(name)) continue;
      if (holds) firing_.insert(name);
      else firing_.erase(name);
      changes.push_back({name, holds, std::string(policy.severity),
                         fmt::format("{}: {:.1f} times over {} of lab time, {:.1f} times over {} (bound {:g})", alert_summary(sli),
                                     over_long.value_or(0), policy.window.name, still.value_or(0), policy.still.name, policy.factor)});
    }
  }
  return changes;
}

}  // namespace chaos
