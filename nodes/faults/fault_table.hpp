// Every fault that this binary has; made by the build (nodes/faults/CMakeLists.txt).
#pragma once

#include "faults/fault.hpp"

namespace chaos {

std::vector<FaultEntry> fault_table();

}  // namespace chaos
