// Whether a fault may be put into this lab, by its descriptors and the lab's topology. Pure.
#pragma once

#include "chaoslab/v1/fault.pb.h"
#include "chaoslab/v1/options.pb.h"
#include "lab/edges.hpp"
#include "lab/failover.hpp"
#include "lab/registry.hpp"

#include <string>

namespace chaos {

/// "memory_leak"; empty when no kind is set.
std::string kind_name(const v1::Fault& fault);
/// The options of its kind's message; the default message when no kind is set.
const v1::FaultMeta& fault_meta(const v1::Fault& fault);

/// Every reason against it in one text: kind, ranges, target, role, and edges by who calls whom under this primary. Presets must
/// have been applied.
Answer<void> check_fault(const v1::Fault& fault, const Registry& registry, const PrimaryWord& primary = {});
/// Refuses what nobody would carry now: a standby node, a role of standbys. A fault in the code waits for its version.
Answer<void> check_serves(const v1::Fault& fault, const Registry& registry);

/// The names of the nodes that it is aimed at. With a share below 1: that part of the role's nodes which are to
/// serve, rounded up, drawn by the fault's seed. What happens once or bends a process: the nodes that are to serve now. Else
/// every node of the role: a standby carries it from when it serves.
std::vector<std::string> aim(const v1::Fault& fault, const Registry& registry);

/// Whether it stays on a node whose process ended: faults of the network and of calls do, and those in the code.
bool outlives_process(const v1::Fault& fault);

}  // namespace chaos
