// Drill files: find, read, check. The only way by which a drill comes into the lab.
#pragma once

#include "chaoslab/v1/drill.pb.h"
#include "drill/yaml_reader.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace chaos {

struct DrillFile {
  v1::Drill drill;                // whole: every preset filled in, each role's own config there, topology in path order
  std::filesystem::path path;
  std::string text;               // as read; for the record
};

struct DrillResult {
  std::optional<DrillFile> file;       // there when `faults` is empty
  std::vector<FileFault> faults;
};

using DrillDirs = std::vector<std::filesystem::path>;

/// By name ("guided-incident-response": NAME.yaml in the first of `dirs` that has it) or by path (anything with a
/// slash or ending in .yaml). An unknown name is a fault that names the nearest. Reads files; blocks.
DrillResult load_drill(const std::string& name_or_path, const DrillDirs& dirs);

/// The same from text; `path` is used for names in faults.
DrillResult parse_drill(std::string text, const std::filesystem::path& path);

struct DrillTitle {
  std::string name;
  std::string title;                   // "does not load: ..." for a file with faults
  std::filesystem::path path;
  bool good = true;
};

/// Every *.yaml in the folders, by name; a name in an earlier folder hides the same name in a later one.
std::vector<DrillTitle> list_drills(const DrillDirs& dirs);

/// The roles in the order in which a request meets them: client, cdn, lb, ...
const std::vector<std::string>& path_order();

/// The plan of a role, or null.
const v1::RolePlan* find_role(const v1::Drill& drill, const std::string& role);

}  // namespace chaos
