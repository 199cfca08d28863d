// The whole lab in containers, as `docker compose up` gives it: Docker's own restart policy, the kernel's own OOM killer.
// make test-compose prepares Docker and the image; nothing of this runs in make test.
#include "compose/stack.hpp"

namespace chaos::test {
namespace {

class Containers : public Stack {
 protected:
  static void SetUpTestSuite() { bring_up("CHAOSLAB_SPEED=60"); }
  static void TearDownTestSuite() { take_down(); }
};

TEST_F(Containers, EveryOneTurnsHealthyAndTheShopIsServed) {
  EXPECT_TRUE(eventually([] { return healthy() == 20; }, std::chrono::seconds(30))) << healthy() << " of 17 nodes, controller, Prometheus, Alertmanager";
  EXPECT_TRUE(eventually([] { return sh("curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:8080/items/7").out == "200"; }));
  tell("from up to every container healthy and the shop served", seconds_up(), "s");
  EXPECT_EQ(sh("redis-cli -p 6379 ping").out, "PONG\n");
  EXPECT_TRUE(eventually([] { return orders() > 3; }));
  EXPECT_NE(compose("exec -T controller chaosctl status").out.find("server-1"), std::string::npos) << "chaosctl works inside too";
  EXPECT_TRUE(eventually([] { return success() > 0.99; }));
  tell("memory of the nodes and the controller by docker stats", lab_mb(), "MB");
}

TEST_F(Containers, ALeakEndsByTheKernelsOomKillAndTheRecordSaysSo) {
  EXPECT_EQ(ctl("inject memory_leak server-1 --mb-per-lab-hour 1500").exit, 0);
  EXPECT_TRUE(eventually([] { return ctl("events").out.find("server-1 ended: gone at its memory limit (out of memory)") != std::string::npos; }, std::chrono::seconds(40))) << ctl("events").out;
  const auto killed = [] { return sh("docker events --since 2m --until $(date +%s) --filter event=oom --format '{{.Actor.ID}}'").out.find(container("server-1")) != std::string::npos; };
  EXPECT_TRUE(eventually(killed)) << "the kernel's OOM killer did it";     // --until leaves the running second out
  EXPECT_TRUE(eventually([] { return ready("server-1"); }, std::chrono::seconds(40)));
  EXPECT_NE(inspect("server-1", ".RestartCount"), "0");
}

TEST_F(Containers, ACrashIsARestartByDockerAndNoAcknowledgedOrderIsLost) {
  const std::string before = inspect("postgres-1", ".State.StartedAt");
  EXPECT_EQ(ctl("inject crash postgres-1").exit, 0);
  EXPECT_TRUE(eventually([&] { return inspect("postgres-1", ".State.StartedAt") != before && ready("postgres-1"); }, std::chrono::seconds(40)));
  EXPECT_EQ(node("postgres-1").at("restarts").to_number<int>(), 1);
}

TEST_F(Containers, ScaleWakesAStandbyAndARestartGoesThroughDocker) {
  EXPECT_EQ(ctl("scale server 5").exit, 0);
  EXPECT_TRUE(ready("server-5"));
  EXPECT_NE(sh("curl -s http://127.0.0.1:7070/sd").out.find("server-5"), std::string::npos);
  const std::string before = inspect("server-5", ".State.StartedAt");
  const Output restarted = ctl("restart server-5");
  EXPECT_EQ(restarted.exit, 0) << restarted.out;
  EXPECT_NE(inspect("server-5", ".State.StartedAt"), before);
  EXPECT_EQ(ctl("scale server 4").exit, 0);
  EXPECT_TRUE(eventually([] { return node("server-5").at("phase").as_string() == "PHASE_STANDBY"; }));
}

// Its data thread does not hear the order to end: the node sees to it that it ends all the same.
TEST_F(Containers, AHungNodeIsRestarted) {
  for (const std::string name : {"server-2", "replica-1"}) {
    const std::string before = inspect(name, ".State.StartedAt");
    ASSERT_EQ(ctl("inject pause " + name).exit, 0);
    const Output restarted = ctl("restart " + name);
    EXPECT_EQ(restarted.exit, 0) << restarted.out;
    EXPECT_NE(inspect(name, ".State.StartedAt"), before);
    EXPECT_TRUE(ready(name));
    EXPECT_EQ(ctl("clear --all").exit, 0);
  }
}

TEST_F(Containers, TheShopOutlivesItsControllerAndTheRunGoesOn) {
  sh("docker kill -s KILL " + container("controller"));
  const int before = orders();
  EXPECT_TRUE(eventually([&] { return orders() > before + 3; })) << "traffic needs no controller";
  sh("docker start " + container("controller"));
  EXPECT_TRUE(eventually([] { return state() == "running" && ready("client-1"); }, std::chrono::seconds(30)));
  EXPECT_EQ(ask("status").at("run").as_string(), "r1");
  EXPECT_NE(ctl("events").out.find("goes on with the run"), std::string::npos);
  EXPECT_EQ(node("client-1").at("restarts").to_number<int>(), 0) << "the same process";
}

TEST_F(Containers, TheLedgerHoldsAtTheEnd) {
  EXPECT_TRUE(eventually([] { return ready("postgres-1") && ready("queue-1") && ready("worker-1"); }, std::chrono::seconds(30)));
  EXPECT_EQ(ctl("down --settle").exit, 0);
  EXPECT_TRUE(eventually([] { return compose("exec -T controller chaosctl drill list --runs").out.find("ended") != std::string::npos; }, std::chrono::seconds(60)));
  const Output report = compose("exec -T controller sh -c 'chaosctl postmortem r1 >/dev/null && cat /data/reports/postmortem-r1.md'");
  EXPECT_NE(report.out.find(" 0 lost, 0 without a receipt"), std::string::npos) << report.out;
}

}  // namespace
}  // namespace chaos::test
