// Who opens connections to whom. Pure.
#pragma once

#include "chaoslab/v1/fault.pb.h"

#include <string>
#include <vector>

namespace chaos {

/// The target of an edge fault: what of it is named, as roles.
struct EdgeEnds {
  std::string role;     // of the target's node, or the role itself; of a database node its part (part_of)
  std::string to;       // the same of edge_to; empty: everyone who calls `role`
};

/// Why it is no edge of a lab with these roles, and which ones there are; empty when it is one.
std::string why_no_edge(const v1::FaultTarget& target, const EdgeEnds& ends, const std::vector<std::string>& roles);

/// The longest chain of callers that leads to a role: a lab that ends role by role, the lowest first, leaves nobody who calls one that is gone.
int callers_before(const std::string& role);

/// "server", "server (share 0.5)", "server-2->postgres".
std::string target_text(const v1::FaultTarget& target);

}  // namespace chaos
