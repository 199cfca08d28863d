// The whole lab in containers, as `docker compose up` gives it: Docker's own restart policy, the kernel's own OOM killer.
// make test-compose prepares Docker and the image; nothing of this runs in make test.
#include "support/process.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace chaos::test {
namespace {

namespace json = boost::json;

const std::string kProject = "chaoslab-test";

class Containers : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const Output up = compose("up -d --no-build", 120);
    ASSERT_EQ(up.exit, 0) << up.out;
    ASSERT_TRUE(eventually([] { return state() == "running"; }, std::chrono::seconds(60))) << compose("logs --tail 20").out;
  }
  static void TearDownTestSuite() {
    const Output down = compose("down -v", 120);
    EXPECT_EQ(down.exit, 0) << down.out;
    EXPECT_EQ(sh("docker ps -aq --filter label=com.docker.compose.project=" + kProject).out, "");
    EXPECT_EQ(sh("docker volume ls -q --filter label=com.docker.compose.project=" + kProject).out, "");
  }

  static Output compose(const std::string& arguments, int seconds = 60) {
    return sh("docker-compose -p " + kProject + " -f " + CHAOSLAB_SOURCE_DIR + "/compose/compose.yaml " + arguments, seconds);
  }
  /// As a person does from the host.
  static Output ctl(const std::string& arguments, int seconds = 90) { return sh((bin_dir() / "chaosctl").string() + " --controller 127.0.0.1:7000 " + arguments, seconds); }
  static json::value ask(const std::string& arguments) {
    boost::system::error_code ec;
    const auto value = json::parse(ctl("-o json " + arguments).out, ec);
    return ec ? json::value() : value;
  }
  static std::string state() {
    const auto status = ask("status");
    return status.is_object() ? std::string(status.at("state").as_string()) : std::string();
  }
  static json::value node(const std::string& name) {
    const auto status = ask("status");
    if (!status.is_object()) return {};
    for (const auto& one : status.at("nodes").as_array()) {
      if (one.at("name").as_string() == name) return one;
    }
    return {};
  }
  static bool ready(const std::string& name) {
    const auto found = node(name);
    return found.is_object() && found.at("attached").as_bool() && found.at("phase").as_string() == "PHASE_READY";
  }
  static std::string container(const std::string& service) { return sh("docker ps -aq --filter label=com.docker.compose.project=" + kProject + " --filter label=com.docker.compose.service=" + service + " | tr -d '\\n'").out; }
  static std::string inspect(const std::string& service, const std::string& what) { return sh("docker inspect --format '{{" + what + "}}' " + container(service) + " | tr -d '\\n'").out; }
  static int orders() { return std::stoi("0" + sh("psql -h 127.0.0.1 -U shop -tAc 'select count(*) from orders'").out); }
  static double success() { return ask("contract").at("uptime_now").to_number<double>(); }
};

TEST_F(Containers, EveryOneTurnsHealthyAndTheShopIsServed) {
  const auto healthy = [] { return sh("docker ps -q --filter label=com.docker.compose.project=" + kProject + " --filter health=healthy | wc -l | tr -d '\\n '").out; };
  EXPECT_TRUE(eventually([&] { return healthy() == "18"; }, std::chrono::seconds(30))) << healthy();
  EXPECT_EQ(sh("curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:8080/items/7").out, "200");
  EXPECT_EQ(sh("redis-cli -p 6379 ping").out, "PONG\n");
  EXPECT_TRUE(eventually([] { return orders() > 3; }));
  EXPECT_NE(compose("exec -T controller chaosctl status").out.find("server-1"), std::string::npos) << "chaosctl works inside too";
  EXPECT_TRUE(eventually([] { return success() > 0.99; }));
}

TEST_F(Containers, ALeakEndsByTheKernelsOomKillAndTheRecordSaysSo) {
  EXPECT_EQ(ctl("inject memory_leak server-1 --mb-per-lab-hour 1500").exit, 0);
  EXPECT_TRUE(eventually([] { return ctl("events").out.find("server-1 ended: gone at its memory limit (out of memory)") != std::string::npos; }, std::chrono::seconds(40))) << ctl("events").out;
  EXPECT_NE(sh("docker events --since 2m --until $(date +%s) --filter event=oom --format '{{.Actor.ID}}'").out.find(container("server-1")), std::string::npos);
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
