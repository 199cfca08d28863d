// What the samples tell of the nodes around the incident. Pure.
#pragma once

#include "record/chart_scale.hpp"
#include "record/run_data.hpp"

#include <optional>
#include <string>
#include <vector>

namespace chaos::record {

inline constexpr double kAlertRatio = 0.8;   // of the memory limit: where the post-mortem asks for an alert

struct NodeDeath {
  std::string node;
  double lab_s = 0;
  bool at_memory_limit = false;       // by the event's text, or by the last sample before it (90 % and more)
  std::optional<double> warned_s;     // how long it had stood above kAlertRatio, without a break, by the samples
};

std::vector<NodeDeath> deaths_of(const RunData& data);

/// Ready nodes of a role at each sampled instant.
std::vector<Point> ready_nodes(const RunData& data, const std::string& role);

struct Readiness {
  int most = 0;                // ready at once at best
  int least = 0;               // ready at worst between `from` and the last sample
  double least_at = 0;
  double none_s = 0;           // lab time without a ready node after `from`
};

/// After `from`; none without samples of the role, or when no node was ever ready.
std::optional<Readiness> readiness(const RunData& data, const std::string& role, double from);

/// Names of a role's nodes, by first sample.
std::vector<std::string> nodes_of(const RunData& data, const std::string& role);

}  // namespace chaos::record
