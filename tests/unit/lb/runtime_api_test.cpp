#include "lb/runtime_api.hpp"
#include "unit/lb/fake_lb.hpp"

#include <gmock/gmock.h>

namespace chaos {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class RuntimeApiTest : public testing::Test {
 protected:
  std::string say(std::string_view line) { return api_.run(line).text; }
  test::FakeLb lb_;
  RuntimeApi api_{lb_};
};

TEST_F(RuntimeApiTest, OrdersAnAgent) {
  EXPECT_EQ(say("set server be/server-1 agent down"), "\n");
  EXPECT_EQ(lb_.agent.up, false);
  EXPECT_EQ(say("set server be/server-1 agent up"), "\n");
  EXPECT_EQ(lb_.agent.up, true);
  EXPECT_EQ(say("set server be/server-1 agent-addr 127.0.0.5 port 99"), "\n");
  EXPECT_EQ(lb_.agent.address, "127.0.0.5");
  EXPECT_EQ(lb_.agent.port, 99);
  EXPECT_EQ(say("set server be/server-1 agent-port 7778"), "\n");
  EXPECT_EQ(lb_.agent.port, 7778);
  EXPECT_FALSE(lb_.agent.address);
  EXPECT_EQ(say("set server be/server-1 agent-send state"), "\n");
  EXPECT_EQ(lb_.agent.send, "state");
  EXPECT_EQ(say("disable agent be/server-1"), "\n");
  EXPECT_EQ(lb_.agent.enabled, false);
  EXPECT_EQ(say("enable agent be/server-3"), "\n");
  EXPECT_EQ(lb_.agent.enabled, true);
}

// Byte by byte what HAProxy 2.6.12 answers: some without the empty line.
TEST_F(RuntimeApiTest, RefusesAnAgentsOrdersInHaproxysWords) {
  const std::pair<const char*, const char*> words[] = {
      {"set server be/server-1 agent", "'set server <srv> agent' expects 'up' or 'down'.\n\n"},
      {"set server be/server-1 agent-addr", "set server <b>/<s> agent-addr requires an address and optionally a port.\n\n"},
      {"set server be/server-1 agent-port", "set server <b>/<s> agent-port requires a port.\n\n"},
      {"set server be/server-1 agent-port x", "provided port is not an integer\n"},
      {"set server be/server-1 agent-port 70000", "provided port is invalid\n"},
      {"set server be/server-1 agent-addr foo.", "invalid addr 'foo.'\n"},
      {"set server be/server-2 agent up", "agent checks are not enabled on this server.\n\n"},
      {"set server be/server-3 agent-send x", "agent checks are not enabled on this server.\n\n"},
      {"set server be/server-2 agent-port 7", "agent checks are not enabled on this server\n"},
      {"enable agent be/server-2", "Agent was not configured on this server, cannot enable.\n\n"},
      {"disable agent be/server-2", "\n"}};
  for (const auto& [line, answer] : words) EXPECT_EQ(say(line), answer) << line;
  EXPECT_EQ(lb_.order, "") << "nothing was ordered";
  EXPECT_THAT(say("set server be/server-1 agent-nonsense"), StartsWith("usage: set server"));
}

TEST_F(RuntimeApiTest, SetsTheStateOfAServer) {
  EXPECT_EQ(say("set server be/server-1 state drain"), "\n");
  EXPECT_EQ(lb_.last, AdminState::drain);
  EXPECT_EQ(say("set server be/server-1 state maint"), "\n");
  EXPECT_EQ(lb_.last, AdminState::maint);
  EXPECT_EQ(say("enable server be/server-1"), "\n");
  EXPECT_EQ(lb_.last, AdminState::ready);
  EXPECT_EQ(say("disable server be/server-1"), "\n");
  EXPECT_EQ(lb_.last, AdminState::maint);
}

TEST_F(RuntimeApiTest, SaysWhoseADrainIsThatItCannotEnd) {
  lb_.views[0].drained = true;
  EXPECT_EQ(say("set server be/server-1 state ready"), "server-1 is drained by the lab's controller: chaosctl undrain server-1.\n\n");
  EXPECT_EQ(say("set server be/server-1 state drain"), "\n");
}

TEST_F(RuntimeApiTest, OrdersReachTheLoadBalancer) {
  const std::pair<const char*, const char*> orders[] = {{"set server be/server-1 health down", "server-1: down"},
                                                        {"set server be/server-1 health stopping", "server-1: stopping"},
                                                        {"set server be/server-1 weight 10", "server-1: weight 10"},
                                                        {"set weight be/server-2 100%", "server-2: weight 1"},
                                                        {"disable health be/server-1", "server-1: unchecked"},
                                                        {"enable health be/server-1", "server-1: checked"},
                                                        {"set maxconn server be/server-1 5", "server-1: limit 5"},
                                                        {"set maxconn frontend fe 100", "fe: limit 100"},
                                                        {"set maxconn global 1000", "global: 1000"},
                                                        {"disable frontend fe", "fe: paused"},
                                                        {"enable frontend fe", "fe: open"},
                                                        {"shutdown session 0xabc", "session: 2748"},
                                                        {"shutdown sessions server be/server-1", "server-1: kill"},
                                                        {"clear counters", "counters: max"},
                                                        {"clear counters all", "counters: all"}};
  for (const auto& [line, order] : orders) {
    EXPECT_EQ(say(line), "\n") << line;
    EXPECT_EQ(lb_.order, order) << line;
  }
}

// The words are those that HAProxy 2.6.12 answered with.
TEST_F(RuntimeApiTest, RefusesAsHaproxyDoes) {
  const std::pair<const char*, const char*> refusals[] = {
      {"set server be/nope state drain", "No such server.\n\n"},
      {"set server x/server-1 state drain", "No such backend.\n\n"},
      {"set server be/server-1 state foo", "'set server <srv> state' expects 'ready', 'drain' and 'maint'.\n\n"},
      {"set server be/server-1 health", "'set server <srv> health' expects 'up', 'stopping', or 'down'.\n\n"},
      {"set server be/server-2 agent up", "agent checks are not enabled on this server.\n\n"},
      {"set server be/server-1 weight", "Require <weight> or <weight%>.\n\n"},
      {"set server be/server-1 weight 300", "Absolute weight can only be between 0 and 256 inclusive.\n\n"},
      {"set server", "Require 'backend/server'.\n\n"},
      {"get weight", "Require 'backend/server'.\n\n"},
      {"show servers state nope", "Can't find backend.\n\n"},
      {"show stat x y z", "No such proxy.\n\n"},
      {"show sess 0x1", "Session not found.\n\n"},
      {"show table nope", "No such table\n\n"},
      {"set maxconn frontend", "A frontend name is expected.\n\n"},
      {"set maxconn frontend nope 3", "No such frontend.\n\n"},
      {"set maxconn frontend fe", "Integer value expected.\n\n"},
      {"set maxconn server be/server-1", "Require <maxconn>.\n\n"},
      {"set maxconn global", "Expects an integer value.\n\n"},
      {"set maxconn global 99999", "Value out of range.\n\n"},
      {"enable frontend fe", "All sockets are already enabled.\n\n"},
      {"enable agent be/server-2", "Agent was not configured on this server, cannot enable.\n\n"},
      {"shutdown session", "Session pointer expected (use 'show sess').\n\n"},
      {"shutdown session 0x1234", "No such session (use 'show sess').\n\n"},
      {"set timeout foo", "'set timeout' only supports 'cli'.\n\n"}};
  for (const auto& [line, answer] : refusals) EXPECT_EQ(say(line), answer) << line;
  EXPECT_EQ(lb_.last, AdminState::ready);
}

TEST_F(RuntimeApiTest, AWrongCommandIsToldWhatMayHaveBeenMeant) {
  EXPECT_THAT(say(""), StartsWith("Unknown command. Please enter one of the following commands only:\n"));
  const std::string servers = say("show servers");
  EXPECT_THAT(servers, StartsWith("Unknown command, but maybe one of the following ones is a better match:\n"));
  EXPECT_THAT(servers, HasSubstr("  show servers conn [<backend>]  "));
  EXPECT_THAT(servers, Not(HasSubstr("show stat")));
  EXPECT_THAT(say("shw stat"), HasSubstr("  show stat [desc|json|no-maint|typed|up]*: "));
  EXPECT_THAT(say("help show stat"), Not(HasSubstr("set server")));
  EXPECT_THAT(say("help"), HasSubstr("set server <bk>/<srv>"));
}

TEST_F(RuntimeApiTest, ShowsStatInfoAndBackends) {
  EXPECT_THAT(say("show stat"), StartsWith("# pxname,svname,"));
  EXPECT_THAT(say("show stat -1 4 -1"), Not(HasSubstr("FRONTEND")));
  EXPECT_THAT(say("show stat be 4 1 typed"), StartsWith("S.3.1.0.pxname.1:KNS:str:be\n"));
  EXPECT_EQ(say("show info"), "Pid: 17\nNbproc: 1\n\n");
  EXPECT_EQ(say("show info typed"), "6.Pid.1:SGP:u32:17\n4.Nbproc.1:CGS:u32:1\n\n");
  EXPECT_THAT(say("show info json"), StartsWith(R"([{"field":{"pos":6,"name":"Pid"})"));
  EXPECT_EQ(say("show backend"), "# name\nbe\n\n");
  EXPECT_EQ(say("get weight be/server-1"), "1 (initial 1)\n\n");
  EXPECT_EQ(say("show events buf0"), "a line\n\n");
}

TEST_F(RuntimeApiTest, ShowsTheStateOfServers) {
  lb_.views[2].drained = true;
  const std::string text = say("show servers state be");
  EXPECT_THAT(text, StartsWith("1\n# be_id be_name srv_id srv_name "));
  EXPECT_THAT(text, HasSubstr("\n3 be 1 server-1 127.0.0.1 2 0 1 1 19 15 3 4 6 22 0 0 - 8080 - 0 0 - - 7777\n"));
  EXPECT_THAT(text, HasSubstr("\n3 be 2 server-2 127.0.0.1 2 8 1 1 19 15 3 4 6 "));
  EXPECT_THAT(text, HasSubstr("\n3 be 3 server-3 127.0.0.3 0 16 1 1 7 8 2 0 6 "));
  EXPECT_THAT(say("show servers conn"), HasSubstr("be/server-1 3/1 127.0.0.1 8080 - "));
}

TEST_F(RuntimeApiTest, ShowsSessions) {
  const std::string text = say("show sess");
  EXPECT_THAT(text, StartsWith("0xabc: proto=tcpv4 src=127.0.0.9:1234 fe=fe be=be srv=server-1 age=3s calls=2 "));
  EXPECT_THAT(text, HasSubstr("0xdef: proto=tcpv4 src=127.0.0.9:1235 fe=fe be=be srv=<none> "));
  EXPECT_THAT(say("show sess 0xdef"), HasSubstr("waiting=1"));
}

TEST_F(RuntimeApiTest, OneLineOfSeveralCommandsEndsTheSession) {
  const auto reply = api_.run("show backend;set server be/server-1 state drain; show backend\r");
  EXPECT_EQ(reply.text, "# name\nbe\n\n\n# name\nbe\n\n");
  EXPECT_TRUE(reply.close);
}

TEST_F(RuntimeApiTest, APromptKeepsTheSession) {
  auto reply = api_.run("prompt");
  EXPECT_EQ(reply.text, "\n> ");
  EXPECT_FALSE(reply.close);
  reply = api_.run("show backend");
  EXPECT_EQ(reply.text, "# name\nbe\n\n> ");
  EXPECT_FALSE(reply.close);
  reply = api_.run("quit");
  EXPECT_EQ(reply.text, "");
  EXPECT_TRUE(reply.close);
}

TEST_F(RuntimeApiTest, ASecondPromptEndsTheSession) {
  api_.run("prompt");
  EXPECT_TRUE(api_.run("prompt").close);
}

TEST_F(RuntimeApiTest, SetsTheSessionsTimeout) {
  EXPECT_EQ(say("set timeout cli 86400"), "\n");
  EXPECT_EQ(api_.timeout_s(), 86400);
  EXPECT_EQ(say("set timeout cli soon"), "Invalid timeout value.\n\n");
  EXPECT_EQ(say("set timeout cli 0"), "Invalid timeout value.\n\n");
  EXPECT_EQ(api_.timeout_s(), 86400);
}

TEST(SplitCommands, ABackslashTakesTheNextCharacterAsItIs) {
  const auto commands = runtime_api::split_commands("a b\\ c;d\\;e  f;");
  ASSERT_EQ(commands.size(), 2u);
  EXPECT_THAT(commands[0], testing::ElementsAre("a", "b c"));
  EXPECT_THAT(commands[1], testing::ElementsAre("d;e", "f"));
}

}  // namespace
}  // namespace chaos
