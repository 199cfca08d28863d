#include "lab/rolling.hpp"

#include "lab/duty_change.hpp"
#include "unit/lab/lab_fixture.hpp"

namespace chaos {
namespace {

using namespace std::chrono_literals;
using test::SmallLab;

struct RollingTest : ::testing::Test {
  SmallLab lab;
  LabTime lab_now = LabTime::from_seconds(0);
  std::int64_t next_pid = 1000;

  RollingTest() { lab.all_up(); }
  Moment moment() const { return {lab_now, lab.now}; }
  /// Steps the procedure, and does what it orders as an engine would.
  ProcedureStep step(Procedure& procedure) {
    const ProcedureStep out = procedure.step(lab.registry, moment());
    for (const Order& order : out.orders) {
      if (order.what == Order::What::set_duty) lab.node(order.node).duty = order.duty;
    }
    return out;
  }
  void pass(RealDuration d) {
    lab.now += d;
    lab_now = lab_now + LabDuration::from_seconds(to_s(d) * 60);
  }
  void new_process(const std::string& name) {
    lab.registry.ended(lab.node(name), "stopped");
    lab.attach(name, ++next_pid);
  }
  static RollingPlan plan(std::vector<std::string> nodes, int batch = 1) {
    RollingPlan out;
    out.nodes = std::move(nodes);
    out.batch = batch;
    out.drain = LabDuration::from_seconds(60);
    return out;
  }
  static std::vector<std::string> restarts(const ProcedureStep& step) {
    std::vector<std::string> out;
    for (const Order& order : step.orders) {
      if (order.what == Order::What::restart) out.push_back(order.node);
    }
    return out;
  }
};

TEST_F(RollingTest, DrainsThenRestartsThenWaitsThenTakesTheNext) {
  Rolling rolling(plan({"server-1", "server-2"}));
  EXPECT_TRUE(restarts(step(rolling)).empty());
  EXPECT_EQ(lab.node("server-1").duty, v1::DUTY_DRAINING);
  EXPECT_EQ(lab.node("server-2").duty, v1::DUTY_ACTIVE);

  pass(100ms);
  lab.report("server-1", v1::PHASE_DRAINING, 3);
  EXPECT_TRUE(restarts(step(rolling)).empty());
  lab.report("server-1", v1::PHASE_DRAINING, 0);
  EXPECT_EQ(restarts(step(rolling)), (std::vector<std::string>{"server-1"}));

  new_process("server-1");
  step(rolling);
  EXPECT_EQ(lab.node("server-1").duty, v1::DUTY_ACTIVE);
  lab.report("server-1", v1::PHASE_READY);
  step(rolling);
  EXPECT_EQ(lab.node("server-2").duty, v1::DUTY_ACTIVE);     // not before it settled
  pass(200ms);
  step(rolling);
  EXPECT_EQ(lab.node("server-2").duty, v1::DUTY_DRAINING);
}

TEST_F(RollingTest, DoesNotTrustAnEmptyNodeBeforeEveryoneKnowsThatItDrains) {
  Rolling rolling(plan({"server-1"}));
  step(rolling);
  lab.node("client-1").sent_revision = 9;      // the state that says so is still on its way
  pass(100ms);
  lab.report("server-1", v1::PHASE_DRAINING, 0);
  EXPECT_TRUE(restarts(step(rolling)).empty());
  lab.report("client-1", v1::PHASE_READY);
  EXPECT_EQ(restarts(step(rolling)).size(), 1u);
}

TEST_F(RollingTest, DrainsNoLongerThanAllowed) {
  Rolling rolling(plan({"server-1"}));
  step(rolling);
  pass(999ms);
  lab.report("server-1", v1::PHASE_DRAINING, 5);
  EXPECT_TRUE(restarts(step(rolling)).empty());
  pass(1ms);
  EXPECT_EQ(restarts(step(rolling)).size(), 1u);
}

TEST_F(RollingTest, RestartsABatchAtOnce) {
  RollingPlan all = plan({"server-1", "server-2", "server-3", "server-4"}, 4);
  all.drain = {};
  all.at_once = true;
  Rolling rolling(all);
  const ProcedureStep first = step(rolling);
  EXPECT_EQ(restarts(first).size(), 3u);            // the fourth is standby
  EXPECT_TRUE(first.orders[0].at_once);
}

TEST_F(RollingTest, DoesNotCountStandbysAsRestarted) {
  RollingPlan all = plan({"server-1", "server-4"}, 2);
  all.drain = {};
  Rolling rolling(all);
  step(rolling);
  new_process("server-1");
  lab.report("server-1", v1::PHASE_READY);
  step(rolling);
  pass(200ms);
  EXPECT_EQ(step(rolling).progress.back().text(), "1 node restarted");
}

TEST_F(RollingTest, GoesOnWhenTheNodeDiesWhileItDrains) {
  Rolling rolling(plan({"server-1"}));
  step(rolling);
  new_process("server-1");
  pass(10ms);
  lab.registry.detached(lab.node("server-1"));
  EXPECT_EQ(restarts(step(rolling)).size(), 1u);
}

TEST_F(RollingTest, StopsWhereANodeDoesNotComeBack) {
  Rolling rolling(plan({"server-1", "server-2"}));
  step(rolling);
  pass(2s);
  step(rolling);
  lab.registry.ended(lab.node("server-1"), "stopped");
  step(rolling);
  pass(16s);
  step(rolling);
  EXPECT_TRUE(rolling.finished());
  EXPECT_NE(rolling.failure().find("server-1 is not ready again"), std::string::npos);
  EXPECT_EQ(lab.node("server-2").duty, v1::DUTY_ACTIVE);
}

TEST_F(RollingTest, EndsWithAllDone) {
  RollingPlan one = plan({"server-1"});
  one.drain = {};
  Rolling rolling(one);
  step(rolling);
  new_process("server-1");
  lab.report("server-1", v1::PHASE_READY);
  step(rolling);
  pass(200ms);
  const ProcedureStep last = step(rolling);
  EXPECT_TRUE(rolling.finished());
  EXPECT_TRUE(rolling.failure().empty());
  EXPECT_TRUE(last.progress.back().finished());
  EXPECT_EQ(last.progress.back().done(), 1);
}

TEST_F(RollingTest, ADutyChangeFollowsItsNodes) {
  DutyPlan stop;
  stop.nodes = {"server-1", "server-2"};
  stop.duty = v1::DUTY_STANDBY;
  DutyChange change(stop);
  EXPECT_EQ(step(change).orders.size(), 2u);
  new_process("server-1");
  lab.report("server-1", v1::PHASE_STANDBY);
  step(change);
  EXPECT_FALSE(change.finished());
  new_process("server-2");
  lab.report("server-2", v1::PHASE_STANDBY);
  step(change);
  EXPECT_TRUE(change.finished());
}

TEST_F(RollingTest, ADutyChangeInsistsThatANodeStops) {
  DutyPlan stop;
  stop.nodes = {"server-1"};
  stop.duty = v1::DUTY_STANDBY;
  DutyChange change(stop);
  step(change);
  pass(3s);
  const ProcedureStep late = step(change);
  ASSERT_EQ(late.orders.size(), 1u);
  EXPECT_EQ(late.orders[0].what, Order::What::kill);
  pass(13s);
  step(change);
  EXPECT_FALSE(change.failure().empty());
}

TEST_F(RollingTest, ScalingTakesStandbysFirstAndTheLastOnesOut) {
  const auto out = plan_scale(lab.registry, "server", 4);
  EXPECT_EQ(out->nodes, (std::vector<std::string>{"server-4"}));
  EXPECT_EQ(out->duty, v1::DUTY_ACTIVE);
  const auto in = plan_scale(lab.registry, "server", 1);
  EXPECT_EQ(in->nodes, (std::vector<std::string>{"server-3", "server-2"}));
  EXPECT_EQ(in->duty, v1::DUTY_STANDBY);
  EXPECT_TRUE(plan_scale(lab.registry, "server", 3)->nodes.empty());
  EXPECT_FALSE(plan_scale(lab.registry, "server", 5));
  EXPECT_FALSE(plan_scale(lab.registry, "mainframe", 1));
}

TEST_F(RollingTest, ScalingTakesTheSpareBeforeANodeThatSomebodyStopped) {
  lab.node("server-2").duty = v1::DUTY_STANDBY;
  lab.node("server-2").set_aside = true;
  EXPECT_EQ(plan_scale(lab.registry, "server", 3)->nodes, (std::vector<std::string>{"server-4"}));
  EXPECT_EQ(plan_scale(lab.registry, "server", 4)->nodes, (std::vector<std::string>{"server-4", "server-2"})) << "no spare is left";
}

TEST_F(RollingTest, WhenOneOfABatchFailsTheOthersServeAgain) {
  Rolling rolling(plan({"server-1", "server-2"}, 2));
  step(rolling);
  lab.registry.ended(lab.node("server-1"), "SIGKILL");      // and does not come back
  lab.report("server-2", v1::PHASE_DRAINING, 3);            // busy for long
  rolling.step(lab.registry, moment());
  EXPECT_EQ(lab.node("server-2").duty, v1::DUTY_DRAINING);
  for (int i = 0; i < 100 && !rolling.finished(); ++i) {
    lab.now += 1s;                                          // real time passes, lab time (and with it the drain) hardly
    lab_now = lab_now + LabDuration::from_seconds(0.1);
    step(rolling);
  }
  ASSERT_TRUE(rolling.finished());
  EXPECT_NE(rolling.failure().find("server-1"), std::string::npos);
  EXPECT_EQ(lab.node("server-2").duty, v1::DUTY_ACTIVE);
}

}  // namespace
}  // namespace chaos
