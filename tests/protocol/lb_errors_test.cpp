// What goes wrong behind and before the load balancer, as its statistics and its session log tell it.
#include "support/compat.hpp"
#include "support/lb_bench.hpp"

#include <gmock/gmock.h>

namespace chaos::test {
namespace {

using testing::ContainsRegex;

TEST(LbErrors, AServerThatNeverAnswersAConnectionIsL4TOUT) {
  compat("HAProxy", "Checks", "L4TOUT: a server whose packets vanish");
  LbBench lb(1, R"("checkTimeoutMs":100,"timeoutMs":300,"retries":0)");
  lb.cli("disable health be/server-1");
  lb.end_servers();
  lb.stick(1);
  EXPECT_TRUE(eventually([&] {    // requests fare no better
    return lb.status_of("/ok") == "503" && has(lb.cli("show events buf0"), " - - sC-- ");
  })) << lb.cli("show events buf0");
  lb.cli("enable health be/server-1");
  EXPECT_TRUE(lb.becomes("server-1", "status", "DOWN"));
  EXPECT_TRUE(eventually([&] { return lb.figure("server-1", "check_status").ends_with("L4TOUT"); })) << lb.figure("server-1", "check_status");
  EXPECT_EQ(lb.figure("server-1", "check_desc"), "Layer4 timeout");
  EXPECT_EQ(lb.figure("server-1", "check_code"), "");
  EXPECT_GE(lb.number("server-1", "check_duration"), 95);
  EXPECT_THAT(lb.cli("show servers state be"), ContainsRegex(" server-1 [^ ]+ 0 0 1 1 [0-9]+ 7 2 0 6 "));
}

TEST(LbErrors, RefusedConnectionsAreTheServersAndTheBackends) {
  compat("HAProxy", "Statistics", "econ, eresp, cli_abrt, srv_abrt of servers and of the backend");
  LbBench lb(1, R"("retries":2,"redispatch":0)");
  lb.cli("disable health be/server-1");
  lb.end_servers();
  EXPECT_EQ(lb.status_of("/ok"), "503");
  EXPECT_EQ(lb.figure("server-1", "econ"), "3") << "the first attempt and two more";
  EXPECT_EQ(lb.figure("BACKEND", "econ"), "3");
  EXPECT_EQ(lb.figure("server-1", "wretr"), "2");
  EXPECT_EQ(lb.figure("server-1", "eresp"), "0");
  EXPECT_THAT(lb.cli("show events buf0"), ContainsRegex(R"(fe be/server-1 [0-9]+/[0-9]+/-1/-1/[0-9]+ 503 [0-9]+ - - SC-- )"));
}

TEST(LbErrors, AnAnswerThatBreaksOffIsTheServers) {
  LbBench lb(1, R"("retries":0)");
  EXPECT_EQ(lb.status_of("/half"), "502");
  for (const char* who : {"server-1", "BACKEND"}) {
    EXPECT_EQ(lb.figure(who, "eresp"), "1") << who;
    EXPECT_EQ(lb.figure(who, "srv_abrt"), "1") << who;
    EXPECT_EQ(lb.figure(who, "cli_abrt"), "0") << who;
    EXPECT_EQ(lb.figure(who, "econ"), "0") << who;
  }
}

TEST(LbErrors, AClientThatLeavesIsTheClients) {
  LbBench lb(1, R"("timeoutMs":4000)");
  EXPECT_EQ(lb.status_of("/big"), "200");
  EXPECT_EQ(lb.figure("server-1", "cli_abrt"), "0");
  const Output left = sh("curl -s -m 0.5 --limit-rate 10k -o /dev/null http://" + lb.address() + ":8080/big");
  EXPECT_EQ(left.exit, 28) << "curl gave up";
  for (const char* who : {"server-1", "BACKEND"}) {
    EXPECT_TRUE(lb.becomes(who, "cli_abrt", "1")) << who;
    EXPECT_EQ(lb.figure(who, "srv_abrt"), "0") << who;
    EXPECT_EQ(lb.figure(who, "eresp"), "0") << who;
  }
  EXPECT_THAT(lb.cli("show events buf0"), ContainsRegex(R"(fe be/server-1 [0-9/]+ 200 [0-9]+ - - CD-- [^ ]+ 0/0 "GET /big HTTP/1.1")"));
}

}  // namespace
}  // namespace chaos::test
