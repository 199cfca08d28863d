#include "unit/lab/lab_fixture.hpp"

namespace chaos {
namespace {

using namespace std::chrono_literals;
using test::SmallLab;

TEST(Registry, KnowsActiveNodesAndStandbysInPathOrder) {
  SmallLab lab;
  ASSERT_EQ(lab.registry.nodes().size(), 6u);
  EXPECT_EQ(lab.registry.nodes()[1].name, "server-1");
  EXPECT_EQ(lab.node("server-3").duty, v1::DUTY_ACTIVE);
  EXPECT_EQ(lab.node("server-4").duty, v1::DUTY_STANDBY);
  EXPECT_EQ(lab.registry.active("server"), 3);
  EXPECT_EQ(lab.registry.roles(), (std::vector<std::string>{"client", "server", "redis"}));
}

TEST(Registry, RefusesAStrangerAndNamesTheNearest) {
  SmallLab lab;
  v1::Hello hello;
  hello.set_name("server-9");
  hello.set_role("server");
  const auto answer = lab.registry.hello(hello, lab.now);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, Refusal::Kind::not_found);
  EXPECT_NE(answer.error().text.find("the nearest is server"), std::string::npos) << answer.error().text;
}

TEST(Registry, ANodeThatEndsAgainAndAgainBeforeItIsReadyIsFailing) {
  SmallLab lab;
  lab.all_up();
  lab.node("server-2").deaths = 1;
  lab.registry.ended(lab.node("server-2"), "exit code 1");
  EXPECT_TRUE(lab.registry.failing().empty()) << "once may be chance";
  lab.node("server-2").deaths = lab.node("server-3").deaths = lab.node("server-4").deaths = 2;
  EXPECT_EQ(lab.registry.failing(), std::vector<std::string>{"server-2"}) << "server-3 is ready, server-4 a standby";
}

TEST(Registry, SaysWhichLoadBalancerTookAServerOut) {
  SmallLab lab;
  lab.attach("redis-1", 7);      // any attached node may report of servers
  v1::Report report;
  report.set_pid(7);
  for (const auto& [server, ordered] : {std::pair("server-1", ""), std::pair("server-2", "maint")}) {
    auto& one = *report.add_servers();
    one.set_server(server);
    one.set_ordered(ordered);
  }
  lab.registry.report(lab.node("redis-1"), report, lab.now);
  EXPECT_EQ(lab.registry.taken_out(lab.node("server-1")), "");
  EXPECT_EQ(lab.registry.taken_out(lab.node("server-2")), "maint at redis-1");
  EXPECT_EQ(lab.registry.status(lab.node("server-2"), lab.now).taken_out(), "maint at redis-1");
  lab.registry.detached(lab.node("redis-1"));
  EXPECT_EQ(lab.registry.taken_out(lab.node("server-2")), "") << "whoever does not answer orders nothing";
}

TEST(Registry, RefusesAWrongRole) {
  SmallLab lab;
  v1::Hello hello;
  hello.set_name("server-1");
  hello.set_role("redis");
  EXPECT_FALSE(lab.registry.hello(hello, lab.now));
}

TEST(Registry, ANewProcessRunsTheWantedVersionAReconnectTheOldOne) {
  SmallLab lab;
  lab.attach("server-1", 7);
  lab.report("server-1", v1::PHASE_READY);
  lab.node("server-1").wanted_version = "v2";
  lab.registry.detached(lab.node("server-1"));
  lab.attach("server-1", 7);
  EXPECT_EQ(lab.node("server-1").version, "v1");
  EXPECT_EQ(lab.node("server-1").restarts, 0u);
  lab.registry.ended(lab.node("server-1"), "SIGKILL");
  lab.attach("server-1", 8);
  EXPECT_EQ(lab.node("server-1").version, "v2");
  EXPECT_EQ(lab.node("server-1").restarts, 1u);
  EXPECT_EQ(lab.node("server-1").last_exit, "SIGKILL");
}

TEST(Registry, ANodeThatDoesNotReportIsNotSeenAsReady) {
  SmallLab lab;
  lab.attach("server-1", 7);
  lab.report("server-1", v1::PHASE_READY);
  const auto ready = [&](RealTime now) {
    for (const NodeView& node : lab.registry.views(now)) {
      if (node.name == "server-1") return node.ready();
    }
    return false;
  };
  EXPECT_TRUE(ready(lab.now + std::chrono::seconds(1)));
  EXPECT_FALSE(ready(lab.now + std::chrono::seconds(3))) << "its link stands, but it hangs";
  EXPECT_FALSE(lab.node("redis-1").silent(lab.now + std::chrono::seconds(3))) << "nobody is there to be silent";
}

TEST(Registry, TellsProcessesOfOnePidApartByTheirOwnName) {
  SmallLab lab;
  v1::Hello hello;
  hello.set_name("redis-1");
  hello.set_role("redis");
  hello.set_pid(1);
  hello.set_process("a");
  ASSERT_TRUE(lab.registry.hello(hello, lab.now));
  hello.set_process("b");
  ASSERT_TRUE(lab.registry.hello(hello, lab.now));
  EXPECT_EQ(lab.node("redis-1").incarnation, 2u);
}

TEST(Registry, IgnoresReportsOfAnotherProcess) {
  SmallLab lab;
  lab.attach("server-1", 7);
  v1::Report late;
  late.set_pid(6);
  late.set_phase(v1::PHASE_READY);
  EXPECT_FALSE(lab.registry.report(lab.node("server-1"), late, lab.now));
  EXPECT_FALSE(lab.node("server-1").ready());
}

TEST(Registry, ExpandsRolesAndNodesOnceInPathOrder) {
  SmallLab lab;
  const auto nodes = lab.registry.expand({"redis-1", "server", "server-2"});
  ASSERT_TRUE(nodes);
  EXPECT_EQ(*nodes, (std::vector<std::string>{"server-1", "server-2", "server-3", "server-4", "redis-1"}));
  EXPECT_FALSE(lab.registry.expand({"servre"}));
}

TEST(Registry, SaysWhatAVerbWants) {
  SmallLab lab;
  EXPECT_TRUE(lab.registry.want_role("rollback", "server"));
  EXPECT_EQ(lab.registry.want_role("rollback", "server-1").error().text, "rollback wants a role, as server");
  EXPECT_EQ(lab.registry.want_role("rollback", "servre").error().kind, Refusal::Kind::not_found);
  EXPECT_TRUE(lab.registry.want_node("logs", "redis-1"));
  EXPECT_EQ(lab.registry.want_node("logs", "server").error().text, "logs wants a node; server has server-1, server-2, server-3, server-4");
}

TEST(Registry, IsReadyWhenEveryActiveNodeIs) {
  SmallLab lab;
  lab.all_up();
  EXPECT_TRUE(lab.registry.all_ready());
  lab.registry.ended(lab.node("redis-1"), "SIGKILL");
  EXPECT_FALSE(lab.registry.all_ready());
}

TEST(Registry, IsNotReadyBeforeTheLoadBalancersChecksFoundEveryServer) {
  v1::Drill drill = test::small_drill();
  v1::RolePlan& lb = *drill.add_topology();
  lb.set_role("lb");
  lb.set_nodes(1);
  SmallLab lab;
  lab.registry = Registry(drill.topology());
  lab.all_up();
  auto& gauges = *lab.node("lb-1").report.mutable_gauges();
  gauges["backends_up"] = 2;
  EXPECT_EQ(lab.registry.unready(), std::vector<std::string>{"lb-1"});
  lab.node("server-2").duty = v1::DUTY_DRAINING;
  EXPECT_TRUE(lab.registry.all_ready()) << "a drained server is not waited for";
  lab.node("server-2").duty = v1::DUTY_ACTIVE;
  gauges["backends_up"] = 3;
  EXPECT_TRUE(lab.registry.all_ready());
}

TEST(RegistryWindow, GivesRatesOverTheLastSeconds) {
  RegistryWindow window(2s);
  v1::Report report;
  RealTime now{100s};
  for (int i = 0; i <= 10; ++i) {
    report.set_requests_total(static_cast<std::uint64_t>(i) * 100);
    report.set_errors_total(static_cast<std::uint64_t>(i) * 10);
    report.set_cpu_seconds(i * 0.25);
    window.add(report, now + i * 500ms);
  }
  EXPECT_NEAR(window.rate(), 200, 1e-9);
  EXPECT_NEAR(window.error_ratio(), 0.1, 1e-9);
  EXPECT_NEAR(window.cpu_ratio(), 0.5, 1e-9);
}

TEST(RegistryWindow, BeginsAnewWithANewProcess) {
  RegistryWindow window;
  v1::Report report;
  report.set_requests_total(1000);
  window.add(report, RealTime{1s});
  report.set_requests_total(1);
  window.add(report, RealTime{2s});
  EXPECT_EQ(window.rate(), 0);
}

TEST(Registry, TheSameProcessIsKnownAgainAlsoAfterItWasTakenForLost) {
  SmallLab lab;
  v1::Hello hello;
  hello.set_name("redis-1");
  hello.set_role("redis");
  hello.set_pid(1);
  hello.set_process("1@a");
  ASSERT_TRUE(lab.registry.hello(hello, lab.now));
  lab.node("redis-1").wanted_version = "v2";
  lab.registry.ended(lab.node("redis-1"), "lost");
  ASSERT_TRUE(lab.registry.hello(hello, lab.now));
  EXPECT_EQ(lab.node("redis-1").incarnation, 1u);
  EXPECT_EQ(lab.node("redis-1").restarts, 0u);
  EXPECT_EQ(lab.node("redis-1").version, "v1");
}

}  // namespace
}  // namespace chaos
