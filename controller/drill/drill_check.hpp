// What must hold between the fields of a drill. Pure. Ranges and words of single fields: drill/yaml_reader.hpp.
#pragma once

#include "chaoslab/v1/drill.pb.h"

#include <string>
#include <vector>

namespace chaos {

struct CrossFault {
  std::string field;   // "faults[0].fault.target.role"
  std::string text;
};

/// All faults, in order of the message. Entries whose role is empty (it did not read) are passed over.
std::vector<CrossFault> check_drill(const v1::Drill& drill);

/// One fault alone, as an operator injects it: a kind, exactly one form of target, nodes and roles that the topology
/// has, a role that the kind fits, an edge for edge faults only. `field` names the message in the answers.
std::vector<CrossFault> check_fault(const v1::Fault& fault, const v1::Drill& drill, const std::string& field = "fault");

/// "memory_leak"; empty when none is set.
std::string fault_kind(const v1::Fault& fault);

/// "server-2" of a topology with at least two servers, standbys included. Names are ROLE-N, N from 1.
bool has_node(const v1::Drill& drill, const std::string& node);

/// The role of a node's name: "object_store" for "object_store-1"; empty when it is not of that form.
std::string role_of(const std::string& node);

}  // namespace chaos
