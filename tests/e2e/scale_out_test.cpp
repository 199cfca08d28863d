// compose/stack.yaml (Docker Swarm) says what the drill and compose.yaml say.
#include "e2e/deployment.hpp"
#include "support/process.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

namespace chaos::test {
namespace {

const std::string kSource = CHAOSLAB_SOURCE_DIR;
const std::set<std::string> kKeep = {"client", "postgres", "queue", "object_store"};   // what they know outlives their process

const YAML::Node& file(const std::string& name) {
  static std::map<std::string, YAML::Node> files;
  if (!files.contains(name)) files[name] = YAML::LoadFile(kSource + "/compose/" + name);
  return files[name];
}
const YAML::Node stack() { return file("stack.yaml")["services"]; }
const YAML::Node compose() { return file("compose.yaml")["services"]; }

/// What the service's nodes are called; empty: it runs no nodes.
std::string node_names(const YAML::Node& service) {
  const Words environment = scalars(service["environment"]);
  return environment.contains("NAME") ? environment.at("NAME") : "";
}
YAML::Node limits(const YAML::Node& service) { return service["deploy"]["resources"]["limits"]; }
std::string constraint(const YAML::Node& service) {
  const auto found = strings(member(service["deploy"], "placement")["constraints"]);
  return found.empty() ? "" : found.front();
}
std::vector<YAML::Node> volumes(const YAML::Node& service, const std::string& type) {
  std::vector<YAML::Node> found;
  for (const auto& volume : service["volumes"]) {
    if (volume["type"].as<std::string>() == type) found.push_back(volume);
  }
  return found;
}

/// "server" of "server-3"; what is no node keeps its name.
std::string service_of(const std::string& container) { return std::regex_replace(container, std::regex("-[0-9]+$"), ""); }

/// "8080:8080", published and target, of either file.
std::set<std::string> compose_ports(const YAML::Node& service) {
  std::set<std::string> ports;
  for (const std::string& port : strings(service["ports"])) ports.insert(port.substr(port.find(':') + 1));
  return ports;
}
std::set<std::string> stack_ports(const YAML::Node& service) {
  std::set<std::string> ports;
  for (const auto& port : service["ports"]) ports.insert((port["published"] ? port["published"].as<std::string>() : "any") + ":" + port["target"].as<std::string>());
  return ports;
}

TEST(Stack, EveryRoleHasTheDrillsNodesAndLimits) {
  std::set<std::string> roles;
  for (const DrillRole& role : drill_roles()) {
    roles.insert(role.name);
    const YAML::Node service = stack()[role.name];
    ASSERT_TRUE(service) << role.name;
    EXPECT_EQ(service["deploy"]["replicas"].as<int>(), role.nodes) << role.name;
    EXPECT_EQ(limits(service)["memory"].as<double>(), role.limit_bytes) << role.name;
    EXPECT_EQ(strings(service["command"]), std::vector<std::string>{role.name});
    EXPECT_EQ(node_names(service), role.name + "-{{.Task.Slot}}");
  }
  for (const auto& service : stack()) {
    if (!node_names(service.second).empty()) EXPECT_TRUE(roles.contains(service.first.as<std::string>())) << service.first << " is not in the drill";
  }
}

TEST(Stack, RunsTheSameServicesAsCompose) {
  std::set<std::string> in_compose, in_stack;
  for (const auto& one : compose()) in_compose.insert(service_of(one.first.as<std::string>()));
  for (const auto& one : stack()) in_stack.insert(one.first.as<std::string>());
  EXPECT_EQ(in_stack, in_compose);
}

TEST(Stack, EachServiceIsAsComposeHasIt) {
  for (const auto& one : compose()) {
    const auto name = one.first.as<std::string>();
    const YAML::Node ours = stack()[service_of(name)];
    ASSERT_TRUE(ours) << name;
    EXPECT_EQ(member(ours, "image").as<std::string>(), member(one.second, "image").as<std::string>()) << name;
    EXPECT_EQ(member(ours, "user").as<std::string>(), member(one.second, "user").as<std::string>()) << name;
    EXPECT_EQ(limits(ours)["memory"].as<double>(), one.second["mem_limit"].as<double>()) << name;
    EXPECT_EQ(limits(ours)["cpus"].as<double>(), member(one.second, "cpus").as<double>()) << name;
    const std::set<std::string> wanted = compose_ports(one.second);
    const std::set<std::string> there = stack_ports(ours);
    if (name.starts_with("replica-")) continue;      // two of them may share a machine: any port of it
    EXPECT_TRUE(std::includes(there.begin(), there.end(), wanted.begin(), wanted.end())) << name;
  }
}

TEST(Stack, ControllerAndMonitoringAreToldTheSame) {
  for (const std::string name : {"controller", "prometheus", "alertmanager", "grafana"}) {
    std::vector<std::string> wanted = strings(compose()[name]["command"]);
    std::vector<std::string> told = strings(stack()[name]["entrypoint"]);
    for (const std::string& word : strings(stack()[name]["command"])) told.push_back(word);
    for (std::string& word : wanted) word = with_defaults(word);
    for (std::string& word : told) word = with_defaults(word);
    EXPECT_EQ(told, wanted) << name;
    EXPECT_EQ(scalars(stack()[name]["environment"]), scalars(compose()[name]["environment"])) << name;
    EXPECT_EQ(strings(stack()[name]["healthcheck"]["test"]), strings(compose()[name]["healthcheck"]["test"])) << name;
  }
}

TEST(Stack, ConfigsAreTheFilesThatComposeMounts) {
  std::map<std::string, std::string> path_of;      // config's name -> file
  for (const auto& config : file("stack.yaml")["configs"]) {
    const auto path = std::filesystem::path(kSource + "/compose") / config.second["file"].as<std::string>();
    EXPECT_TRUE(std::filesystem::exists(path)) << path;
    path_of[config.first.as<std::string>()] = std::filesystem::weakly_canonical(path);
  }
  std::map<std::string, std::string> mounted, wanted;      // place in the container -> file
  for (const std::string name : {"prometheus", "alertmanager", "grafana"}) {
    for (const auto& config : stack()[name]["configs"]) mounted[config["target"].as<std::string>()] = path_of[config["source"].as<std::string>()];
  }
  const auto root = std::filesystem::canonical(kSource);
  wanted["/etc/prometheus/prometheus.yml"] = root / "compose/prometheus/prometheus.yml";
  wanted["/etc/alertmanager/alertmanager.yml"] = root / "compose/alertmanager/alertmanager.yml";
  for (const std::string kind : {"datasources", "dashboards"}) {
    for (const auto& provisioned : std::filesystem::directory_iterator(root / "dashboards/provisioning" / kind)) {
      wanted["/etc/grafana/provisioning/" + kind + "/" + provisioned.path().filename().string()] = provisioned.path();
    }
  }
  for (const std::string& dashboard : dashboard_files()) wanted["/var/lib/grafana/dashboards/" + dashboard] = root / "dashboards/json" / dashboard;
  EXPECT_EQ(mounted, wanted);
  EXPECT_EQ(path_of.size(), wanted.size()) << "a config that nobody mounts";
}

TEST(Stack, EveryContainerIsHeldTight) {
  for (const auto& one : stack()) {
    const auto name = one.first.as<std::string>();
    const YAML::Node& service = one.second;
    EXPECT_TRUE(member(service, "read_only").as<bool>()) << name;
    EXPECT_EQ(strings(member(service, "cap_drop")), std::vector<std::string>{"ALL"}) << name;
    EXPECT_FALSE(member(service, "user").as<std::string>().starts_with("0")) << name;
    EXPECT_EQ(member(service["deploy"], "endpoint_mode").as<std::string>(), "dnsrr") << name;
    EXPECT_EQ(member(service["deploy"], "restart_policy")["condition"].as<std::string>(), "any") << name;
    for (const auto& port : service["ports"]) EXPECT_EQ(port["mode"].as<std::string>(), "host") << name << ": nothing needs IP_VS";
    EXPECT_TRUE(volumes(service, "bind").empty()) << name << ": another machine has other files";
    ASSERT_EQ(volumes(service, "tmpfs").size(), 1U) << name;
    EXPECT_EQ(volumes(service, "tmpfs")[0]["target"].as<std::string>(), "/tmp");
  }
}

TEST(Stack, WhatKeepsDataStaysOnItsMachineAndTheRestIsSpread) {
  const std::set<std::string> stores = {"postgres", "queue", "object_store"};
  for (const auto& one : stack()) {
    const auto name = one.first.as<std::string>();
    const bool keeps = node_names(one.second).empty() || kKeep.contains(name);
    EXPECT_EQ(!volumes(one.second, "volume").empty(), keeps) << name;
    const std::string label = stores.contains(name) ? "stores" : "control";
    EXPECT_EQ(constraint(one.second), keeps ? "node.labels.chaoslab." + label + " == true" : "") << name;
    if (!keeps) EXPECT_TRUE(member(one.second["deploy"], "placement")["preferences"]) << name;
    for (const YAML::Node& volume : volumes(one.second, "volume")) EXPECT_TRUE(file("stack.yaml")["volumes"][volume["source"].as<std::string>()].IsDefined()) << name;
  }
}

}  // namespace
}  // namespace chaos::test
