// What the record holds of one run, as values. Times: lab_s is seconds since lab midnight of the run's first
// day, unix_us is real time. A figure that was not measured is NaN (NULL in the file).
#pragma once

#include "chaoslab/v1/drill.pb.h"
#include "chaoslab/v1/lab.pb.h"
#include "lab/contract.hpp"
#include "runtime/histogram.hpp"

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chaos {

inline constexpr double kNotMeasured = std::numeric_limits<double>::quiet_NaN();

enum class RunState { running, ended, interrupted, cut_off };    // cut_off: its controller died; it can be resumed
std::string_view to_word(RunState state);

struct RunInfo {
  std::string id;             // "r1", "r2", ...: given by the record
  std::string drill;          // its name
  std::string responder;      // empty: a person
  std::uint64_t seed = 0;
  double speed = 1;           // at the start
  std::string lab_file;       // text of the drill file as it was read
  v1::Drill plan;             // the same, checked and with its presets
  double start_lab_s = 0;
  double end_lab_s = 0;       // planned
  std::int64_t start_unix_us = 0;
  std::int64_t end_unix_us = 0;   // 0: not ended
  double last_lab_s = 0;      // lab time of the newest sample or event
  std::int64_t last_unix_us = 0;  // real time of the newest sample; 0: none
  RunState state = RunState::running;
};

struct NodeSample {
  double lab_s = 0;
  std::int64_t unix_us = 0;
  std::string node;
  std::string role;
  v1::Phase phase = v1::PHASE_STANDBY;
  bool attached = false;
  std::uint64_t resident_bytes = 0;
  std::uint64_t memory_limit_bytes = 0;
  std::uint32_t in_flight = 0;
  std::uint32_t queued = 0;
  double rate = 0;            // requests a real second
  double p95_ms = 0;
  double error_ratio = 0;
  double slowdown = 1;
  double cpu_ratio = 0;
  std::map<std::string, double> gauges;
};

/// What the users felt over the interval that ends here, and the contract's figures so far.
struct SliSample {
  double lab_s = 0;
  std::int64_t unix_us = 0;
  double users = 0;
  double planned_users = 0;
  double rate = 0;                        // requests a real second
  double p50_ms = kNotMeasured;           // of the requests answered in the interval
  double p95_ms = kNotMeasured;
  double p99_ms = kNotMeasured;
  double success = kNotMeasured;          // good / all of the interval
  double uptime = kNotMeasured;           // of the run so far
  double p95_run_ms = kNotMeasured;       // of the run so far
  double budget_usd_month = kNotMeasured; // of the run so far
};

struct Ledger {
  std::uint64_t acknowledged = 0;             // orders answered with 201
  std::vector<std::int64_t> lost;             // of these, not in Postgres
  std::vector<std::int64_t> without_receipt;  // of these, no object in the store
  std::vector<std::int64_t> lost_in_failover; // acknowledged by a primary before its successor had them; not among `lost`
};

/// Both ends belong to it.
struct RealSpan {
  std::int64_t from_us = 0;
  std::int64_t to_us = 0;
};

/// False: no more of them.
using EventVisitor = std::function<bool(const v1::Event& event)>;

struct RunData {
  RunInfo info;
  std::vector<v1::Event> events;      // by seq
  std::vector<NodeSample> nodes;      // by time, then in the order they were added
  std::vector<SliSample> slis;        // by time
  std::vector<MinuteCount> minutes;   // by lab minute; minutes without requests are missing
  Histogram latency;                  // answered requests of the whole run
  std::uint64_t orders = 0;           // acknowledged so far
  std::vector<std::int64_t> lost_in_failover;   // of these, ascending: recorded when a failover counted them, also without a ledger check
  std::optional<Ledger> ledger;
  std::optional<v1::ContractStatus> verdict;   // once ended
};

}  // namespace chaos
