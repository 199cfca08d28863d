// What the figures say of a run's incident: when it was out of contract, when it was noticed, mended and over,
// and whom it cost what. Pure; lab time in seconds.
//
// Out of contract: a lab minute in which the success rate of the last kSliMinutes lab minutes is below the
// contract's uptime (with at least kSliRequests requests in them), or in which the P95 over them
// (p95_over_minutes) is above the contract's. drill/scoring uses the same rule. A window is a run of such minutes;
// windows less than kSliMinutes apart are one.
#pragma once

#include "record/run_data.hpp"

#include <optional>
#include <string>
#include <vector>

namespace chaos::record {

struct IncidentWindow {
  double from = 0;             // start of its first minute
  double to = 0;               // end of its last minute
  bool by_success = false;     // which SLI was out; both may be
  bool by_latency = false;
  std::uint64_t requests = 0;  // with an intended send time in the window
  std::uint64_t failed = 0;
  double duration() const { return to - from; }
};

std::vector<IncidentWindow> incident_windows(const RunData& data);

struct MinuteSli { double lab_s = 0; double success = kNotMeasured; };   // at the middle of the minute
/// The good share of each lab minute alone (with at least kWorstMinuteRequests requests), or of the kSliMinutes
/// that end with it.
std::vector<MinuteSli> success_by_minute(const std::vector<MinuteCount>& minutes);
std::vector<MinuteSli> success_over_minutes(const RunData& data);

/// Kinds and words of the events that mean something here (v1::Event kind/what):
///   fault: "clear", "over", "gone", "expire...": the cause left; "refused": nothing; else ("inject"): it came
///   alert: "resolved", "ok", "clear...": over; else ("firing") it fires; node: the alert's name
///   action: what the operator or the responder began to do ("restart", "acknowledge", ...); not what the drill did,
///     not "refused", "speed", nor an action's end ("restart_done", "restart_failed")
///   node: "killed", "died", "crashed", "exited": it went down unasked
///   ledger: "failover", "failover_loss", "failover_uncounted": what a failover lost
///   run: "settling", "interrupted", "end...": nothing that comes after it counts
bool is_fault_start(const v1::Event& event);
bool is_fault_end(const v1::Event& event);
bool is_alert(const v1::Event& event);
bool is_alert_end(const v1::Event& event);
bool is_action(const v1::Event& event);
bool is_run_close(const v1::Event& event);   // the traffic ended, or the lab before it
bool is_node_death(const v1::Event& event);
bool is_failover_loss(const v1::Event& event);      // a failover lost acknowledged orders, or could not count whether it did
bool is_failover_outcome(const v1::Event& event);   // that, that it lost none, or how the failover ended
/// "f2" of a fault's event: "latency on server (f2)", "f2 is cleared"; empty when the text names none.
std::string fault_id_of(const v1::Event& event);

struct IncidentTimes {
  std::optional<double> fault;        // incident_fault began
  std::optional<double> detected;     // first alert, acknowledgement or action after it
  std::string detected_by;            // "alert", "action"
  /// The end (FaultCourse::gone) of the last of the drill's faults, or of the injected ones (cleared, expired) where
  /// incident_fault is one of them; none: still in force.
  std::optional<double> cause_gone;
  std::optional<double> mitigated;    // when the SLIs were last out of contract after the fault; its start when never
  bool had_effect = false;            // they were
  bool out_at_end = false;            // and still were when the record ends: not mitigated
  std::optional<double> recovered;    // mitigated, and the cause gone: the later of the two
};

IncidentTimes incident_times(const RunData& data);

struct Impact {
  std::uint64_t requests = 0;         // of the run
  std::uint64_t failed = 0;
  std::uint64_t window_requests = 0;  // in the windows
  std::uint64_t window_failed = 0;
  /// Users who met at least one failure in a window: for each window U x (1 - (1 - f)^(n / U)) with U the mean
  /// number of users, n its requests and f the failed share of them (failures hit users evenly); the largest
  /// window counts, because the same users may be in each. A window too short to hold a sample of users takes the
  /// nearest one, in a run without any the planned number; none without a plan too.
  std::optional<std::uint64_t> users;
};

Impact impact_of(const RunData& data, const std::vector<IncidentWindow>& windows);

}  // namespace chaos::record
