#include "lb/agent_reply.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

using Health = AgentReply::Health;

TEST(AgentLine, EndsAtTheFirstLineEnd) {
  EXPECT_EQ(agent_line("75%\nup\n"), "75%");
  EXPECT_EQ(agent_line("up\r\n"), "up");
  EXPECT_EQ(agent_line("\n"), "");
  EXPECT_EQ(agent_line("up"), std::nullopt);
  EXPECT_EQ(agent_line(""), std::nullopt);
}

TEST(AgentReply, NamesWhatChanges) {
  const AgentReply all = read_agent_line("up 75%, maint\tmaxconn:30");
  EXPECT_EQ(all.health, Health::up);
  EXPECT_EQ(all.percent, 75u);
  EXPECT_EQ(all.admin, AdminState::maint);
  EXPECT_EQ(all.max_connections, 30u);
  EXPECT_EQ(all.told, "via agent : up");
  const AgentReply nothing = read_agent_line("");
  EXPECT_EQ(nothing.health, Health::same);
  EXPECT_FALSE(nothing.percent || nothing.admin || nothing.max_connections);
  EXPECT_EQ(nothing.told, "");
}

TEST(AgentReply, SaysWhyInHaproxysWords) {
  // Compared with HAProxy 2.6.12's last_agt, line by line.
  const std::pair<const char*, const char*> told[] = {{"fail", "via agent : fail"},
                                                      {"FAIL, up # hm", "via agent : up (hm)"},
                                                      {"down #\t too busy, really", "via agent : down (too busy, really)"},
                                                      {"bogus up", "via agent : up (bogus)"},
                                                      {"bogus down # why, not", "via agent : down (why, not)"},
                                                      {"bogus down", "via agent : down (bogus)"},
                                                      {"up # fine maxconn:x", "via agent : up (fine maxconn:x)"},
                                                      {"maxconn:x up", "via agent : up (maxconn string empty or preceded by garbage)"},
                                                      {"failed", "agent reports an error : failed"},
                                                      {"-5%", "agent reports an error : -5%"},
                                                      {"5x%", "agent warns : Trailing garbage in weight string"},
                                                      {"maxconn:5x", "agent warns : Trailing garbage in maxconn string"},
                                                      {"75%", ""},
                                                      {"75% # why", ""},
                                                      {"drain", ""}};
  for (const auto& [line, expected] : told) EXPECT_EQ(read_agent_line(line).told, expected) << line;
}

TEST(AgentReply, OnlyKnownWordsAct) {
  for (const char* line : {"failed", "UPP", "down#why", "ready:", "100", "%", "#down", "# up"}) {
    const AgentReply reply = read_agent_line(line);
    EXPECT_EQ(reply.health, Health::same) << line;
    EXPECT_FALSE(reply.percent || reply.admin || reply.max_connections) << line;
  }
  for (const char* line : {"DOWN", "Stopped", "up,fail"}) EXPECT_EQ(read_agent_line(line).health, Health::down) << line;
  EXPECT_EQ(read_agent_line("drain ready").admin, AdminState::ready) << "the last one counts";
  EXPECT_EQ(read_agent_line("10% 20%").percent, 20u);
  EXPECT_EQ(read_agent_line("MaxConn:7").max_connections, 7u);
}

TEST(AgentReply, IsBounded) {
  EXPECT_EQ(read_agent_line("99999999999999999999999%").percent, 25600u);
  EXPECT_EQ(read_agent_line("maxconn:99999999999999999999999").max_connections, 1'000'000u);
  EXPECT_EQ(read_agent_line("x\x01" "y\xff<").told, "agent reports an error : x?y?<");
  EXPECT_EQ(relative_weight(100, 75), 75u);
  EXPECT_EQ(relative_weight(100, 150), 150u);
  EXPECT_EQ(relative_weight(1, 99), 0u);
  EXPECT_EQ(relative_weight(100, 0), 0u);
  EXPECT_EQ(relative_weight(100, ~std::uint64_t{0}), 256u);
}

}  // namespace
}  // namespace chaos
