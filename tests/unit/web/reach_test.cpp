#include "web/reach.hpp"

#include <gmock/gmock.h>
#include <yaml-cpp/yaml.h>

#include <fmt/format.h>

namespace chaos::web {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

v1::NodeStatus node(const std::string& role, const std::string& name, const std::string& address) {
  v1::NodeStatus out;
  out.set_role(role);
  out.set_name(name);
  out.set_address(address);
  out.set_phase(v1::PHASE_READY);
  return out;
}

std::vector<std::string> told(const v1::NodeStatus& node, const Place& place) {
  std::vector<std::string> out;
  for (const Way& way : ways_to(node, place)) out.push_back(way.what + ": " + way.command + way.url);
  return out;
}

TEST(Reach, ANodeOfThisMachineIsReachedAtItsOwnAddressByEachOfItsTools) {
  EXPECT_THAT(told(node("redis", "redis-1", "127.43.50.1"), {}),
              ElementsAre("redis-cli: redis-cli -h 127.43.50.1 -p 6379 info stats", "metrics: http://127.43.50.1:9100/metrics", "log: chaosctl logs -f redis-1"));
  EXPECT_THAT(told(node("lb", "lb-1", "127.43.30.1"), {})[0], "statistics page: http://127.43.30.1:8404/");
  EXPECT_THAT(told(node("postgres", "postgres-1", "127.43.60.1"), {})[0], HasSubstr("psql -h 127.43.60.1 -p 5432 -U shop"));
  EXPECT_THAT(told(node("client", "client-1", "127.43.10.1"), {}), ElementsAre("metrics: http://127.43.10.1:9100/metrics", "log: chaosctl logs -f client-1"));
}

TEST(Reach, ANodeOfAContainerIsReachedAtThePortThatItPublishesOrNotAtAll) {
  const Place here{true, "127.0.0.1"};
  EXPECT_THAT(told(node("replica", "replica-1", "172.18.0.5"), here)[0], HasSubstr("psql -h 127.0.0.1 -p 5433 -U shop"));
  EXPECT_THAT(told(node("replica", "replica-2", "172.18.0.6"), here), ElementsAre("log: docker compose -f compose/compose.yaml logs -f replica-2"));
  EXPECT_THAT(told(node("cdn", "cdn-1", "172.18.0.7"), {true, "lab.example"})[0], "curl: curl -i http://lab.example:8080/static/1");
}

TEST(Reach, AStandbyListensOnNothing) {
  v1::NodeStatus spare = node("server", "server-5", "127.43.40.5");
  spare.set_phase(v1::PHASE_STANDBY);
  EXPECT_THAT(told(spare, {}), ElementsAre("log: chaosctl logs -f server-5"));
}

TEST(Reach, ThePublishedPortsAreThoseOfTheComposeFile) {
  const YAML::Node services = YAML::LoadFile(std::string(CHAOSLAB_SOURCE_DIR) + "/compose/compose.yaml")["services"];
  std::vector<std::string> in_file;
  for (const auto& service : services) {
    const YAML::Node command = service.second["command"];
    if (!command || command.size() == 0 || command[0].as<std::string>() != "chaos-node") continue;
    for (const auto& port : service.second["ports"]) in_file.push_back(service.first.as<std::string>() + " " + port.as<std::string>());
  }
  std::vector<std::string> here;
  for (const PublishedPort& one : published_ports()) here.push_back(fmt::format("{} 127.0.0.1:{}:{}", one.node, one.host_port, one.port));
  EXPECT_THAT(here, ::testing::UnorderedElementsAreArray(in_file));
}

TEST(Reach, OnlyAHostMayComeFromAHeader) {
  EXPECT_EQ(host_of("127.0.0.1:7070"), "127.0.0.1");
  EXPECT_EQ(host_of("lab.example"), "lab.example");
  EXPECT_EQ(host_of("[::1]:7070"), "[::1]");
  for (const char* bad : {"", ":7070", "a b", "$(reboot)", "a;b", "a'b", "-rf", "[::1", "[]", "[a'b]", "a/b"}) EXPECT_EQ(host_of(bad), std::nullopt) << bad;
  EXPECT_EQ(host_of(std::string(300, 'a')), std::nullopt);
}

}  // namespace
}  // namespace chaos::web
