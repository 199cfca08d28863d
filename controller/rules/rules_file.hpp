// The rule file for Prometheus: recording rules for the contract's SLIs, its burn-rate alerts, the drill's alerts, symptoms.
#pragma once

#include "rules/promql.hpp"

namespace chaos::rules {

struct RulesPlace {
  TimeScale scale;
  std::string web = "http://127.0.0.1:7070";        // of the controller: runbooks
  std::string grafana = "http://127.0.0.1:3000";     // empty: alerts link to no dashboard
};

/// YAML (Prometheus, "Recording rules" and "Alerting rules"). Windows are lab time at the scale's speed: after a change of
/// speed a new file is due.
std::string rules_file(const v1::Drill& drill, const RulesPlace& place);

/// Always firing: who hears it knows that alerts arrive (lab/lab_alerts.hpp).
inline constexpr const char* kWatchdog = "Watchdog";

/// The bucket of the clients' latency histogram that stands for the contract's bound, in seconds: the largest not above it.
double latency_bucket_s(double p95_ms_max);

}  // namespace chaos::rules
