#include "drill/yaml_reader.hpp"

#include "chaoslab/v1/drill.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chaos {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

template <class M>
std::vector<std::string> faults_of(std::string_view text, M& message) {
  std::vector<std::string> out;
  for (const FileFault& fault : read_yaml({"f.yaml", text}, message).faults) out.push_back(fault.to_string());
  return out;
}

template <class M>
std::vector<std::string> faults_of(std::string_view text) {
  M message;
  return faults_of(text, message);
}

TEST(YamlReader, ReadsScalarsListsAndMessages) {
  v1::Responder r;
  EXPECT_THAT(faults_of(R"(
name: rolling
rules:
  - when: {of: memory_ratio, role: server, above: 0.6, for_lab_s: 30}
    act: restart_node
    role: server
    batch: 2
)", r), IsEmpty());
  EXPECT_EQ(r.name(), "rolling");
  ASSERT_EQ(r.rules_size(), 1);
  EXPECT_EQ(r.rules(0).when().above(), 0.6);
  EXPECT_FALSE(r.rules(0).when().has_below());
  EXPECT_EQ(r.rules(0).batch(), 2);
  EXPECT_EQ(r.rules(0).drain_lab_s(), 60);
}

TEST(YamlReader, AZeroInTheFileIsNotAFieldLeftOut) {
  v1::RolePlan plan;
  EXPECT_THAT(faults_of("{role: server, nodes: 0, config: {node: {boot_lab_s: 0}, server: {}}}", plan), IsEmpty());
  EXPECT_EQ(plan.nodes(), 0);
  EXPECT_EQ(plan.config().node().boot_lab_s(), 0);
  EXPECT_EQ(plan.config().node().drain_lab_s(), 60);
  EXPECT_EQ(plan.config().server().station().slots(), 16);
  EXPECT_EQ(plan.version(), "v1");
}

TEST(YamlReader, UnknownFieldNamesTheNearest) {
  EXPECT_THAT(faults_of<v1::RolePlan>("role: cdn\nnodse: 2\nzzzzzz: 1\n"),
              ElementsAre(HasSubstr("f.yaml:2:1: nodse: unknown field \"nodse\"; did you mean \"nodes\"?"),
                          HasSubstr("f.yaml:3:1: zzzzzz: unknown field \"zzzzzz\"; the fields here are role, nodes")));
}

TEST(YamlReader, WordsAreChecked) {
  EXPECT_THAT(faults_of<v1::RolePlan>("role: servr"),
              ElementsAre(AllOf(HasSubstr("f.yaml:1:7: role: \"servr\""), HasSubstr("did you mean \"server\"?"),
                                HasSubstr("one of client, cdn"))));
}

TEST(YamlReader, RangesAreInclusiveAndNamed) {
  v1::RolePlan plan;
  EXPECT_THAT(faults_of("{role: cdn, nodes: 64, standby: 0}", plan), IsEmpty());
  EXPECT_THAT(faults_of<v1::RolePlan>("{role: cdn, nodes: 65, usd_month: -1}"),
              ElementsAre(HasSubstr("nodes: 65 is out of range; allowed: 0 to 64"), HasSubstr("usd_month: -1 is out of range")));
}

TEST(YamlReader, WrongTypes) {
  EXPECT_THAT(faults_of<v1::RolePlan>("role: [cdn]\nnodes: many\nstandby: 1.5\nusd_month: .nan\nconfig: 7\n"),
              ElementsAre(HasSubstr("1:7: role: a text is wanted, this is a list"),
                          HasSubstr("2:8: nodes: a whole number is wanted, this is \"many\""),
                          HasSubstr("3:10: standby: a whole number is wanted, this is \"1.5\""),
                          HasSubstr("4:12: usd_month: a number is wanted"),
                          HasSubstr("5:9: config: a mapping of fields is wanted, this is \"7\"")));
  EXPECT_THAT(faults_of<v1::RolePlan>("{role: cdn, nodes: 99999999999999}"), ElementsAre(HasSubstr("nodes: ")));
  EXPECT_THAT(faults_of<v1::ScheduledDeploy>("{at: 0, role: a, version: b, silent: yes}"), ElementsAre(HasSubstr("neither true nor false")));
  EXPECT_THAT(faults_of<v1::Responder>("{name: a, rules: {when: 1}}"), ElementsAre(HasSubstr("a list is wanted, this is a mapping")));
}

TEST(YamlReader, RequiredFields) {
  EXPECT_THAT(faults_of<v1::ScheduledDeploy>("at: 1\nversion: ''\n"),
              ElementsAre(HasSubstr("role: is missing and required"), HasSubstr("version: is empty and required")));
  EXPECT_THAT(faults_of<v1::Responder>("name: a\nrules:\n  - role: cdn\n"),
              ElementsAre(HasSubstr("3:5: rules[0].when: is missing"), HasSubstr("rules[0].act: is missing and required; allowed: one of")));
  EXPECT_THAT(faults_of<v1::Drill>("topology: []\n"), testing::Contains("f.yaml:1:1: topology: is empty and required"));
}

TEST(YamlReader, OneMemberOfAOneof) {
  EXPECT_THAT(faults_of<v1::RoleConfig>("server: {}\nnode: {}\nredis: {}\n"),
              ElementsAre(HasSubstr("f.yaml:3:1: redis: only one role may be set; \"server\" is there already, in line 1")));
}

TEST(YamlReader, RepeatedKeys) {
  EXPECT_THAT(faults_of<v1::RolePlan>("role: cdn\nnodes: 1\nnodes: 2\n"),
              ElementsAre(HasSubstr("f.yaml:3:1: nodes: stands here a second time; first in line 2")));
}

TEST(YamlReader, LabClock) {
  v1::ScheduledDeploy deploy;
  EXPECT_THAT(faults_of("{at: '16:30', role: a, version: b}", deploy), IsEmpty());
  EXPECT_EQ(deploy.at(), 16.5 * 3600);
  deploy.Clear();
  EXPECT_THAT(faults_of("{at: 26:05, role: a, version: b}", deploy), IsEmpty());
  EXPECT_EQ(deploy.at(), 26 * 3600 + 300);
  deploy.Clear();
  EXPECT_THAT(faults_of("{at: 90.5, role: a, version: b}", deploy), IsEmpty());
  EXPECT_EQ(deploy.at(), 90.5);
  EXPECT_THAT(faults_of<v1::ScheduledDeploy>("{at: 16:61, role: a, version: b}"), ElementsAre(HasSubstr("HH:MM")));
  EXPECT_THAT(faults_of<v1::ScheduledDeploy>("{at: -1, role: a, version: b}"), ElementsAre(HasSubstr("\"00:00\" to \"168:00\", or 0 to 604800 lab s")));
}

TEST(YamlReader, LabClockForms) {
  double s = -1;
  EXPECT_TRUE(parse_lab_clock("00:00", s));
  EXPECT_EQ(s, 0);
  EXPECT_TRUE(parse_lab_clock("168:00", s));
  EXPECT_TRUE(parse_lab_clock("7:05:30", s));
  EXPECT_EQ(s, 7 * 3600 + 330);
  for (const char* bad : {"", ":", "7:5", "168:01", "-1:00", "1:60", "1:00:60", "1:00:00:00", "a:00", "1000:00"}) {
    EXPECT_FALSE(parse_lab_clock(bad, s)) << bad;
  }
}

TEST(YamlReader, SyntaxErrorsHaveALine) {
  EXPECT_THAT(faults_of<v1::RolePlan>("role: cdn\nnodes: [1\n"), ElementsAre(AllOf(HasSubstr("f.yaml:"), HasSubstr("not YAML: "))));
  EXPECT_THAT(faults_of<v1::RolePlan>(""), ElementsAre(HasSubstr("the first document is empty")));
  EXPECT_THAT(faults_of<v1::RolePlan>("{role: cdn}\n---\n{role: lb}\n"), ElementsAre(HasSubstr("a second document")));
  EXPECT_THAT(faults_of<v1::RolePlan>("- role\n"), ElementsAre(HasSubstr("a mapping of fields is wanted, this is a list")));
  EXPECT_THAT(faults_of<v1::RolePlan>(std::string(4000, '[')), ElementsAre(HasSubstr("not YAML")));
}

TEST(YamlReader, InputsAreBounded) {
  EXPECT_THAT(faults_of<v1::RolePlan>(std::string(kMaxFileBytes + 1, ' ')), ElementsAre(HasSubstr("allowed: at most")));
  std::string many = "rules:\n";
  for (std::size_t i = 0; i <= kMaxListEntries; ++i) many += " - {}\n";
  EXPECT_THAT(faults_of<v1::Responder>("name: a\n" + many), ElementsAre(HasSubstr("257 entries; allowed: at most 256")));
  std::string keys = "role: cdn\n";
  for (int i = 0; i < 1000; ++i) keys += "k" + std::to_string(i) + ": 1\n";
  EXPECT_EQ(faults_of<v1::RolePlan>(keys).size(), kMaxFileFaults);
  const auto quoted = faults_of<v1::RolePlan>("role: " + std::string(100000, 'x'));
  ASSERT_EQ(quoted.size(), 1u);
  EXPECT_LT(quoted[0].size(), 1000u);
}

TEST(YamlReader, AliasesDoNotMultiplyBeyondTheListBound) {
  std::string text = "name: t\nresponders:\n - &r {name: a, rules: [&x {when: {of: p95_ms, above: 1}, act: scale, role: cdn}";
  for (int i = 0; i < 200; ++i) text += ", *x";
  text += "]}\n";
  for (int i = 0; i < 300; ++i) text += " - *r\n";
  v1::Drill drill;
  EXPECT_THAT(faults_of(text, drill), testing::Contains(HasSubstr("301 entries; allowed: at most 256")));
}

TEST(YamlReader, KeepsPlaces) {
  v1::Responder r;
  const auto result = read_yaml({"f.yaml", "name: a\nrules:\n  - act: scale\n    when: {of: p95_ms}\n    role: cdn\n"}, r);
  EXPECT_EQ(result.places.at("rules[0].when").line, 4);
  EXPECT_EQ(result.places.at("rules[0].when").column, 5);
  EXPECT_EQ(result.places.at("rules[0].when.of").column, 12);
}

// yaml-cpp's own reader of several documents never ends on such texts.
TEST(YamlReader, EndsOnWhatGivesDocumentsForEver) {
  for (const char* text : {"%", "% a\n# b", "a: b\n...\n%", "---\n---\nname: x\n"}) {
    v1::RolePlan plan;
    EXPECT_FALSE(read_yaml({"f.yaml", text}, plan).good()) << text;
  }
}

}  // namespace
}  // namespace chaos
