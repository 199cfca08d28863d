// The drill that the user named.
#pragma once

#include "cli/cli.hpp"
#include "drill/drill_file.hpp"

namespace chaos::cli {

/// By name or path. Throws Failure: no such drill, or every fault of its file with its line.
DrillFile chosen_drill(const std::string& name);

/// The same, and a responder of it; "": a person is on call.
DrillFile chosen_drill(const std::string& name, const std::string& responder);

}  // namespace chaos::cli
