// Where drill files are looked for.
#pragma once

#include <filesystem>
#include <vector>

namespace chaos {

/// $CHAOSLAB_DRILLS, ./drills, the source tree or the share folder of this binary: those that are there.
std::vector<std::filesystem::path> drill_folders();
/// The folder of the running binary.
std::filesystem::path own_folder();

}  // namespace chaos
