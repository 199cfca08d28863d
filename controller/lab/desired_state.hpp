// The whole state that the lab wants of one node, and its revisions. Pure.
#pragma once

#include "chaoslab/v1/drill.pb.h"
#include "lab/curve.hpp"
#include "lab/failover.hpp"
#include "lab/fault_book.hpp"
#include "lab/registry.hpp"

#include <map>
#include <optional>
#include <string>

namespace chaos {

/// What the states of all nodes are made of.
struct LabState {
  const v1::Drill& drill;
  const Registry& registry;
  const FaultBook& faults;
  v1::ClockAnchor clock;
  std::string run;
  std::uint64_t seed = 0;
  TrafficOverlay overlay;
  LabSpan span;                  // that the traffic curve covers
  bool traffic_open = false;
  bool instant_boot = false;     // before the run, while lab time stands, and after it: no process waits out its boot time
  PrimaryWord primary = {};
  std::string promoting = {};    // it is told that it is the primary before the others are
};

/// revision is left 0.
v1::DesiredState desired_state(const LabState& lab, const NodeEntry& node);

/// The seed of one node in a run, from the run's.
std::uint64_t node_seed(std::uint64_t run_seed, const std::string& node);

/// One rising revision for the whole lab; a node gets a new one only when its state changed.
class Revisions {
 public:
  /// The state with a new revision, or none when it equals the last one of this node.
  std::optional<v1::DesiredState> next(const std::string& node, v1::DesiredState state);
  /// The next state counts as changed: the node's process may not know the last one.
  void forget(const std::string& node) { last_.erase(node); }

 private:
  std::uint64_t revision_ = 0;
  std::map<std::string, std::string> last_;   // serialized, by node
};

}  // namespace chaos
