// What the checks of drill_check.cpp and fault_check.cpp share.
#pragma once

#include "drill/drill_check.hpp"

namespace chaos {

/// Faults found so far, and the questions that every check asks.
class DrillFaults {
 public:
  explicit DrillFaults(const v1::Drill& drill) : drill_(drill) {}

  void add(std::string field, std::string text) { faults_.push_back({std::move(field), std::move(text)}); }
  void add(std::vector<CrossFault> more);
  /// A fault when the topology does not have the role. An empty role was reported where it was read.
  void known_role(const std::string& field, const std::string& role);
  void known_node(const std::string& field, const std::string& node);
  std::vector<CrossFault> take() { return std::move(faults_); }

  std::vector<std::string> roles() const;
  /// Among those beyond the role's active nodes.
  bool standby(const std::string& node) const;

 private:
  /// False when a role of the topology did not read: then an unknown role may be that one.
  bool whole_topology() const;

  const v1::Drill& drill_;
  std::vector<CrossFault> faults_;
};

/// "server" when config has a server message; empty when none is set.
std::string config_role(const v1::RoleConfig& config);

/// "16:30"; seconds are dropped.
std::string clock_text(double lab_s);

}  // namespace chaos
