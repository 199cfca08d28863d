// The load balancer's runtime API, spoken to by socat on its port and on its socket.
#include "support/compat.hpp"
#include "support/lb_bench.hpp"

#include <gmock/gmock.h>

namespace chaos::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(LbRuntime, TheSocketAndThePortAreOneApi) {
  compat("HAProxy", "Runtime API", "on TCP 9999 and on a UNIX socket of mode 0600");
  compat("HAProxy", "Runtime API", "show stat [typed|json|up|no-maint] [iid type sid], show info [typed|json]", Compat::differs, "without the `desc` and `float` forms; pools and TLS are left out of show info");
  LbBench lb(2);
  const std::string local = "socat - UNIX-CONNECT:" + lb.socket().string();
  EXPECT_EQ(sh("stat -c %a:%F " + lb.socket().string()).out, "600:socket\n");
  EXPECT_EQ(sh("echo 'show backend' | " + local).out, "# name\nbe\n\n");
  sh("echo 'set server be/server-2 state maint' | " + local);
  EXPECT_EQ(lb.figure("server-2", "status"), "MAINT");
  EXPECT_THAT(lb.cli("show stat be 4 -1 typed"), HasSubstr("S.3.2.17.status.1:SGP:str:MAINT\n"));
  EXPECT_EQ(lb.cli("show stat no-maint").find("server-2"), std::string::npos);
  EXPECT_THAT(lb.cli("show info"), StartsWith("Name: HAProxy\nVersion: 2.6.12"));
  EXPECT_THAT(lb.cli("show info typed"), HasSubstr("17.CurrConns.1:MGP:u32:1\n"));
  const std::string several = sh("printf 'prompt\\nshow version;show backend\\nfoo\\nquit\\n' | " + local).out;
  EXPECT_THAT(several, StartsWith("\n> 2.6.12"));
  EXPECT_THAT(several, HasSubstr("# name\nbe\n\n> Unknown command, but maybe one of the following ones is a better match:\n"));
}

TEST(LbRuntime, TakesServersOutAndBack) {
  compat("HAProxy", "Runtime API", "set server ... state ready|drain|maint, enable|disable server: as after HAProxy's, a server out of maintenance is UP 1/3 at once");
  compat("HAProxy", "Runtime API", "set server ... health up|stopping|down, enable|disable health (NOLB, no check)");
  LbBench lb(2);
  EXPECT_EQ(lb.cli("set server be/server-1 state drain"), "");
  EXPECT_EQ(lb.figure("server-1", "status"), "DRAIN");
  const double before = lb.number("server-1", "stot");
  for (int i = 0; i < 6; ++i) EXPECT_THAT(lb.get("/ok").out, HasSubstr("X-Backend: server-2"));
  EXPECT_EQ(lb.number("server-1", "stot"), before);
  EXPECT_EQ(lb.figure("BACKEND", "act"), "1");
  EXPECT_THAT(lb.cli("show servers state be"), HasSubstr(" server-1 " + lb.server(1) + " 2 8 1 1 "));
  lb.cli("set server be/server-1 state ready");
  EXPECT_EQ(lb.figure("server-1", "status"), "UP");
  lb.cli("disable health be/server-1");
  EXPECT_EQ(lb.figure("server-1", "status"), "no check");
  EXPECT_EQ(lb.figure("server-1", "check_status"), "");
  lb.cli("set server be/server-1 health stopping");
  EXPECT_EQ(lb.figure("server-1", "status"), "NOLB");
  lb.cli("set server be/server-1 health down");
  EXPECT_EQ(lb.figure("server-1", "status"), "DOWN");
  lb.cli("enable health be/server-1");
  EXPECT_TRUE(lb.becomes("server-1", "status", "UP"));
  lb.cli("disable health be/server-2;disable server be/server-2;enable server be/server-2");
  EXPECT_EQ(lb.figure("server-2", "status"), "UP 1/3");
}

