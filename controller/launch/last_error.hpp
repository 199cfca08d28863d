// Why a process ended, from the end of its log. Pure.
#pragma once

#include <string>
#include <vector>

namespace chaos {

/// What the last line that tells of a failure says, for people: of a line of level error its message (runtime/log.hpp), any other line
/// as it stands (a program's complaint on standard error). A `start_failed` only repeats what the role has said before it, and counts
/// where nothing else was said. Empty: no line tells of a failure.
std::string last_error(const std::vector<std::string>& lines);

}  // namespace chaos
