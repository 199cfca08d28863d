// The compose file says what the default drill says.
#include "support/process.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <set>

namespace chaos::test {
namespace {

// A mapping with its merge keys ("<<"), which yaml-cpp leaves alone, resolved.
YAML::Node member(const YAML::Node& service, const std::string& key) {
  if (service[key]) return service[key];
  return service["<<"] ? member(service["<<"], key) : YAML::Node(YAML::NodeType::Undefined);
}

const YAML::Node& services() {
  static const YAML::Node file = YAML::LoadFile(std::string(CHAOSLAB_SOURCE_DIR) + "/compose/compose.yaml");
  static const YAML::Node all = file["services"];
  return all;
}

TEST(Compose, HasEveryNodeOfTheDrillWithItsLimit) {
  const auto drill = boost::json::parse(sh((bin_dir() / "chaosctl").string() + " -o json drill show guided-incident-response").out);
  std::set<std::string> nodes;
  for (const auto& role : drill.at("topology").as_array()) {
    const std::string name(role.at("role").as_string());
    const double limit = role.at("config").at("node").at("memory_limit_mb").to_number<double>();
    const int count = role.at("nodes").to_number<int>() + (role.as_object().contains("standby") ? role.at("standby").to_number<int>() : 0);
    for (int i = 1; i <= count; ++i) {
      const std::string node = name + "-" + std::to_string(i);
      nodes.insert(node);
      const YAML::Node service = services()[node];
      ASSERT_TRUE(service) << node;
      EXPECT_EQ(service["mem_limit"].as<double>(), limit * 1e6) << node;
      EXPECT_EQ(service["memswap_limit"].as<double>(), limit * 1e6) << node << ": no swap";
      EXPECT_EQ(service["command"][1].as<std::string>(), name);
      EXPECT_EQ(service["command"][3].as<std::string>(), node);
    }
  }
  for (const auto& service : services()) {
    const auto name = service.first.as<std::string>();
    const YAML::Node command = service.second["command"];
    if (command && command[0].as<std::string>() == "chaos-node") EXPECT_TRUE(nodes.contains(name)) << name << " is not in the drill";
  }
}

TEST(Compose, EveryContainerIsHeldTight) {
  for (const auto& one : services()) {
    const auto name = one.first.as<std::string>();
    const YAML::Node& service = one.second;
    const auto user = member(service, "user").as<std::string>();
    EXPECT_FALSE(user.starts_with("0") || user.starts_with("root")) << name << " is " << user;
    EXPECT_TRUE(member(service, "read_only").as<bool>()) << name;
    EXPECT_EQ(member(service, "cap_drop")[0].as<std::string>(), "ALL") << name;
    EXPECT_EQ(member(service, "restart").as<std::string>(), "unless-stopped") << name;
    EXPECT_TRUE(member(service, "healthcheck")) << name;
    EXPECT_TRUE(member(service, "cpus")) << name;
    EXPECT_TRUE(service["mem_limit"]) << name;
    for (const auto& port : service["ports"]) EXPECT_TRUE(port.as<std::string>().starts_with("127.0.0.1:")) << name;
    for (const auto& volume : service["volumes"]) EXPECT_EQ(volume.as<std::string>().find("docker.sock"), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace chaos::test
