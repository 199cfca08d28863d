// The roles of this binary, in path order; made by the build (nodes/main/CMakeLists.txt).
#pragma once

#include "runtime/node.hpp"

namespace chaos {

std::vector<RoleEntry> role_table();

}  // namespace chaos
