// Each fault in a running lab: it bites (a figure outside the node moves) and it is gone after clearing (the figure returns).
#include "support/gauge.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <csignal>

namespace chaos::test {
namespace {

class Faults : public testing::Test {
 protected:
  Faults() : lab(test_drill("steady"), "--speed 60") {}
  void SetUp() override {
    ASSERT_TRUE(lab.up());
    ASSERT_TRUE(eventually([this] { return requests() > 100 && success_now(lab) > 0.99; })) << lab.ctl("status").out;
  }
  double requests() { return std::stod(std::string(lab.json("contract").at("requests").as_string())); }
  double p95_of(const std::string& node) {
    const auto found = lab.node(node);
    return found.is_object() ? found.at("p95_ms").to_number<double>() : std::nan("");
  }
  Lab lab;
};

TEST_F(Faults, MemoryLeakGrowsTheProcessAndClearingGivesTheMemoryBack) {
  const double before = resident_mb(lab, "server-1");
  const std::string id = inject(lab, "memory_leak server-1 --mb-per-lab-hour 400");
  EXPECT_TRUE(eventually([&] { return resident_mb(lab, "server-1") > before + 15; }));
  EXPECT_LT(resident_mb(lab, "server-2"), before + 10);
  clear(lab, id);
  EXPECT_TRUE(eventually([&] { return resident_mb(lab, "server-1") < before + 8; }));
}

TEST_F(Faults, ALeakAtItsLimitEndsByAKillThatTheRecordNames) {
  inject(lab, "memory_leak server-1 --mb-per-lab-hour 3000");
  const auto told = [&](const std::string& verb, const std::string& what) { return lab.ctl(verb).out.find(what) != std::string::npos; };
  EXPECT_TRUE(eventually([&] { return told("events", "server-1 ended: OOMKilled (out of memory, exit code 137)"); })) << lab.ctl("events").out;
  EXPECT_TRUE(told("status", "OOMKilled")) << lab.ctl("status").out;
  ::kill(lab.pid("server-2"), SIGKILL);
  EXPECT_TRUE(eventually([&] { return told("events", "server-2 ended: SIGKILL  ("); })) << lab.ctl("events").out;
}

TEST_F(Faults, CrashKillsTheProcessOnceAndItIsBackWithinItsBootTime) {
  const int before = lab.pid("server-1");
  const auto begin = std::chrono::steady_clock::now();
  inject(lab, "crash server-1");
  ASSERT_TRUE(eventually([&] { return lab.pid("server-1") != before && lab.pid("server-1") != 0; }));
  ASSERT_TRUE(lab.ready("server-1"));
  const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  EXPECT_LT(took, 0.5 + 1 + 2) << "boot 30 lab s is 0.5 s; two more for busy cores";
  const int after = lab.pid("server-1");
  EXPECT_TRUE(eventually([&] { return success_now(lab) > 0.99; }));
  EXPECT_EQ(lab.pid("server-1"), after) << "a crash happens once";
}

TEST_F(Faults, PauseHangsServiceAndMetricsWhileTheProcessLives) {
  const std::string address = lab.address("server-1");
  const int pid = lab.pid("server-1");
  const std::string id = inject(lab, "pause server-1");
  EXPECT_TRUE(eventually([&] { return std::isnan(metric(address, "process_cpu_seconds_total")); }));
  EXPECT_TRUE(accepts(address, 8080)) << "the kernel still accepts";
  clear(lab, id);
  EXPECT_TRUE(eventually([&] { return !std::isnan(metric(address, "process_cpu_seconds_total")); }));
  EXPECT_EQ(lab.pid("server-1"), pid);
}

TEST_F(Faults, LatencyOnAnEdgeIsFeltByTheCallerAndNotByTheCallee) {
  const double before = p95_of("server-1");
  const std::string id = inject(lab, "latency 'server-1->redis' --delay-ms 120");
  EXPECT_TRUE(eventually([&] { return p95_of("server-1") > before + 100; })) << p95_of("server-1");
  EXPECT_LT(p95_of("server-2"), before + 80);
  EXPECT_LT(p95_of("redis-1"), 80);
  clear(lab, id);
  EXPECT_TRUE(eventually([&] { return p95_of("server-1") < before + 60; })) << p95_of("server-1");
}

TEST_F(Faults, BlackholeEndsCallsByTimeoutUntilItIsCleared) {
  const std::string id = inject(lab, "blackhole 'server->postgres'");
  const auto timeouts = [&] { return metric(lab.address("server-1"), "server_upstream_errors_total", "error=\"timeout\""); };
  EXPECT_TRUE(eventually([&] { return timeouts() > 0 && success_now(lab) < 0.95; })) << timeouts() << " " << success_now(lab);
  clear(lab, id);
  EXPECT_TRUE(eventually([&] { return success_now(lab) > 0.99; })) << success_now(lab);
}

TEST_F(Faults, ErrorAnswersItsShareOfRequests) {
  const std::string id = inject(lab, "error server --probability 0.5 --status 500");
  EXPECT_TRUE(eventually([&] { return success_now(lab) < 0.75; })) << success_now(lab);
  clear(lab, id);
  EXPECT_TRUE(eventually([&] { return success_now(lab) > 0.99; })) << success_now(lab);
}

TEST_F(Faults, FlushEmptiesRedisAndTheCacheWarmsAgain) {
  const auto keys = [&] { return std::stol("0" + sh("redis-cli -h " + lab.address("redis-1") + " DBSIZE").out); };
  ASSERT_TRUE(eventually([&] { return keys() > 100; }));
  const double expired = metric(lab.address("server-1"), "server_cache_requests_total", "miss");
  inject(lab, "flush redis-1");
  EXPECT_TRUE(eventually([&] { return metric(lab.address("server-1"), "server_cache_requests_total", "miss") > expired + 5; }));
  EXPECT_TRUE(eventually([&] { return keys() > 100; }));
}

TEST_F(Faults, LagMakesTheReplicaSeeThePast) {
  const auto behind = [&] {
    const auto count = [&](const std::string& node) { return std::stol("0" + sh("psql -h " + lab.address(node) + " -U shop -At -c 'select max(id) from orders'").out); };
    return count("postgres-1") - count("replica-1");
  };
  const std::string id = inject(lab, "lag replica-1 --delay-lab-s 5m");
  EXPECT_TRUE(eventually([&] { return behind() > 20; })) << behind();
  clear(lab, id);
  EXPECT_TRUE(eventually([&] { return behind() <= 3; })) << behind();
}

TEST_F(Faults, AnEdgeOrFaultThatDoesNotExistIsRefusedWithTheNearestName) {
  EXPECT_EQ(lab.ctl("inject crash serber-1").exit, 4);
  EXPECT_NE(lab.ctl("inject crash serber-1").out.find("server-1"), std::string::npos) << lab.ctl("inject crash serber-1").out;
  EXPECT_EQ(lab.ctl("inject memory_leek server-1").exit, 2);
  EXPECT_NE(lab.ctl("inject memory_leek server-1").out.find("memory_leak"), std::string::npos);
  EXPECT_EQ(lab.ctl("inject flush server-1").exit, 2);
  EXPECT_EQ(lab.ctl("inject latency server-1 --delay-ms -5").exit, 2);
}

}  // namespace
}  // namespace chaos::test
