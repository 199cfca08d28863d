// What the tests of compose, Swarm and Kubernetes files have in common.
#pragma once

#include <yaml-cpp/yaml.h>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace chaos::test {

/// A role as the guided drill wants it.
struct DrillRole {
  std::string name;
  int nodes = 0;                  // standbys included
  double limit_bytes = 0;         // of one node's memory
};
/// In path order, from `chaosctl drill show`.
std::vector<DrillRole> drill_roles();

/// A mapping's member with merge keys ("<<"), which yaml-cpp leaves alone, resolved.
YAML::Node member(const YAML::Node& map, const std::string& key);

std::vector<std::string> strings(const YAML::Node& sequence);
using Words = std::map<std::string, std::string>;
/// Scalars of a mapping, merge keys left out; none when there is no mapping.
Words scalars(const YAML::Node& map);

/// "${NAME:-default}" or "${NAME-default}" becomes the default, everywhere in the text.
std::string with_defaults(std::string text);

/// Names of dashboards/json/*.json.
std::set<std::string> dashboard_files();

}  // namespace chaos::test
