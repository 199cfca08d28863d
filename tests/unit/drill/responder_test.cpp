#include "drill/responder.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

v1::ResponderRule rule(const std::string& act, double above = 0.6) {
  v1::ResponderRule r;
  r.set_act(act);
  r.set_role("server");
  r.mutable_when()->set_of("memory_ratio");
  r.mutable_when()->set_role("server");
  r.mutable_when()->set_above(above);
  r.set_drain_lab_s(60);
  r.set_batch(1);
  r.set_cooldown_lab_s(100);
  return r;
}

v1::Responder responder(std::vector<v1::ResponderRule> rules) {
  v1::Responder r;
  for (auto& each : rules) *r.add_rules() = each;
  return r;
}

Observation servers(double lab_s, std::vector<double> memory) {
  Observation seen;
  seen.lab_s = lab_s;
  int n = 0;
  for (const double ratio : memory) {
    ++n;
    seen.nodes.push_back({"server-" + std::to_string(n), "server", v1::DUTY_ACTIVE, v1::PHASE_READY, true, ratio});
  }
  return seen;
}

using Names = std::vector<std::string>;

TEST(Responder, RestartNodeTakesTheFullestBeyondTheBound) {
  ResponderEngine engine(responder({rule("restart_node")}));
  EXPECT_FALSE(engine.decide(servers(0, {0.5, 0.6, 0.4}), false));
  const auto action = engine.decide(servers(1, {0.7, 0.9, 0.4}), false);
  ASSERT_TRUE(action);
  EXPECT_EQ(action->nodes, Names{"server-2"});
  EXPECT_EQ(action->drain_lab_s, 60);
  EXPECT_EQ(action->reason, "memory_ratio of server above 0.6 (now 0.9)");
}

TEST(Responder, RestartNodeLeavesNodesAloneThatAreNotReady) {
  auto seen = servers(0, {0.7, 0.9});
  seen.nodes[1].phase = v1::PHASE_BOOTING;
  EXPECT_EQ(plan_action(rule("restart_node"), seen)->nodes, Names{"server-1"});
  seen.nodes[0].memory_ratio = 0.3;
  EXPECT_FALSE(plan_action(rule("restart_node"), seen));
}

TEST(Responder, RollingTakesEveryNodeTheFullestFirst) {
  auto seen = servers(0, {0.5, 0.9, 0.7, 0.8});
  seen.nodes[3].duty = v1::DUTY_STANDBY;
  const auto action = plan_action(rule("restart_rolling"), seen);
  ASSERT_TRUE(action);
  EXPECT_EQ(action->nodes, (Names{"server-2", "server-3", "server-1"}));
  EXPECT_EQ(action->batch, 1);
}

TEST(Responder, RestartAllIsOneBatchWithoutDrain) {
  const auto action = plan_action(rule("restart_all"), servers(0, {0.5, 0.9, 0.7}));
  ASSERT_TRUE(action);
  EXPECT_EQ(action->nodes.size(), 3u);
  EXPECT_EQ(action->batch, 3);
  EXPECT_EQ(action->drain_lab_s, 0);
}

TEST(Responder, OneActionAtATimeThenTheCooldown) {
  ResponderEngine engine(responder({rule("restart_all")}));
  EXPECT_TRUE(engine.decide(servers(0, {0.9}), false));
  EXPECT_FALSE(engine.decide(servers(10, {0.9}), true));
  EXPECT_FALSE(engine.decide(servers(300, {0.9}), false)) << "the action ended only now";
  EXPECT_FALSE(engine.decide(servers(399, {0.9}), false));
  EXPECT_TRUE(engine.decide(servers(400, {0.9}), false));
}

TEST(Responder, OneRulesRestDoesNotHoldTheOther) {
  auto second = rule("restart_all", 0.8);
  ResponderEngine engine(responder({rule("restart_node"), second}));
  EXPECT_EQ(engine.decide(servers(0, {0.9}), false)->act, "restart_node");
  EXPECT_EQ(engine.decide(servers(10, {0.9}), false)->act, "restart_all");
}

TEST(Responder, TheSignalIsWatchedWhileBusy) {
  auto slow = rule("restart_all");
  slow.mutable_when()->set_for_lab_s(50);
  ResponderEngine engine(responder({slow}));
  EXPECT_FALSE(engine.decide(servers(0, {0.9}), true));
  EXPECT_TRUE(engine.decide(servers(50, {0.9}), false));
}

TEST(Responder, ScaleSaysHowManyAndNothingWhenThereAreSoMany) {
  auto scale = rule("scale");
  scale.set_nodes(3);
  const auto action = plan_action(scale, servers(0, {0.9, 0.9}));
  ASSERT_TRUE(action);
  EXPECT_EQ(action->scale_to, 3);
  EXPECT_TRUE(action->nodes.empty());
  EXPECT_FALSE(plan_action(scale, servers(0, {0.9, 0.9, 0.1})));
}

TEST(Responder, WithoutRulesDoesNothing) {
  ResponderEngine engine(responder({}));
  EXPECT_FALSE(engine.decide(servers(0, {1}), false));
}

TEST(Responder, ARefusedActionIsTriedAgainWithoutARest) {
  ResponderEngine engine(responder({rule("restart_node")}));
  ASSERT_TRUE(engine.decide(servers(0, {0.9}), false));
  engine.refused();
  EXPECT_TRUE(engine.decide(servers(1, {0.9}), false));
  EXPECT_FALSE(engine.decide(servers(2, {0.9}), false)) << "it rests after an action that was done";
}

}  // namespace
}  // namespace chaos
