// How the load balancer places requests: queues, retries, cookies, slow start. Seen by curl and in its statistics.
#include "support/compat.hpp"
#include "support/lb_bench.hpp"

#include <gmock/gmock.h>

namespace chaos::test {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(LbRouting, RequestsQueueForAPlaceAndGiveUpInTime) {
  compat("HAProxy", "Routing", "maxconn per server, queue of the backend (qcur, qmax, qtime), timeout queue: 503, sQ");
  LbBench lb(2, R"("maxConnections":1,"timeoutMs":4000,"queueTimeoutMs":600)");
  TempDir dir;
  std::vector<std::unique_ptr<Child>> users;
  for (int i = 0; i < 4; ++i) {
    users.push_back(std::make_unique<Child>(std::vector<std::string>{"/usr/bin/env", "curl", "-s", "-o", "/dev/null", "-w", "%{http_code} ", "http://" + lb.address() + ":8080/slow"},
                                            dir.path() / "codes"));
  }
  EXPECT_TRUE(lb.becomes("BACKEND", "qcur", "2"));
  EXPECT_EQ(lb.figure("server-1", "scur"), "1");
  EXPECT_EQ(lb.figure("server-2", "scur"), "1");
  EXPECT_EQ(lb.figure("BACKEND", "scur"), "4");
  for (auto& user : users) EXPECT_EQ(user->wait(), 0);
  EXPECT_EQ(sh("cat " + (dir.path() / "codes").string()).out, "503 503 200 200 ");
  EXPECT_EQ(lb.figure("BACKEND", "qmax"), "2");
  EXPECT_EQ(lb.figure("BACKEND", "qcur"), "0");
  EXPECT_EQ(lb.figure("BACKEND", "econ"), "2");
  EXPECT_THAT(lb.cli("show events buf0"), testing::ContainsRegex(R"(fe be/<NOSRV> 0/-1/-1/-1/[67][0-9][0-9] 503 [0-9]+ - - sQ-- )"));
}

TEST(LbRouting, AWaitingRequestGetsThePlaceThatComesFree) {
  LbBench lb(1, R"("maxConnections":1,"timeoutMs":4000,"queueTimeoutMs":4000)");
  Child first({"/usr/bin/env", "curl", "-s", "-o", "/dev/null", "http://" + lb.address() + ":8080/slow"}, "/dev/null");
  ASSERT_TRUE(lb.becomes("server-1", "scur", "1"));
  EXPECT_EQ(lb.status_of("/ok"), "200");
  EXPECT_GT(lb.number("server-1", "qtime_max"), 100);
  EXPECT_EQ(lb.figure("server-1", "smax"), "1");
  lb.cli("set maxconn server be/server-1 2");
  EXPECT_EQ(lb.figure("server-1", "slim"), "2");
}

TEST(LbRouting, WhyASessionEndedIsSaid) {
  compat("HAProxy", "Routing", "timeout server: 504, sH; broken connection: 502, SH; no server: 503, SC");
  LbBench lb(1, R"("timeoutMs":300)");
  EXPECT_EQ(lb.status_of("/slow"), "504");
  EXPECT_EQ(lb.figure("server-1", "eresp"), "1");
  EXPECT_EQ(lb.status_of("/close", "-X POST"), "502");
  lb.cli("disable server be/server-1");
  EXPECT_EQ(lb.status_of("/ok"), "503");
  const std::string log = lb.cli("show events buf0");
  EXPECT_THAT(log, testing::ContainsRegex(R"(fe be/server-1 [-0-9/]+ 504 [0-9]+ - - sH-- [^ ]+ 0/0 "GET /slow HTTP/1.1")"));
  EXPECT_THAT(log, testing::ContainsRegex(R"(fe be/server-1 [-0-9/]+ 502 [0-9]+ - - SH-- [^ ]+ 0/0 "POST /close HTTP/1.1")"));
  EXPECT_THAT(log, testing::ContainsRegex(R"(fe be/<NOSRV> [-0-9/]+ 503 [0-9]+ - - SC-- [^ ]+ 0/0 "GET /ok HTTP/1.1")"));
}

TEST(LbRouting, OnlyRequestsThatMayBeRepeatedMoveOn) {
  compat("HAProxy", "Routing", "retries and option redispatch (wretr, wredis)", Compat::differs, "an idempotent request moves on after a broken connection, too (retry-on empty-response)");
  LbBench lb(2);
  EXPECT_EQ(lb.status_of("/close"), "502");
  EXPECT_EQ(lb.figure("BACKEND", "wretr"), "1");
  EXPECT_EQ(lb.figure("BACKEND", "wredis"), "1");
  EXPECT_EQ(lb.status_of("/close", "-X POST"), "502");
  EXPECT_EQ(lb.figure("BACKEND", "wretr"), "1");
  EXPECT_EQ(lb.figure("BACKEND", "eresp"), "3");
  EXPECT_THAT(lb.cli("show events buf0"), HasSubstr(" SH-- "));
}

TEST(LbRouting, WithoutRedispatchTheSameServerIsTriedAgain) {
  LbBench lb(2, R"("redispatch":0,"retries":2)");
  EXPECT_EQ(lb.status_of("/close"), "502");
  EXPECT_EQ(lb.figure("BACKEND", "wretr"), "2");
  EXPECT_EQ(lb.figure("BACKEND", "wredis"), "0");
  EXPECT_TRUE(lb.number("server-1", "eresp") == 3 || lb.number("server-2", "eresp") == 3) << lb.stats();
}

TEST(LbRouting, ACookieKeepsAUserOnAServerEvenWhenItDrains) {
  compat("HAProxy", "Routing", "cookie NAME insert indirect nocache", Compat::works, "off unless lb: {cookie: NAME} is set");
  LbBench lb(2, R"("cookie":"SERVERID","balance":"roundrobin")");
  const std::string first = lb.get("/ok").out;
  EXPECT_THAT(first, HasSubstr("Set-Cookie: SERVERID=server-1; path=/"));
  EXPECT_THAT(first, HasSubstr("Cache-Control: private"));
  lb.cli("set server be/server-1 state drain");
  for (int i = 0; i < 3; ++i) {
    const std::string again = lb.get("/cookies", "-H 'Cookie: a=1; SERVERID=server-1'").out;
    EXPECT_THAT(again, HasSubstr("X-Backend: server-1"));
    EXPECT_THAT(again, Not(HasSubstr("Set-Cookie")));
    EXPECT_TRUE(again.ends_with("a=1")) << again;
  }
  EXPECT_THAT(lb.get("/ok").out, HasSubstr("X-Backend: server-2"));
  lb.cli("set server be/server-1 state maint");
  EXPECT_THAT(lb.get("/ok", "-H 'Cookie: SERVERID=server-1'").out, HasSubstr("Set-Cookie: SERVERID=server-2; path=/"));
  EXPECT_EQ(lb.figure("BACKEND", "cookie"), "SERVERID");
}

TEST(LbRouting, AServerThatComesBackStartsSlowly) {
  compat("HAProxy", "Routing", "slowstart: weight and throttle grow");
  LbBench lb(2, R"("slowstartMs":3000,"balance":"roundrobin")");
  lb.cli("set server be/server-2 weight 100;set server be/server-1 weight 100");
  ASSERT_TRUE(lb.becomes("server-2", "throttle", ""));
  lb.cli("disable server be/server-2;enable server be/server-2");
  const double early = lb.number("server-2", "weight");
  EXPECT_LT(early, 90);
  EXPECT_GE(lb.number("server-2", "throttle"), early - 1);
  EXPECT_TRUE(eventually([&] { return lb.number("server-2", "weight") > early; }));
  EXPECT_EQ(lb.figure("server-2", "uweight"), "100");
  EXPECT_TRUE(lb.becomes("server-2", "weight", "100"));
}

}  // namespace
}  // namespace chaos::test
