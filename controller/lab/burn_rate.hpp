// Multi-window, multi-burn-rate alerts on the contract (Google, The Site Reliability Workbook, chapter 5, "Alerting on SLOs").
// One definition: the controller evaluates it from the users' reports, controller/rules renders it for Prometheus. Pure.
#pragma once

#include "lab/alerts.hpp"
#include "lab/contract.hpp"

#include <array>
#include <string_view>

namespace chaos {

/// A stretch of lab time as it is called in rules and alerts.
struct LabWindow {
  std::string_view name;      // "15m"
  double lab_s;
};

/// Fires when both windows burn the budget faster than `factor`: the long one says that it matters, the short one that
/// it still goes on. It ends when they have not for as long as the short one: a rate about the bound is one alert. In a day's budget a factor f over w hours is f x w / 24 of it.
struct BurnPolicy {
  LabWindow window;
  LabWindow still;
  double factor;
  std::string_view severity;
};

inline constexpr std::array kBurnPolicies{
    BurnPolicy{{"15m", 15 * 60}, {"3m", 3 * 60}, 4.8, "page"},        // 5 % of a day's budget
    BurnPolicy{{"1h", 3600}, {"5m", 5 * 60}, 2.4, "page"},            // 10 %
    BurnPolicy{{"6h", 6 * 3600}, {"30m", 30 * 60}, 1, "ticket"},      // 25 %
};

enum class Sli { availability, latency };
inline constexpr std::array kSlis{Sli::availability, Sli::latency};
std::string_view to_word(Sli sli);
/// "AvailabilityBudgetBurn", "LatencyBudgetBurn".
std::string_view alert_name(Sli sli);
/// What a person reads first.
std::string_view alert_summary(Sli sli);

/// Share of bad events that the contract allows. Availability: requests that are not good. Latency: answers slower than the
/// bound, 5 % by the meaning of a 95th percentile. At least one in a million, so that a burn rate is always a number.
double allowed_errors(const v1::Contract& contract, Sli sli);

/// The same alerts from what the users report. Call in order of time.
class BurnAlerts {
 public:
  explicit BurnAlerts(v1::Contract contract) : contract_(std::move(contract)) {}
  /// A client's report: its minutes, and its latencies as of `lab_minute`.
  void add(const v1::Report& report, std::int64_t lab_minute);
  /// How fast the budget is spent over the window's last minutes; none without requests. No window is shorter than a real
  /// second at `speed`: reports come every 200 ms, and a time-out takes longer.
  std::optional<double> burn_rate(Sli sli, double window_lab_s, std::int64_t lab_minute, double speed) const;
  /// Those that begin or cease to fire. Name: the alert's and its window, "AvailabilityBudgetBurn 15m".
  std::vector<AlertChange> update(std::int64_t lab_minute, double speed);
  std::vector<std::string> firing() const;
  void forget_firing() { firing_.clear(); }

 private:
  using Minutes = std::map<std::int64_t, MinuteCount>;
  const Minutes& minutes(Sli sli) const { return sli == Sli::availability ? requests_ : answers_; }

  v1::Contract contract_;
  Minutes requests_;
  Minutes answers_;          // good: within the bound
  std::map<std::string, std::int64_t> firing_;     // to the last minute in which it burnt
};

}  // namespace chaos
