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

std::int64_t minutes_of(double window_lab_s, double speed) {
  return static_cast<std::int64_t>(std::ceil(std::max(window_lab_s, kShortestRealS * speed) / 60));
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
  const std::int64_t span = minutes_of(window_lab_s, speed);
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

std::vector<std::string> BurnAlerts::firing() const {
  std::vector<std::string> names;
  for (const auto& [name, minute] : firing_) names.push_back(name);
  return names;
}

std::vector<AlertChange> BurnAlerts::update(std::int64_t lab_minute, double speed) {
  std::vector<AlertChange> changes;
  for (const Sli sli : kSlis) {
    for (const BurnPolicy& policy : kBurnPolicies) {
      const auto over_long = burn_rate(sli, policy.window.lab_s, lab_minute, speed);
      const auto still = burn_rate(sli, policy.still.lab_s, lab_minute, speed);
      const bool burns = over_long.value_or(0) > policy.factor && still.value_or(0) > policy.factor;
      const std::string name = fmt::format("{} {}", alert_name(sli), policy.window.name);
      const auto since = firing_.find(name);
      const bool fired = since != firing_.end();
      const bool holds = burns || (fired && lab_minute - since->second < minutes_of(policy.still.lab_s, speed));
      if (burns) firing_[name] = lab_minute;
      if (!holds && fired) firing_.erase(since);
      if (holds == fired) continue;
      changes.push_back({name, holds, std::string(policy.severity),
                         fmt::format("{}: {:.1f} times over {} of lab time, {:.1f} times over {} (bound {:g})", alert_summary(sli),
                                     over_long.value_or(0), policy.window.name, still.value_or(0), policy.still.name, policy.factor)});
    }
  }
  return changes;
}

}  // namespace chaos
