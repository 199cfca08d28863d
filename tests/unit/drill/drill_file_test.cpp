#include "drill/drill_file.hpp"

#include "drill/drill_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace chaos {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::filesystem::path kDrills = std::filesystem::path(__FILE__).parent_path() / "../../../controller/drills";

constexpr const char* kHead = R"(name: t
title: a test
contract: {uptime_min: 0.9, p95_ms_max: 300, budget_usd_month_max: 100}
traffic: {base_users: 1, peak_users: 2, busy_from: "10:00", busy_to: "11:00"}
topology:
  - {role: server, nodes: 2, standby: 1}
  - {role: client}
  - {role: redis}
)";

std::vector<std::string> faults_of(const std::string& tail) {
  std::vector<std::string> out;
  for (const FileFault& fault : parse_drill(kHead + tail, "t.yaml").faults) out.push_back(fault.to_string());
  return out;
}

std::string faults_after(std::string text, const std::string& from, const std::string& to) {
  text.replace(text.find(from), from.size(), to);
  std::string out;
  for (const FileFault& fault : parse_drill(text, "t.yaml").faults) out += fault.to_string() + "\n";
  return out;
}

class TempDir {
 public:
  TempDir() {
    std::string name = (std::filesystem::temp_directory_path() / "drills.XXXXXX").string();
    path = mkdtemp(name.data());
  }
  ~TempDir() { std::filesystem::remove_all(path); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(path / name) << text; }
  std::filesystem::path path;
};

TEST(DrillFile, TheDrillsOfTheProjectLoad) {
  const auto titles = list_drills({kDrills});
  ASSERT_GE(titles.size(), 2u);
  for (const DrillTitle& title : titles) EXPECT_TRUE(title.good) << title.title;
}

TEST(DrillFile, TheGuidedDrillKeepsItsPromises) {
  const auto result = load_drill("guided-incident-response", {kDrills});
  ASSERT_TRUE(result.file);
  const v1::Drill& drill = result.file->drill;
  EXPECT_EQ(drill.contract().uptime_min(), 0.95);
  EXPECT_EQ(drill.contract().p95_ms_max(), 320);
  EXPECT_EQ(drill.contract().budget_usd_month_max(), 760);
  EXPECT_EQ(drill.traffic().base_users(), 260);
  EXPECT_EQ(drill.traffic().peak_users(), 1900);
  EXPECT_EQ(drill.length_lab_s(), 86400);
  int nodes = 0;
  double price = 0;
  for (const v1::RolePlan& plan : drill.topology()) {
    nodes += plan.nodes();
    price += plan.nodes() * plan.usd_month();
  }
  EXPECT_EQ(nodes, 14);
  EXPECT_LE(price, 760);
  EXPECT_GT(price + find_role(drill, "server")->usd_month(), 760);
}

TEST(DrillFile, ReadsAndCompletes) {
  const auto result = parse_drill(kHead, "t.yaml");
  ASSERT_TRUE(result.file) << result.faults.front().to_string();
  const v1::Drill& drill = result.file->drill;
  ASSERT_EQ(drill.topology_size(), 3);
  EXPECT_EQ(drill.topology(0).role(), "client");
  EXPECT_EQ(drill.topology(2).role(), "redis");
  EXPECT_EQ(drill.topology(2).config().redis().maxmemory_policy(), "allkeys-lru");
  EXPECT_EQ(drill.topology(1).config().server().station().slots(), 16);
  EXPECT_EQ(drill.traffic().mix().static_(), 50);
  EXPECT_EQ(drill.length_lab_s(), 86400);
  EXPECT_EQ(result.file->text, kHead);
}

TEST(DrillFile, WhoAsksTheStoreSignsWithItsKeyUnlessTheyHaveTheirOwn) {
  const std::string plans = "  - {role: cdn}\n  - {role: worker, config: {worker: {access_key: OLD, secret_key: forgotten}}}\n  - {role: object_store";
  const auto keyed = parse_drill(kHead + plans + ", config: {object_store: {access_key: KEY, secret_key: s}}}\n", "t.yaml");
  ASSERT_TRUE(keyed.file) << keyed.faults.front().to_string();
  const auto config = [](const DrillResult& drill, const std::string& role) {
    for (const v1::RolePlan& plan : drill.file->drill.topology()) {
      if (plan.role() == role) return plan.config();
    }
    return v1::RoleConfig();
  };
  EXPECT_EQ(config(keyed, "cdn").cdn().access_key(), "KEY");
  EXPECT_EQ(config(keyed, "cdn").cdn().secret_key(), "s");
  EXPECT_EQ(config(keyed, "worker").worker().access_key(), "OLD");
  EXPECT_EQ(config(keyed, "worker").worker().secret_key(), "forgotten");
  const auto open = parse_drill(kHead + plans + "}\n", "t.yaml");
  ASSERT_TRUE(open.file);
  EXPECT_EQ(config(open, "cdn").cdn().access_key(), "");
}

