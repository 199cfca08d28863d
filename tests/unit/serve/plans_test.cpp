#include "serve/plans.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

v1::Drill drill() {
  v1::Drill out;
  v1::RolePlan& server = *out.add_topology();
  server.set_role("server");
  server.set_nodes(2);
  server.set_standby(1);
  server.set_version("v1");
  server.mutable_config()->mutable_node()->set_drain_lab_s(60);
  v1::ScheduledDeploy& silent = *out.add_deploys();
  silent.set_role("server");
  silent.set_version("v2");
  silent.set_at(3600);
  silent.set_silent(true);
  return out;
}

struct PlansTest : ::testing::Test {
  NodeClock clock;
  LabModel model{RunSettings{drill(), "", 1, 60, 7200}, clock};
  const NodeEntry& node(const std::string& name) { return *model.registry.find(name); }
};

TEST_F(PlansTest, ASilentDeployIsThereFromTheStart) { EXPECT_EQ(node("server-1").version, "v2"); }

TEST_F(PlansTest, ARollbackCarriesItsVersionAndChangesNothingBeforeItBegins) {
  v1::RollbackRequest request;
  request.set_role("server");
  const auto operation = plan_rollback(model, request);
  ASSERT_TRUE(operation);
  EXPECT_EQ(operation->what, "rollback");
  EXPECT_EQ(operation->procedure->nodes(), (std::vector<std::string>{"server-1", "server-2"}));
  ASSERT_TRUE(operation->version);
  EXPECT_EQ(operation->version->role, "server");
  EXPECT_EQ(operation->version->version, "v1");
  EXPECT_EQ(node("server-1").wanted_version, "v2");
  EXPECT_EQ(node("server-3").version, "v2");
}

TEST_F(PlansTest, ARoleThatDoesNotServeIsRolledBackForItsNextProcesses) {
  for (const char* name : {"server-1", "server-2"}) model.registry.find(name)->duty = v1::DUTY_STANDBY;
  v1::RollbackRequest request;
  request.set_role("server");
  const auto operation = plan_rollback(model, request);
  ASSERT_TRUE(operation);
  EXPECT_EQ(operation->version->version, "v1");
  operation->procedure->step(model.registry, {});
  EXPECT_EQ(operation->procedure->step(model.registry, {}).progress.back().text(), "no process of server serves now; its next ones run v1");
}

TEST_F(PlansTest, ARoleSDutyMeansOnlyTheNodesThatTheVerbMeans) {
  v1::SetDutyRequest request;
  request.add_targets("server");
  request.set_duty(v1::DUTY_DRAINING);
  EXPECT_EQ(plan_duty(model, request)->procedure->nodes(), (std::vector<std::string>{"server-1", "server-2"}));
  request.set_targets(0, "server-3");
  EXPECT_EQ(plan_duty(model, request).error().text, "drain: server-3 is standby, it has no work to finish");

  request.set_targets(0, "server");
  request.set_duty(v1::DUTY_ACTIVE);
  request.set_undrain(true);
  EXPECT_EQ(plan_duty(model, request).error().text, "no node of server is drained");
  model.registry.find("server-2")->duty = v1::DUTY_DRAINING;
  EXPECT_EQ(plan_duty(model, request)->procedure->nodes(), std::vector<std::string>{"server-2"});

  request.set_undrain(false);
  model.registry.find("server-1")->duty = v1::DUTY_STANDBY;
  model.registry.find("server-1")->was_stopped = true;
  EXPECT_EQ(plan_duty(model, request)->procedure->nodes(), (std::vector<std::string>{"server-1", "server-2"})) << "not the spare";
  request.set_targets(0, "server-3");
  EXPECT_EQ(plan_duty(model, request)->procedure->nodes(), std::vector<std::string>{"server-3"}) << "by its name it is meant";
}

TEST_F(PlansTest, RefusesAVersionThatWasNeverThere) {
  v1::RollbackRequest request;
  request.set_role("server");
  request.set_version("v9");
  const auto answer = plan_rollback(model, request);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, Refusal::Kind::invalid);
  EXPECT_EQ(answer.error().text, "version: there is no v9 of server; there is v1, v2");
  EXPECT_EQ(node("server-1").wanted_version, "v2");
  request.set_version("v2");
  EXPECT_EQ(plan_rollback(model, request).error().text, "every server runs v2 already; to restart them all the same: chaosctl restart --rolling server");
  model.registry.find("server-1")->version = "v1";
  EXPECT_EQ(plan_rollback(model, request)->name, "rollback of server to v2");
  request.set_role("server-1");
  EXPECT_EQ(plan_rollback(model, request).error().text, "rollback wants a role, as server");
}

TEST_F(PlansTest, ScalingToWhatIsThereSaysSo) {
  v1::ScaleRequest request;
  request.set_role("server");
  request.set_nodes(2);
  const auto operation = plan_scale(model, request);
  ASSERT_TRUE(operation);
  operation->procedure->step(model.registry, {});
  EXPECT_EQ(operation->procedure->step(model.registry, {}).progress.back().text(), "server has 2 active nodes already");
}

