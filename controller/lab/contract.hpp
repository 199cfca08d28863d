// The contract's figures from what the clients report: uptime, P95, worst minute, error budget. Pure.
#pragma once

#include "chaoslab/v1/drill.pb.h"
#include "chaoslab/v1/lab.pb.h"
#include "chaoslab/v1/node.pb.h"
#include "runtime/histogram.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

namespace chaos {

struct MinuteCount {
  std::int64_t lab_minute = 0;   // since lab midnight of the first day
  std::uint64_t total = 0;
  std::uint64_t good = 0;
  double success() const { return total ? static_cast<double>(good) / static_cast<double>(total) : 1; }
};

/// A minute with fewer requests says little.
inline constexpr std::uint64_t kWorstMinuteRequests = 5;

/// The minute with the lowest share of good requests, the first of equals, among those with kWorstMinuteRequests.
/// Where none of these saw a failure, yet requests failed (low traffic): among all minutes. None when no minute had
/// enough requests and none failed.
std::optional<MinuteCount> worst_minute(const std::vector<MinuteCount>& minutes);

class ContractTally {
 public:
  /// window: how far back the figures for "now" look, in real time.
  explicit ContractTally(v1::Contract contract, RealDuration window = std::chrono::seconds(3));

  /// One report of a client node: minutes and user_latency are taken. `now` must not run backwards.
  void add(const v1::Report& report, RealTime now);
  /// What a record kept of this run before the controller was restarted; does not touch the window.
  void restore(const std::vector<MinuteCount>& minutes, const Histogram& latency);

  std::uint64_t requests() const { return total_; }
  std::uint64_t good() const { return good_; }
  double uptime() const;      // 1 before the first request
  double p95_ms() const { return latency_.quantile_ms(0.95); }
  /// Share of the bad requests allowed so far that is left: 1 when none was bad, 0 when just spent, negative beyond.
  /// Where none is allowed: 1 while none was bad, then -1.
  double error_budget_left() const;
  const Histogram& latency() const { return latency_; }
  std::vector<MinuteCount> minutes() const;      // sorted

  /// Good share over the minutes from `from` to `to`, both included; none without requests.
  std::optional<double> success(std::int64_t from, std::int64_t to) const;

  /// Drops what the window no longer covers; call before reading a "now" figure.
  void slide(RealTime now);
  double uptime_now() const;                    // 1 without requests
  double p95_ms_now() const;                    // 0 without answers
  double rate_now(RealTime now) const;          // requests a real second

  /// Everything at once. met: all three bounds hold.
  v1::ContractStatus status(double budget_usd_month) const;

 private:
  struct Slice {
    RealTime at;
    std::uint64_t total = 0;
    std::uint64_t good = 0;
    Histogram latency;
  };

  v1::Contract contract_;
  RealDuration window_;
  RealTime first_{};
  std::map<std::int64_t, MinuteCount> minutes_;
  std::uint64_t total_ = 0;
  std::uint64_t good_ = 0;
  Histogram latency_;
  std::deque<Slice> slices_;
};

}  // namespace chaos