TEST(LbRuntime, WeightsAreShares) {
  compat("HAProxy", "Runtime API", "get weight, set weight, set server ... weight N|N%");
  LbBench lb(2, R"("balance":"roundrobin")");
  EXPECT_EQ(lb.cli("set server be/server-1 weight 3"), "");
  EXPECT_EQ(lb.cli("get weight be/server-1"), "3 (initial 1)\n");
  for (int i = 0; i < 12; ++i) lb.status_of("/ok");
  EXPECT_EQ(lb.figure("server-1", "stot"), "9");
  EXPECT_EQ(lb.figure("server-2", "stot"), "3");
  EXPECT_EQ(lb.figure("BACKEND", "weight"), "4");
  lb.cli("set weight be/server-1 0");
  for (int i = 0; i < 4; ++i) EXPECT_THAT(lb.get("/ok").out, HasSubstr("X-Backend: server-2"));
  EXPECT_EQ(lb.figure("server-1", "status"), "UP") << "as HAProxy says it";
  EXPECT_EQ(lb.cli("set weight be/server-1 300"), "Absolute weight can only be between 0 and 256 inclusive.\n");
}

TEST(LbRuntime, SessionsAreSeenAndKilled) {
  compat("HAProxy", "Runtime API", "show sess [id], shutdown session, shutdown sessions server", Compat::differs, "requests under way with source, server, age, retries; not the buffers' and flags' dump");
  compat("HAProxy", "Runtime API", "termination states: show events buf0", Compat::differs, "the last 512 sessions that did not end well, in the HTTP log format");
  LbBench lb(1, R"("timeoutMs":4000)");
  TempDir dir;
  for (const char* how : {"session", "sessions"}) {
    const std::string out = (dir.path() / how).string();
    Child user({"/usr/bin/env", "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "http://" + lb.address() + ":8080/slow"}, out);
    std::string id;
    ASSERT_TRUE(eventually([&] {
      const std::string text = lb.cli("show sess");
      id = text.substr(0, text.find(':'));
      return text.find(" srv=server-1 ") != std::string::npos;
    }));
    EXPECT_THAT(lb.cli("show sess " + id), HasSubstr("request=GET /slow"));
    EXPECT_EQ(lb.cli(std::string(how) == "session" ? "shutdown session " + id : "shutdown sessions server be/server-1"), "");
    EXPECT_EQ(user.wait(), 0);
    EXPECT_EQ(sh("cat " + out).out, "502");
    EXPECT_EQ(lb.cli("show sess"), "");
  }
  EXPECT_THAT(lb.cli("show events buf0"), testing::ContainsRegex(R"(fe be/server-1 0/0/[0-9]+/-1/[0-9]+ 502 [0-9]+ - - KH-- 1/1/1/[01]/0 0/0 "GET /slow HTTP/1.1")"));
  EXPECT_EQ(lb.cli("shutdown session 0x1"), "No such session (use 'show sess').\n");
}

TEST(LbRuntime, FrontendsLimitsAndCounters) {
  compat("HAProxy", "Runtime API", "enable|disable frontend (PAUSED), set maxconn frontend|global|server");
  compat("HAProxy", "Runtime API", "clear counters [all]");
  compat("HAProxy", "Runtime API", "show errors", Compat::differs, "the last 8 with their bytes and the answer, not the parser's state; of a request that came in pieces the last one");
  LbBench lb(1);
  EXPECT_EQ(lb.status_of("/ok"), "200");
  lb.cli("disable frontend fe");
  EXPECT_EQ(lb.figure("FRONTEND", "status"), "PAUSED");
  EXPECT_EQ(lb.status_of("/ok"), "000");
  lb.cli("enable frontend fe");
  EXPECT_EQ(lb.status_of("/ok"), "200");
  lb.cli("set maxconn frontend fe 1");
  Child holder({"/usr/bin/env", "socat", "-u", "TCP:" + lb.address() + ":8080", "CREATE:/dev/null"}, "/dev/null");
  ASSERT_TRUE(lb.becomes("FRONTEND", "scur", "1"));
  EXPECT_EQ(lb.status_of("/ok", "-m 0.3"), "000") << "waits in the backlog";
  EXPECT_EQ(lb.figure("FRONTEND", "slim"), "1");
  lb.cli("set maxconn frontend fe 100");
  EXPECT_TRUE(eventually([&] { return lb.status_of("/ok") == "200"; }));
  sh("printf 'GARBAGE\\r\\n\\r\\n' | socat -t 1 - TCP:" + lb.address() + ":8080");
  EXPECT_EQ(lb.figure("FRONTEND", "ereq"), "1");
  const std::string errors = lb.cli("show errors");
  EXPECT_THAT(errors, HasSubstr("frontend fe (#2): invalid request\n"));
  EXPECT_THAT(errors, HasSubstr("  len 11, answered 400 :\n  \n  00000  GARBAGE\\r\\n\n  00009  \\r\\n\n"));
  lb.cli("clear counters");
  EXPECT_GE(lb.number("FRONTEND", "req_tot"), 3);
  lb.cli("clear counters all");
  EXPECT_EQ(lb.figure("FRONTEND", "req_tot"), "0");
  EXPECT_EQ(lb.figure("server-1", "hrsp_2xx"), "0");
  EXPECT_GE(std::stod(sh("curl -s http://" + lb.address() + ":9100/metrics | grep '^haproxy_server_http_responses_total.*2xx' | cut -d' ' -f2").out), 3)
      << "metrics never go back";
}

TEST(LbRuntime, RefusesInHaproxysWords) {
  compat("HAProxy", "Runtime API", "help, prompt, quit, ';', show backend, show version, set timeout cli; errors in HAProxy's words");
  compat("HAProxy", "Runtime API", "show table, clear table", Compat::refused, "No such table: there are no stick tables");
  compat("HAProxy", "Runtime API", "set server ... addr|fqdn|ssl|check-port", Compat::refused, "servers and their addresses are the lab's; there is no TLS");
  compat("HAProxy", "Runtime API", "show env, show pools, show activity, maps, ACLs, certificates", Compat::refused, "Unknown command, with the list of those that there are");
  LbBench lb(1);
  const std::pair<const char*, const char*> words[] = {{"set server be/nope state drain", "No such server.\n"},
                                                       {"set server nope/server-1 state drain", "No such backend.\n"},
                                                       {"set server server-1 state drain", "Require '\\''backend/server'\\''.\n"},
                                                       {"show table be", "No such table\n"},
                                                       {"set server be/server-1 agent up", "agent checks are not enabled on this server.\n"},
                                                       {"enable agent be/server-1", "Agent was not configured on this server, cannot enable.\n"},
                                                       {"set maxconn frontend nope 3", "No such frontend.\n"}};
  for (const auto& [line, answer] : words) {
    std::string expected = answer;
    for (std::size_t at; (at = expected.find("'\\''")) != std::string::npos;) expected.replace(at, 4, "'");
    EXPECT_EQ(lb.cli(line), expected) << line;
  }
  EXPECT_THAT(lb.cli("set server be/server-1 addr 1.2.3.4"), HasSubstr("chaosctl scale"));
  EXPECT_THAT(lb.cli("show env"), StartsWith("Unknown command, but maybe one of the following ones is a better match:\n"));
  EXPECT_THAT(lb.cli("help show stat"), StartsWith("The following commands are valid at this level:\n  show stat [desc|json|no-maint|typed|up]*: "));
  EXPECT_EQ(sh("head -c 6000 /dev/zero | tr '\\0' a | socat -t 1 - TCP:" + lb.address() + ":9999; echo \" $?\"").out, " 0\n") << "a line without an end is bounded";
}

}  // namespace
}  // namespace chaos::test
