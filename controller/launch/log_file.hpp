// A node's log file: bounded by one rotation at the start of a run.
#pragma once

#include <filesystem>
#include <string>

namespace chaos {

/// DIR/NAME.log
std::filesystem::path log_path(const std::filesystem::path& dir, const std::string& name);
/// NAME.log becomes NAME.log.1 when it is larger than `max_bytes`; the one before is gone.
void rotate_log(const std::filesystem::path& log, std::uintmax_t max_bytes = 4 * 1024 * 1024);

}  // namespace chaos
