#include "drill/drill_file.hpp"

#include "chaoslab/v1/options.pb.h"
#include "drill/checks.hpp"
#include "drill/utf8.hpp"
#include "lab/curve.hpp"
#include "lab/role_config.hpp"
#include "runtime/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

namespace chaos {

namespace {

namespace fs = std::filesystem;

bool is_path(const std::string& name) { return name.find('/') != std::string::npos || name.ends_with(".yaml"); }

std::map<std::string, fs::path> files_in(const DrillDirs& dirs) {
  std::map<std::string, fs::path> found;
  for (const fs::path& dir : dirs) {
    std::error_code ec;
    for (fs::directory_iterator it(dir, ec), end; !ec && it != end; it.increment(ec)) {
      if (it->path().extension() == ".yaml") found.emplace(it->path().stem().string(), it->path());
    }
  }
  return found;
}

DrillResult failed(const std::string& file, std::string text) {
  DrillResult result;
  result.faults.push_back({file, {}, "", std::move(text)});
  return result;
}

// One byte over the bound is read, so that the reader refuses the file and says so.
DrillResult load_path(const fs::path& path) {
  std::error_code ec;
  if (!fs::is_regular_file(path, ec)) return failed(path.string(), "no such file");
  std::ifstream in(path, std::ios::binary);
  std::string text(kMaxFileBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad() || (in.fail() && !in.eof())) return failed(path.string(), "cannot be read");
  text.resize(static_cast<std::size_t>(in.gcount()));
  return parse_drill(std::move(text), path);
}

// Where a field stands, or else the nearest thing around it that has a place.
FilePlace place_near(const std::map<std::string, FilePlace>& places, std::string field) {
  while (!field.empty()) {
    if (const auto it = places.find(field); it != places.end()) return it->second;
    const auto cut = field.find_last_of(".[");
    field.resize(cut == std::string::npos ? 0 : cut);
  }
  return {};
}

// A plan whose file named another role's configuration is told so (drill_check) and left as it is.
void complete_configs(v1::Drill& drill) {
  for (v1::RolePlan& plan : *drill.mutable_topology()) {
    if (const std::string named = config_role(plan.config()); named.empty() || named == plan.role()) complete_config(plan);
  }
}

void sort_topology(v1::Drill& drill) {
  const auto& order = path_order();
  const auto place = [&](const v1::RolePlan& plan) { return std::find(order.begin(), order.end(), plan.role()); };
  std::sort(drill.mutable_topology()->begin(), drill.mutable_topology()->end(),
            [&](const v1::RolePlan& a, const v1::RolePlan& b) { return place(a) < place(b); });
}

void check_name(const v1::Drill& drill, const fs::path& path, std::vector<CrossFault>& out) {
  if (drill.name().empty() || drill.name() == path.stem().string()) return;
  out.push_back({"name", fmt::format("\"{}\" is not the stem of the file; allowed: {}", drill.name(), path.stem().string())});
}

}  // namespace

DrillResult parse_drill(std::string text, const fs::path& path) {
  if (const auto line = line_of_bad_utf8(text)) {
    DrillResult refused = failed(path.string(), "is not UTF-8 text");
    refused.faults[0].place = {*line, 1};
    return refused;
  }
  v1::Drill drill;
  YamlResult read = read_yaml({path.string(), text}, drill);
  DrillResult result;
  result.faults = std::move(read.faults);
  if (!read.places.empty()) {
    complete_configs(drill);
    share_store_keys(drill);
    auto cross = check_drill(drill);
    check_name(drill, path, cross);
    std::set<std::string> wrong;       // fields that have a fault of their own: what they say counts for nothing
    for (const FileFault& fault : result.faults) wrong.insert(fault.field);
    for (CrossFault& fault : cross) {
      if (wrong.contains(fault.field) || result.faults.size() >= kMaxFileFaults) continue;
      result.faults.push_back({path.string(), place_near(read.places, fault.field), fault.field, std::move(fault.text)});
    }
    sort_by_place(result.faults);
  }
  if (!result.faults.empty()) return result;
  sort_topology(drill);
  *drill.mutable_traffic()->mutable_mix() = mix_or_default(drill.traffic().mix());
  result.file = DrillFile{std::move(drill), path, std::move(text)};
  return result;
}

DrillResult load_drill(const std::string& name_or_path, const DrillDirs& dirs) {
  if (is_path(name_or_path)) return load_path(name_or_path);
  const auto files = files_in(dirs);
  if (const auto it = files.find(name_or_path); it != files.end()) return load_path(it->second);
  std::vector<std::string> names;
  for (const auto& [name, path] : files) names.push_back(name);
  const std::string near = nearest(name_or_path, names);
  const std::string hint = near.empty() ? "" : fmt::format(" did you mean \"{}\"?", near);
  if (names.empty()) return failed(name_or_path, "no such drill: there is no folder of drills here; $CHAOSLAB_DRILLS names one, or give the path of a .yaml file");
  return failed(name_or_path, fmt::format("no such drill;{} there are: {}", hint, fmt::join(names, ", ")));
}

std::vector<DrillTitle> list_drills(const DrillDirs& dirs) {
  std::vector<DrillTitle> titles;
  for (const auto& [name, path] : files_in(dirs)) {
    const DrillResult result = load_path(path);
    const bool good = result.file.has_value();
    titles.push_back({name, good ? result.file->drill.title() : "does not load: " + result.faults.front().to_string(), path, good});
  }
  return titles;
}

const std::vector<std::string>& path_order() {
  static const std::vector<std::string> kRoles = [] {
    const auto* field = v1::RolePlan::descriptor()->FindFieldByName("role");
    const auto& words = field->options().GetExtension(v1::meta).words();
    return std::vector<std::string>(words.begin(), words.end());
  }();
  return kRoles;
}

const v1::RolePlan* find_role(const v1::Drill& drill, const std::string& role) {
  for (const v1::RolePlan& plan : drill.topology()) {
    if (!role.empty() && plan.role() == role) return &plan;
  }
  return nullptr;
}

}  // namespace chaos
