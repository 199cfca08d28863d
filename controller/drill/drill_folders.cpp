#include "drill/drill_folders.hpp"

#include <cstdlib>

namespace chaos {

namespace fs = std::filesystem;

fs::path own_folder() {
  std::error_code ec;
  return fs::read_symlink("/proc/self/exe", ec).parent_path();
}

std::vector<fs::path> drill_folders() {
  std::vector<fs::path> folders;
  if (const char* named = std::getenv("CHAOSLAB_DRILLS")) folders.emplace_back(named);
  folders.emplace_back("drills");
  folders.push_back(own_folder() / "../../../controller/drills");
  folders.push_back(own_folder() / "../share/chaoslab/drills");
  std::erase_if(folders, [](const fs::path& folder) { return !fs::is_directory(folder); });
  return folders;
}

}  // namespace chaos
