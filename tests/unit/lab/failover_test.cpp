#include "lab/failover.hpp"

#include "lab/desired_state.hpp"
#include "lab/fault_rules.hpp"
#include "unit/lab/lab_fixture.hpp"

#include <gmock/gmock.h>

namespace chaos {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

v1::Drill drill_with_databases() {
  v1::Drill drill = test::small_drill();
  for (const char* role : {"replica", "postgres"}) {
    v1::RolePlan& plan = *drill.add_topology();
    plan.set_role(role);
    plan.set_nodes(std::string(role) == "replica" ? 2 : 1);
    plan.set_version("v1");
    complete_config(plan);
  }
  return drill;
}

struct FailoverTest : ::testing::Test {
  v1::Drill drill = drill_with_databases();
  Registry registry{drill.topology()};
  RealTime now{100s};
  std::shared_ptr<FailoverLoss> loss = std::make_shared<FailoverLoss>();
  std::vector<Order> orders;
  std::string said;

  FailoverTest() {
    std::int64_t pid = 100;
    for (NodeEntry& node : registry.nodes()) {
      attach(node.name, ++pid);
      if (is_database(node)) tell(node.name, node.role == "replica", 1000, node.role == "replica" ? 0 : 40);
      else tell(node.name, v1::PHASE_READY);
    }
  }
  NodeEntry& node(const std::string& name) { return *registry.find(name); }
  void attach(const std::string& name, std::int64_t pid) {
    v1::Hello hello;
    hello.set_name(name);
    hello.set_role(node(name).role);
    hello.set_address("127.0.0.1");
    hello.set_pid(pid);
    ASSERT_TRUE(registry.hello(hello, now));
  }
  void tell(const std::string& name, v1::Phase phase, std::map<std::string, double> gauges = {}) {
    v1::Report report;
    report.set_pid(node(name).pid);
    report.set_phase(phase);
    report.set_revision(node(name).sent_revision);
    for (const auto& [of, value] : gauges) (*report.mutable_gauges())[of] = value;
    registry.report(node(name), report, now);
  }
  void tell(const std::string& name, bool standby, double lsn, double transactions = 0) {
    tell(name, v1::PHASE_READY, {{"in_recovery", standby}, {"promotable", standby}, {"timeline", 1}, {"wal_lsn", lsn}, {"wal_transactions", transactions}});
  }
  const NodeEntry* primary() { return primary_node(registry, {}); }
  Failover failover(bool rejoin = false) {
    FailoverPlan plan;
    plan.from = loss->from = "postgres-1";
    plan.to = loss->to = "replica-1";
    plan.rejoin = rejoin;
    plan.loss = loss;
    return Failover(plan);
  }
  void step(Failover& procedure, RealDuration passed = 50ms) {
    now += passed;
    const ProcedureStep out = procedure.step(registry, {LabTime::from_seconds(to_s(now.time_since_epoch()) * 60), now});
    orders = out.orders;
    for (const Order& order : orders) {
      if (order.what == Order::What::set_duty) node(order.node).duty = order.duty;
    }
    if (!out.progress.empty()) said = out.progress.back().text();
  }
  bool ordered(Order::What what) {
    return std::any_of(orders.begin(), orders.end(), [&](const Order& order) { return order.what == what; });
  }
  // Up to the promotion: the old primary has no process any more.
  void fenced(Failover& procedure) {
    registry.ended(node("postgres-1"), "SIGKILL");
    step(procedure);
    step(procedure);
  }
};

TEST_F(FailoverTest, TheStandbyThatHasReceivedMostIsTaken) {
  tell("replica-1", true, 1000);
  tell("replica-2", true, 1200);
  EXPECT_EQ((*choose_candidate(registry, primary(), ""))->name, "replica-2");
  EXPECT_EQ((*choose_candidate(registry, primary(), "replica-1"))->name, "replica-1");
  registry.ended(node("replica-2"), "SIGKILL");
  EXPECT_EQ((*choose_candidate(registry, primary(), ""))->name, "replica-1");
}

TEST_F(FailoverTest, WhoCannotTakeOverIsToldWhy) {
  EXPECT_THAT(choose_candidate(registry, primary(), "server-1").error().text, HasSubstr("no database node"));
  EXPECT_THAT(choose_candidate(registry, primary(), "postgres-1").error().text, HasSubstr("primary already"));
  EXPECT_THAT(choose_candidate(registry, primary(), "replica-9").error().text, HasSubstr("replica-"));
  tell("replica-1", v1::PHASE_READY, {{"in_recovery", 1}, {"promotable", 0}, {"timeline", 1}});
  registry.ended(node("replica-2"), "SIGKILL");
  const std::string why = choose_candidate(registry, primary(), "").error().text;
  EXPECT_THAT(why, HasSubstr("replica-1 has no usable copy"));
  EXPECT_THAT(why, HasSubstr("replica-2 is not ready"));
}

TEST_F(FailoverTest, NothingIsPromotedBeforeTheOldPrimaryIsStopped) {
  Failover procedure = failover();
  step(procedure);
  EXPECT_EQ(node("postgres-1").duty, v1::DUTY_STANDBY);
  step(procedure);
  EXPECT_FALSE(ordered(Order::What::promote));
  step(procedure, 3s);
  EXPECT_TRUE(ordered(Order::What::kill)) << "it does not end by itself";
  attach("postgres-1", 999);
  tell("postgres-1", v1::PHASE_STANDBY);
  step(procedure);
  EXPECT_TRUE(ordered(Order::What::promote));
}

TEST_F(FailoverTest, APrimaryThatCannotBeStoppedEndsItThere) {
  Failover procedure = failover();
  step(procedure);
  step(procedure, 3s);
  step(procedure, 20s);
  EXPECT_TRUE(procedure.finished());
  EXPECT_THAT(procedure.failure(), HasSubstr("nothing was promoted"));
}

TEST_F(FailoverTest, LossIsCountedAfterTheLastReportsAndBeforeAnybodyMoves) {
  Failover procedure = failover();
  fenced(procedure);
  EXPECT_TRUE(ordered(Order::What::promote));
  tell("replica-1", false, 900, 38);
  step(procedure);
  EXPECT_FALSE(ordered(Order::What::count)) << "users' answers are still on their way";
  now += 200ms;
  tell("client-1", v1::PHASE_READY);
  step(procedure);
  EXPECT_TRUE(ordered(Order::What::count));
  step(procedure);
  EXPECT_FALSE(ordered(Order::What::name_primary));
  *loss = {.from = loss->from, .to = loss->to, .before = loss->before, .after = loss->after, .counted = true, .over = true, .acknowledged = 40, .orders = {39, 40}};
  step(procedure);
  EXPECT_TRUE(ordered(Order::What::name_primary));
  step(procedure);
  ASSERT_TRUE(procedure.finished());
  EXPECT_EQ(said, "replica-1 is the primary: 2 of 40 acknowledged orders are lost (39, 40); replica-1 lacks at least 2 transactions (100 bytes) of postgres-1's log, as last reported"
                  "; postgres-1 stays stopped: chaosctl start postgres-1 brings it back as a standby");
  EXPECT_EQ(node("postgres-1").duty, v1::DUTY_STANDBY);
}

TEST_F(FailoverTest, AReplicaThatDoesNotTurnLeavesTheWordAsItWas) {
  Failover procedure = failover();
  fenced(procedure);
  step(procedure, 20s);
  EXPECT_TRUE(ordered(Order::What::stay));
  EXPECT_THAT(procedure.failure(), HasSubstr("chaosctl start postgres-1"));
}

TEST_F(FailoverTest, TheOldOneRejoinsWhereThatIsWanted) {
  Failover procedure = failover(true);
  fenced(procedure);
  now += 200ms;
  tell("client-1", v1::PHASE_READY);
  tell("replica-1", false, 1000, 40);
  step(procedure);
  loss->over = loss->counted = true;
  loss->acknowledged = 7;
  step(procedure);
  step(procedure);
  EXPECT_EQ(node("postgres-1").duty, v1::DUTY_ACTIVE);
  EXPECT_FALSE(procedure.finished());
  attach("postgres-1", 999);
  tell("postgres-1", v1::PHASE_READY);
  step(procedure);
  EXPECT_TRUE(procedure.finished());
  EXPECT_EQ(said, "replica-1 is the primary: no acknowledged order is lost, of 7; replica-1 has all that postgres-1's log had when it last reported; postgres-1 follows it");
}

TEST_F(FailoverTest, ACutOffOneCountsOnceAndRemembersBothLogs) {
  *loss = {.before = WalMark{1000, 40, now}, .after = WalMark{900, 38, now}, .counted = true, .over = true, .acknowledged = 40, .orders = {39, 40}};
  registry.ended(node("postgres-1"), "its controller died");
  node("postgres-1").wal.reset();
  node("postgres-1").duty = v1::DUTY_STANDBY;
  attach("postgres-1", 999);
  tell("postgres-1", v1::PHASE_STANDBY);
  tell("replica-1", false, 950, 39);
  Failover procedure = failover();
  step(procedure);
  step(procedure);
  EXPECT_TRUE(ordered(Order::What::promote)) << "who was told so already hears it again";
  now += 200ms;
  tell("client-1", v1::PHASE_READY);
  step(procedure);
  EXPECT_FALSE(ordered(Order::What::count));
  step(procedure);
  EXPECT_TRUE(ordered(Order::What::name_primary));
  step(procedure);
  ASSERT_TRUE(procedure.finished());
  EXPECT_THAT(said, HasSubstr("2 of 40 acknowledged orders are lost (39, 40); replica-1 lacks at least 2 transactions (100 bytes)"));
}

TEST_F(FailoverTest, OneThatWasCutOffAfterItsWordStopsNobodyAndBringsTheOldOneBack) {
  *loss = {.counted = true, .over = true, .acknowledged = 7};
  registry.ended(node("postgres-1"), "its controller died");
  node("postgres-1").duty = v1::DUTY_STANDBY;
  FailoverPlan plan{.from = "postgres-1", .to = "replica-1", .rejoin = true, .named = true, .loss = loss};
  loss->from = plan.from, loss->to = plan.to;
  Failover procedure(plan);
  step(procedure);
  EXPECT_TRUE(orders.empty());
  step(procedure);
  EXPECT_EQ(node("postgres-1").duty, v1::DUTY_ACTIVE);
  attach("postgres-1", 999);
  tell("postgres-1", v1::PHASE_READY);
  step(procedure);
  EXPECT_TRUE(procedure.finished());
  EXPECT_THAT(said, HasSubstr("no acknowledged order is lost, of 7"));
}

TEST_F(FailoverTest, WhatIsNotKnownIsToldAsThat) {
  EXPECT_EQ(loss_text({.from = "a", .to = "b", .after = WalMark{}, .why_not = "timeout"}),
            "whether acknowledged orders are lost could not be counted (timeout); how far a's log went is not known");
}

TEST_F(FailoverTest, PeersAreToldThePartThatANodePlays) {
  FaultBook book{1};
  LabState state{drill, registry, book, {}, "r1", 5, {}, {0, 86'400}, true, false};
  const auto parts = [&](const std::string& of) {
    std::map<std::string, std::string> out;
    const v1::DesiredState wanted = desired_state(state, node(of));
    for (const v1::Peer& peer : wanted.peers()) out[peer.name()] = peer.role();
    return out;
  };
  EXPECT_EQ(parts("server-1")["postgres-1"], "postgres");
  EXPECT_FALSE(desired_state(state, node("replica-1")).has_primary());
  state.promoting = "replica-1";
  EXPECT_EQ(parts("server-1")["replica-1"], "replica") << "nobody writes to it yet";
  EXPECT_EQ(desired_state(state, node("replica-1")).primary().name(), "replica-1");
  EXPECT_EQ(desired_state(state, node("replica-1")).primary().term(), 1u);
  EXPECT_FALSE(desired_state(state, node("replica-2")).has_primary());
  state.promoting.clear();
  state.primary = {"replica-1", 1};
  EXPECT_EQ(parts("server-1")["replica-1"], "postgres");
  EXPECT_EQ(parts("server-1")["postgres-1"], "replica");
  EXPECT_EQ(parts("server-1")["redis-1"], "redis");
  EXPECT_EQ(desired_state(state, node("postgres-1")).primary().name(), "replica-1");
}

TEST_F(FailoverTest, AnEdgeFaultFollowsWhoCallsWhomNow) {
  const auto refusal = [&](const std::string& from, const std::string& to, const PrimaryWord& word) {
    v1::Fault fault;
    fault.mutable_blackhole();
    if (registry.find(from)) fault.mutable_target()->set_node(from);
    else fault.mutable_target()->set_role(from);
    fault.mutable_target()->set_edge_to(to);
    fault.mutable_target()->set_share(1);
    fault.set_probability(1);
    const auto checked = check_fault(fault, registry, word);
    return checked ? std::string{} : checked.error().text;
  };
  const PrimaryWord before, after{"replica-1", 1};
  EXPECT_EQ(refusal("replica-1", "postgres-1", before), "");
  EXPECT_EQ(refusal("replica", "postgres", before), "");
  EXPECT_NE(refusal("postgres-1", "replica-1", before).find("postgres does not call replica; postgres calls no one"), std::string::npos);
  EXPECT_EQ(refusal("postgres-1", "replica-1", after), "");
  EXPECT_EQ(refusal("postgres", "replica-1", after), "");
  EXPECT_EQ(refusal("postgres-1", "postgres", after), "") << "by what the primary is called on an edge";
  EXPECT_EQ(refusal("server-1", "replica-1", after), "") << "servers call the primary";
  const std::string wrong = refusal("replica-1", "postgres-1", after);
  EXPECT_NE(wrong.find("postgres calls no one (replica-1 is the primary now"), std::string::npos) << wrong;
}

TEST_F(FailoverTest, SaysThatNoStandbyIsLeft) {
  node("replica-2").duty = v1::DUTY_STANDBY;
  Failover procedure = failover();
  fenced(procedure);
  now += 200ms;
  tell("client-1", v1::PHASE_READY);
  tell("replica-1", false, 1000, 40);
  step(procedure);
  loss->over = loss->counted = true;
  step(procedure);
  step(procedure);
  ASSERT_TRUE(procedure.finished());
  EXPECT_THAT(said, HasSubstr("; no standby is left, postgres-1 stays stopped: chaosctl start postgres-1 brings it back as a standby"));
}

}  // namespace
}  // namespace chaos
