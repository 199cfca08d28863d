#include "e2e/deployment.hpp"

#include "support/process.hpp"

#include <boost/json.hpp>

#include <regex>

namespace chaos::test {

std::vector<DrillRole> drill_roles() {
  const auto drill = boost::json::parse(sh((bin_dir() / "chaosctl").string() + " -o json drill show guided-incident-response").out);
  std::vector<DrillRole> roles;
  for (const auto& role : drill.at("topology").as_array()) {
    const auto* standby = role.as_object().if_contains("standby");
    const int spares = standby ? standby->to_number<int>() : 0;
    const double limit_mb = role.at("config").at("node").at("memory_limit_mb").to_number<double>();
    roles.push_back({std::string(role.at("role").as_string()), role.at("nodes").to_number<int>() + spares, limit_mb * 1e6});
  }
  return roles;
}

YAML::Node member(const YAML::Node& map, const std::string& key) {
  if (map[key]) return map[key];
  return map["<<"] ? member(map["<<"], key) : YAML::Node(YAML::NodeType::Undefined);
}

std::vector<std::string> strings(const YAML::Node& sequence) {
  std::vector<std::string> all;
  for (const auto& one : sequence) all.push_back(one.as<std::string>());
  return all;
}

Words scalars(const YAML::Node& map) {
  Words all;
  for (const auto& one : map) {
    if (one.second.IsScalar()) all[one.first.as<std::string>()] = one.second.as<std::string>();
  }
  return all;
}

std::string with_defaults(std::string text) {
  static const std::regex kVariable(R"(\$\{[A-Z_]+:?-([^}]*)\})");
  return std::regex_replace(text, kVariable, "$1");
}

std::set<std::string> dashboard_files() {
  std::set<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(std::filesystem::path(CHAOSLAB_SOURCE_DIR) / "dashboards/json")) {
    names.insert(file.path().filename());
  }
  return names;
}

}  // namespace chaos::test
