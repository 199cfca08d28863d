// The score of a run from plain figures. Pure; the record's scorecard and the drill's comparison both read it.
#pragma once

#include "lab/contract.hpp"

#include <optional>
#include <string>
#include <vector>

namespace chaos {

struct LatencySample {
  double lab_s = 0;
  double p95_ms = 0;       // over the seconds before; 0: no answers
};

struct RunFigures {
  std::string name;                            // of the responder or of the run
  v1::Contract contract;
  std::vector<MinuteCount> minutes;            // sorted; minutes without requests may be missing
  double end_lab_s = 0;                        // up to where the run went
  bool judged = true;                          // false: it has no verdict (it goes on, or was interrupted)
  double p95_ms = 0;                           // over all answered requests
  double budget_usd_month = 0;
  std::optional<double> fault_lab_s;           // when the first fault began
  std::vector<LatencySample> latency;          // sorted; may be empty
  std::uint64_t orders_acknowledged = 0;
  std::uint64_t orders_lost = 0;
};

struct Score {
  std::string name;
  double uptime = 1;
  double p95_ms = 0;
  double budget_usd_month = 0;
  std::optional<MinuteCount> worst_minute;
  std::optional<double> time_to_mitigate_lab_s;  // none: no fault, or still out of contract at the end
  bool mitigated = true;                         // false: still out of contract at the end
  std::optional<bool> contract_met;              // none: no verdict, or no request to judge by
  std::uint64_t orders_acknowledged = 0;
  std::uint64_t orders_lost = 0;
  std::uint64_t requests = 0;
  std::uint64_t failed = 0;
};

Score score(const RunFigures& run);

/// The SLI at a minute is the good share of the last kSliMinutes minutes; with fewer than kSliRequests requests in
/// them it counts as within.
inline constexpr std::int64_t kSliMinutes = 10;
inline constexpr std::uint64_t kSliRequests = 20;

/// For each lab minute up to `end_lab_s` the sums over the kSliMinutes that end with it. Minutes without requests are
/// walked too; a longer silence is left out after the first minute whose sums are zero. `minutes` is sorted.
std::vector<MinuteCount> sums_over_minutes(const std::vector<MinuteCount>& minutes, double end_lab_s);

/// Whether such sums are out of the contract.
bool below_uptime(const MinuteCount& sums, double uptime_min);

/// When the SLIs came back within the contract for good: the end of the last minute or sample out of it after
/// `fault_lab_s`; fault_lab_s itself when none was; none when they were still out at the end of the run.
std::optional<double> mitigated_at(const RunFigures& run, double fault_lab_s);

}  // namespace chaos
