// The objects that kustomize makes of compose/k8s.
#pragma once

#include "e2e/deployment.hpp"
#include "support/needs.hpp"

#include <algorithm>
#include <fstream>
#include <regex>
#include <sstream>

namespace chaos::test {

const std::string kSource = CHAOSLAB_SOURCE_DIR;
constexpr int kCannot = 77;       // check.sh: a tool is missing

inline std::string read_text(const std::string& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Rendered once a process. A test is skipped where kubectl cannot be had.
class Kubernetes : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    rendered_ = sh(kSource + "/tests/k8s/check.sh render 2>/dev/null", 120);
    if (rendered_.exit == 0) objects_ = YAML::LoadAll(rendered_.out);
  }
  void SetUp() override {
    CHAOS_NEEDS(rendered_.exit != kCannot, "kubectl kustomize cannot be had here");
    ASSERT_EQ(rendered_.exit, 0) << sh(kSource + "/tests/k8s/check.sh render >/dev/null", 120).out;
  }

  static Output validate(const std::string& yaml) {
    const TempDir dir;
    const std::string file = dir.path() / "objects.yaml";
    std::ofstream(file) << yaml;
    return sh(kSource + "/tests/k8s/check.sh validate < " + file, 300);
  }
  static std::vector<YAML::Node> all(const std::set<std::string>& kinds) {
    std::vector<YAML::Node> found;
    std::copy_if(objects_.begin(), objects_.end(), std::back_inserter(found), [&](const YAML::Node& one) { return kinds.contains(one["kind"].as<std::string>()); });
    return found;
  }
  static std::vector<YAML::Node> workloads() { return all({"Deployment", "StatefulSet"}); }
  static YAML::Node object(const std::string& kind, const std::string& name) {
    for (const YAML::Node& one : all({kind})) {
      if (name_of(one) == name) return one;
    }
    return YAML::Node(YAML::NodeType::Undefined);
  }
  /// The ConfigMap of that name, whose rendered name ends in a hash of its contents.
  static YAML::Node config(const std::string& name) {
    for (const YAML::Node& one : all({"ConfigMap"})) {
      if (std::regex_match(name_of(one), std::regex(name + "-[a-z0-9]{10}"))) return one;
    }
    return YAML::Node(YAML::NodeType::Undefined);
  }
  static std::string name_of(const YAML::Node& one) { return one["metadata"]["name"].as<std::string>(); }
  static YAML::Node pod(const YAML::Node& workload) { return workload["spec"]["template"]["spec"]; }
  static YAML::Node container(const YAML::Node& workload) { return pod(workload)["containers"][0]; }
  static Words labels(const YAML::Node& workload) { return scalars(workload["spec"]["template"]["metadata"]["labels"]); }
  static std::string role(const YAML::Node& workload) { return labels(workload)["chaoslab/role"]; }
  static bool selects(const YAML::Node& match_labels, const Words& labels) {
    const Words wanted = scalars(match_labels);
    return std::includes(labels.begin(), labels.end(), wanted.begin(), wanted.end());
  }
  static int selected(const YAML::Node& match_labels) {
    const auto every = workloads();
    return static_cast<int>(std::count_if(every.begin(), every.end(), [&](const YAML::Node& one) { return selects(match_labels, labels(one)); }));
  }
  /// Names of the ports on which its container listens.
  static std::set<std::string> ports(const YAML::Node& workload) {
    std::set<std::string> names;
    for (const auto& port : container(workload)["ports"]) names.insert(port["name"].as<std::string>());
    return names;
  }
  static std::vector<std::string> words(const YAML::Node& held) {
    std::vector<std::string> said = strings(held["command"]);
    for (const std::string& word : strings(held["args"])) said.push_back(word);
    return said;
  }

  inline static Output rendered_;
  inline static std::vector<YAML::Node> objects_;
};

}  // namespace chaos::test