TEST_F(PlansTest, AnOperationHasAName) {
  v1::RestartRequest request;
  request.add_targets("server");
  EXPECT_EQ(plan_restart(model, request)->name, "rolling restart of server");
  request.set_all(true);
  EXPECT_EQ(plan_restart(model, request)->name, "all-at-once restart of server");
  request.set_targets(0, "server-1");
  EXPECT_EQ(plan_restart(model, request)->name, "restart of server-1");
}

TEST_F(PlansTest, RefusesWithFieldValueAndRange) {
  v1::RestartRequest request;
  EXPECT_FALSE(plan_restart(model, request));
  request.add_targets("server");
  request.set_drain_lab_s(-1);
  const auto answer = plan_restart(model, request);
  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error().text.find("drain_lab_s: -1 is out of range"), std::string::npos) << answer.error().text;
}

TEST_F(PlansTest, AResponderRestartsInItsOwnOrder) {
  ResponderAction action;
  action.act = "restart_rolling";
  action.role = "server";
  action.nodes = {"server-2", "server-1"};
  action.drain_lab_s = 60;
  const auto operation = plan_response(model, action);
  ASSERT_TRUE(operation);
  EXPECT_EQ(operation->procedure->nodes(), action.nodes);
  EXPECT_NE(operation->text.find("one by one"), std::string::npos);
}

TEST_F(PlansTest, StandbysAloneCannotBeRestarted) {
  v1::RestartRequest request;
  request.add_targets("server-3");
  const auto answer = plan_restart(model, request);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, Refusal::Kind::not_now);
}

struct FailoverPlanTest : ::testing::Test {
  static v1::Drill drill() {
    v1::Drill out;
    for (const char* role : {"server", "replica", "postgres"}) {
      v1::RolePlan& plan = *out.add_topology();
      plan.set_role(role);
      plan.set_nodes(1);
    }
    return out;
  }
  FailoverPlanTest() {
    for (const char* name : {"replica-1", "postgres-1"}) ready(name);
  }
  void ready(const std::string& name) {
    NodeEntry& node = *model.registry.find(name);
    node.attached = true;
    node.report_at = RealClock::now();
    node.report.set_phase(v1::PHASE_READY);
    (*node.report.mutable_gauges())["promotable"] = 1;
    (*node.report.mutable_gauges())["in_recovery"] = node.role == "replica";
  }
  NodeClock clock;
  LabModel model{RunSettings{drill(), "", 1, 60, 7200}, clock};
  std::shared_ptr<FailoverLoss> loss = std::make_shared<FailoverLoss>();
};

TEST_F(FailoverPlanTest, APrimaryThatServesIsStoppedOnlyByYes) {
  v1::FailoverRequest request;
  const auto refused = plan_failover(model, request, loss);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, Refusal::Kind::not_now);
  EXPECT_NE(refused.error().text.find("chaosctl failover replica-1 --yes"), std::string::npos) << refused.error().text;
  request.set_yes(true);
  const auto planned = plan_failover(model, request, loss);
  ASSERT_TRUE(planned);
  EXPECT_EQ(planned->procedure->nodes(), (std::vector<std::string>{"postgres-1", "replica-1"}));
  EXPECT_EQ(planned->text, "failover from postgres-1 to replica-1");
}

TEST_F(FailoverPlanTest, FromOneThatIsGoneOrHangsNothingIsAsked) {
  model.registry.find("postgres-1")->report_at = RealClock::now() - std::chrono::seconds(3);
  EXPECT_TRUE(plan_failover(model, {}, loss)) << "it hangs";
  model.registry.find("postgres-1")->attached = false;
  EXPECT_TRUE(plan_failover(model, {}, loss));
}

TEST_F(FailoverPlanTest, TheRestOfOneThatWasCutOffAsksNothing) {
  *loss = {.from = "postgres-1", .to = "replica-1"};
  model.registry.find("replica-1")->attached = false;
  const Operation rest = plan_rest(model, {true, "operator", loss});
  EXPECT_EQ(rest.procedure->nodes(), (std::vector<std::string>{"postgres-1", "replica-1"}));
  EXPECT_EQ(rest.text, "failover from postgres-1 to replica-1, which was cut off, goes on");
  EXPECT_EQ(rest.actor, "operator");
  EXPECT_EQ(rest.procedure->step(model.registry, {}).orders.size(), 1u) << "the old primary is stopped";
  model.primary = {"replica-1", 1};
  EXPECT_TRUE(plan_rest(model, {true, "operator", loss}).procedure->step(model.registry, {}).orders.empty()) << "everybody was told already";
}

TEST_F(FailoverPlanTest, AfterAFailoverTheWayBackIsTheSame) {
  model.primary = {"replica-1", 1};
  (*model.registry.find("postgres-1")->report.mutable_gauges())["in_recovery"] = 1;
  v1::FailoverRequest request;
  request.set_yes(true);
  const auto planned = plan_failover(model, request, loss);
  ASSERT_TRUE(planned);
  EXPECT_EQ(planned->text, "failover from replica-1 to postgres-1");
}

}  // namespace
}  // namespace chaos