TEST(DrillFile, FaultsOfTheReaderAndBetweenFieldsComeTogether) {
  const auto faults = faults_of("alerts:\n  - {name: a, when: {of: p95_ms}}\n  - {nam: b}\n");
  EXPECT_THAT(faults, Contains(HasSubstr("t.yaml:10:15: alerts[0].when: exactly one of above and below")));
  EXPECT_THAT(faults, Contains(HasSubstr("did you mean \"name\"")));
}

TEST(DrillFile, Traffic) {
  EXPECT_THAT(faults_after(kHead, "\"11:00\"", "\"10:00\""), HasSubstr("t.yaml:4:61: traffic.busy_to: is busy_from"));
  EXPECT_THAT(faults_after(kHead, "\"11:00\"", "\"02:00\""), "") << "over midnight";
  EXPECT_THAT(faults_after(kHead, "peak_users: 2", "peak_users: 0"), HasSubstr("traffic.peak_users: is below base_users (1)"));
  EXPECT_THAT(faults_after(kHead, "peak_users: 2", "peak_users: two"), testing::Not(HasSubstr("is below"))) << "its own fault is enough";
  EXPECT_THAT(faults_after(kHead, "base_users: 1", "base_users: 1, mix: {item: -1}"), HasSubstr("traffic.mix: a weight is below 0"));
  EXPECT_THAT(faults_of("  - {role: postgres, config: {postgres: {items: 5}}}\n"), ElementsAre(HasSubstr("Postgres has 5")));
}

TEST(DrillFile, Topology) {
  EXPECT_THAT(faults_of("  - {role: redis}\n"), ElementsAre(HasSubstr("t.yaml:9:6: topology[3].role: \"redis\" is there already")));
  EXPECT_THAT(faults_of("  - {role: cdn, config: {lb: {}}}\n"),
              ElementsAre(HasSubstr("topology[3].config.lb: is the configuration of another role; allowed: node, cdn")));
  EXPECT_THAT(faults_after(kHead, "name: t", "name: u"), HasSubstr("t.yaml:1:1: name: \"u\" is not the stem"));
}

TEST(DrillFile, OneWrongRoleDoesNotBlameTheRest) {
  const auto text = faults_after(std::string(kHead) + "alerts: [{name: a, when: {of: memory_ratio, role: server, above: 1}}]\n",
                                 "role: server", "role: servr");
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
}

TEST(DrillFile, Faults) {
  const auto one = [](const std::string& fault, const std::string& more = "") {
    return faults_of("faults:\n  - {at: 10:00, fault: " + fault + more + "}\n");
  };
  EXPECT_THAT(one("{target: {role: server}, crash: }"), IsEmpty());
  EXPECT_THAT(one("{target: {node: server-2}, crash: {}}"), IsEmpty());
  EXPECT_THAT(one("{target: {node: server-3}, memory_leak: {}}"), IsEmpty());
  EXPECT_THAT(one("{target: {node: server-4}, crash: {}}"), ElementsAre(HasSubstr("allowed: server-1 to server-3")));
  EXPECT_THAT(one("{target: {node: server-1, role: server}, crash: {}}"), ElementsAre(HasSubstr("exactly one of node and role")));
  EXPECT_THAT(one("{target: {role: worker}, crash: {}}"), ElementsAre(HasSubstr("no role \"worker\"")));
  EXPECT_THAT(one("{target: {role: server}}"), ElementsAre(HasSubstr("no kind of fault is named; allowed: memory_leak, ")));
  EXPECT_THAT(one("{target: {role: server}, flush: {}}"), ElementsAre(HasSubstr("flush does not fit server; allowed: redis")));
  EXPECT_THAT(one("{target: {role: server, edge_to: redis}, latency: {}}"), IsEmpty());
  EXPECT_THAT(one("{target: {role: server, edge_to: redis-1}, latency: {}}"), IsEmpty());
  EXPECT_THAT(one("{target: {role: server, edge_to: redis}, crash: {}}"), ElementsAre(HasSubstr("crash does not act on an edge")));
  EXPECT_THAT(one("{target: {role: server, edge_to: redis-2}, latency: {}}"), ElementsAre(HasSubstr("allowed: redis-1 to redis-1")));
  EXPECT_THAT(one("{target: {role: server}, crash: {}, id: x}"), ElementsAre(HasSubstr("given by the controller")));
  EXPECT_THAT(one("{target: {role: server}, crash: {}}", ", in_version: v9"), ElementsAre(HasSubstr("no server ever runs \"v9\"; allowed: v1")));
  EXPECT_THAT(faults_of("faults:\n  - {at: 24:00, fault: {target: {role: server}, crash: {}}}\n"),
              ElementsAre(HasSubstr("is outside of the run; allowed: 00:00 to before 24:00")));
}

TEST(DrillFile, Deploys) {
  EXPECT_THAT(faults_of("deploys: [{at: 10:00, role: server, version: v2}]\n"), IsEmpty());
  EXPECT_THAT(faults_of("deploys: [{at: 10:00, role: serve, version: v2}]\n"), ElementsAre(HasSubstr("did you mean \"server\"?")));
  EXPECT_THAT(faults_of("deploys: [{at: 10:00, role: server, version: v1}]\n"), ElementsAre(HasSubstr("runs from the start")));
}

