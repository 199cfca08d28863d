#include "lb/runtime_api.hpp"

#include <gmock/gmock.h>

namespace chaos {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class FakeLb final : public LbControl {
 public:
  std::vector<StatsRow> rows() override {
    StatsRow row;
    row.set("pxname", "be");
    row.set("svname", "server-1");
    return {row};
  }
  std::vector<ServerState> servers() override {
    ServerState up{1, "server-1", "127.0.0.1", true, false, AdminState::ready, 19, "L7OK", CheckResult::passed, 4};
    ServerState drained = up;
    drained.id = 2;
    drained.name = "server-2";
    drained.admin = AdminState::drain;
    drained.draining = true;
    ServerState down{3, "server-3", "127.0.0.3", false, false, AdminState::ready, 7, "L4CON", CheckResult::failed, 0};
    return {up, drained, down};
  }
  std::vector<std::pair<std::string, std::string>> info() override { return {{"Pid", "17"}, {"Nbproc", "1"}}; }
  bool set_state(std::string_view server, AdminState state) override {
    if (server != "server-1") return false;
    last = state;
    return true;
  }
  AdminState last = AdminState::ready;
};

class RuntimeApiTest : public testing::Test {
 protected:
  std::string say(std::string_view line) { return api_.run(line).text; }
  FakeLb lb_;
  RuntimeApi api_{lb_};
};

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

// The words are those of HAProxy 2.6.
TEST_F(RuntimeApiTest, RefusesAsHaproxyDoes) {
  EXPECT_EQ(say("set server be/nope state drain"), "No such server.\n\n");
  EXPECT_EQ(say("set server x/server-1 state drain"), "No such backend.\n\n");
  EXPECT_EQ(say("set server be/server-1 state foo"), "'set server <srv> state' expects 'ready', 'drain' and 'maint'.\n\n");
  EXPECT_EQ(say("set server"), "Require 'backend/server'.\n\n");
  EXPECT_EQ(say("show servers state nope"), "Can't find backend.\n\n");
  EXPECT_THAT(say("foo"), StartsWith("Unknown command. Please enter one of the following commands only:\n"));
  EXPECT_THAT(say(""), StartsWith("Unknown command."));
  EXPECT_THAT(say("show"), StartsWith("Unknown command."));
  EXPECT_EQ(lb_.last, AdminState::ready);
}

TEST_F(RuntimeApiTest, ShowsStatInfoAndBackends) {
  EXPECT_THAT(say("show stat"), StartsWith("# pxname,svname,"));
  EXPECT_EQ(say("show info"), "Pid: 17\nNbproc: 1\n\n");
  EXPECT_EQ(say("show backend"), "# name\nbe\n\n");
  EXPECT_THAT(say("help"), HasSubstr("set server <bk>/<srv>"));
}

TEST_F(RuntimeApiTest, ShowsTheStateOfServers) {
  const std::string text = say("show servers state be");
  EXPECT_THAT(text, StartsWith("1\n# be_id be_name srv_id srv_name "));
  EXPECT_THAT(text, HasSubstr("\n2 be 1 server-1 127.0.0.1 2 0 1 1 19 15 3 4 6 0 0 0 - 8080 - 0 0 - - 0\n"));
  EXPECT_THAT(text, HasSubstr("\n2 be 2 server-2 127.0.0.1 2 8 1 1 19 15 3 4 6 "));
  EXPECT_THAT(text, HasSubstr("\n2 be 3 server-3 127.0.0.3 0 0 1 1 7 8 2 0 6 "));
}

TEST_F(RuntimeApiTest, OneLineOfSeveralCommandsEndsTheSession) {
  const auto reply = api_.run("show backend;set server be/server-1 state drain;show backend\r");
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
  EXPECT_EQ(api_.run("").text, "> ");
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

}  // namespace
}  // namespace chaos