TEST(DrillFile, Responders) {
  const auto rule = [](const std::string& text) { return faults_of("responders:\n  - name: r\n    rules:\n      - " + text + "\n"); };
  const std::string when = "when: {of: memory_ratio, role: server, above: 0.8}";
  EXPECT_THAT(rule("{" + when + ", act: scale, role: server, nodes: 3}"), IsEmpty());
  EXPECT_THAT(rule("{" + when + ", act: scale, role: server, nodes: 4}"), ElementsAre(HasSubstr("4 nodes of server; allowed: 1 to 3")));
  EXPECT_THAT(rule("{" + when + ", act: restart_all, role: server, nodes: 2}"), ElementsAre(HasSubstr("is for scale only")));
  EXPECT_THAT(rule("{" + when + ", act: restart_all, role: queue}"), ElementsAre(HasSubstr("no role \"queue\"")));
  EXPECT_THAT(rule("{when: {of: memory_ratio, above: 1}, act: restart_all, role: server}"), ElementsAre(HasSubstr("memory_ratio is of a role")));
  EXPECT_THAT(rule("{when: {of: p95_ms, role: server, above: 1}, act: restart_all, role: server}"), ElementsAre(HasSubstr("of the whole lab")));
  EXPECT_THAT(faults_of("responders: [{name: a}, {name: a}]\n"), ElementsAre(HasSubstr("responders[1].name: \"a\" is there already")));
}

TEST(DrillFile, FoundByNameInTheFirstFolder) {
  const TempDir first;
  const TempDir second;
  first.write("t.yaml", kHead);
  second.write("t.yaml", "broken: [");
  second.write("other.yaml", "broken: [");
  EXPECT_TRUE(load_drill("t", {first.path, second.path}).file);
  EXPECT_FALSE(load_drill("t", {second.path, first.path}).file);
  EXPECT_TRUE(load_drill((first.path / "t.yaml").string(), {}).file);
  const auto titles = list_drills({first.path, second.path});
  ASSERT_EQ(titles.size(), 2u);
  EXPECT_FALSE(titles[0].good);
  EXPECT_THAT(titles[0].title, HasSubstr("does not load: "));
  EXPECT_EQ(titles[1].title, "a test");
}

TEST(DrillFile, UnknownNameNamesTheNearest) {
  const auto result = load_drill("smok", {kDrills});
  ASSERT_EQ(result.faults.size(), 1u);
  EXPECT_THAT(result.faults[0].to_string(), HasSubstr("did you mean \"smoke\"?"));
  EXPECT_THAT(load_drill("./none.yaml", {}).faults[0].to_string(), HasSubstr("no such file"));
}

TEST(NodeNames, AreRoleAndNumber) {
  EXPECT_EQ(role_of("object_store-12"), "object_store");
  for (const char* bad : {"server", "server-", "server-0", "server-01", "server-x", "server--1", ""}) {
    EXPECT_TRUE(role_of(bad).empty() || std::string(bad) == "server--1") << bad;
  }
}

TEST(DrillFile, AFileThatIsNotUtf8IsRefusedWithItsLine) {
  const auto result = parse_drill("name: t\ntitle: Caf\xe9\n", "t.yaml");
  ASSERT_EQ(result.faults.size(), 1u);
  EXPECT_EQ(result.faults[0].to_string(), "t.yaml:2:1: is not UTF-8 text");
  EXPECT_FALSE(parse_drill("title: \"Caf\xc3\xa9\"\n", "t.yaml").faults.front().text.starts_with("is not UTF-8"));
}

TEST(DrillFile, FaultsThatTheLabWouldRefuseAreRefusedAtOnce) {
  const auto fault = [](const std::string& text) { return "faults:\n  - {at: \"10:00\", fault: {" + text + "}}\n"; };
  EXPECT_THAT(faults_of(fault("target: {role: redis, edge_to: server}, latency: {}")), ElementsAre(HasSubstr("redis does not call server; redis calls no one")));
  EXPECT_THAT(faults_of(fault("target: {role: client}, latency: {}")), ElementsAre(HasSubstr("no one calls client")));
  EXPECT_THAT(faults_of(fault("target: {node: server-3}, crash: {}")), ElementsAre(HasSubstr("server-3 is standby at the start")));
  EXPECT_THAT(faults_of(fault("target: {role: server, edge_to: redis-1}, latency: {}")), IsEmpty());
}

TEST(DrillFile, ManyFaultsAreCut) {
  std::string text = std::string(kHead) + "alerts:\n";
  for (int i = 0; i < 250; ++i) text += "  - {name: a, when: {of: p95_ms}}\n";
  EXPECT_LE(parse_drill(text, "t.yaml").faults.size(), kMaxFileFaults);
}

}  // namespace
}  // namespace chaos
