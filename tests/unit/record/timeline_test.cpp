#include "record/timeline.hpp"

#include "unit/record/event.hpp"

#include <gtest/gtest.h>

namespace chaos::record {
namespace {

using test::by;
using test::event;

TEST(Timeline, TellsRepeatedEventsOnceAndLeavesSecretsOut) {
  std::vector<v1::Event> events;
  for (int i = 0; i < 7; ++i) events.push_back(event(i * 600.0, "node", "killed", "server-2", "server-2 ended: SIGKILL"));
  events.push_back(event(1000, "node", "booting", "server-2"));
  events.push_back(event(50'000, "node", "killed", "server-2", "server-2 ended: SIGKILL"));
  auto secret = event(300, "fault", "inject", "server", "memory_leak on server (f1)");
  secret.set_hidden(true);
  events.push_back(secret);
  const auto open = timeline_of(events, {.reveal = true}).entries;
  ASSERT_EQ(open.size(), 4u);
  EXPECT_EQ(open[0].count, 1u);      // the fault lies between it and the others
  EXPECT_EQ(open[1].text, "fault begins: memory_leak on server (f1)");
  EXPECT_EQ(open[2].count, 6u);
  EXPECT_EQ(open[2].last_lab_s, 3600);
  EXPECT_EQ(open[2].mark, MarkKind::node);
  EXPECT_EQ(open[3].number, 4);
  const auto closed = timeline_of(events, {}).entries;
  ASSERT_EQ(closed.size(), 2u);
  EXPECT_EQ(closed[0].count, 7u);
}

TEST(Timeline, JoinsTheNodesOfARoleBeforeItGrowsTooLong) {
  std::vector<v1::Event> events;
  for (int hour = 0; hour < 24; ++hour) {
    for (int n = 1; n <= 4; ++n) {
      const std::string node = "server-" + std::to_string(n);
      events.push_back(event(hour * 7200.0 + n, "node", "killed", node, node + " ended: SIGKILL"));
    }
  }
  const auto entries = timeline_of(events, {.reveal = true, .most = 30}).entries;
  ASSERT_EQ(entries.size(), 24u);
  EXPECT_EQ(entries[0].text, "server ended: SIGKILL");
  EXPECT_EQ(entries[0].node, "server-1, server-2, server-3, server-4");
  const auto cut = timeline_of(events, {.reveal = true, .most = 10});
  EXPECT_EQ(cut.entries.size(), 10u);
  EXPECT_EQ(cut.left_out, 14u * 4);
}

TEST(Timeline, ACrashAndAnOutOfMemoryKillAreTwoRows) {
  const std::vector<v1::Event> events{event(2400, "node", "killed", "server-2", "server-2 ended: SIGKILL"),
                                      event(2500, "node", "killed", "server-2", "server-2 ended: OOMKilled (out of memory, exit code 137)"),
                                      event(2600, "node", "killed", "server-2", "server-2 ended: OOMKilled (out of memory, exit code 137)"),
                                      event(9000, "node", "killed", "server-2", "server-2 ended: OOMKilled (out of memory, exit code 137)")};
  const auto entries = timeline_of(events, {.most = 3}).entries;
  ASSERT_EQ(entries.size(), 3u);
  EXPECT_EQ(entries[0].count, 1u);
  EXPECT_EQ(entries[1].count, 2u);
  EXPECT_EQ(entries[2].lab_s, 9000);
}

TEST(Timeline, AResponderThatGoesRoundIsToldByRoleWhereRoomIsShort) {
  std::vector<v1::Event> events;
  for (int i = 0; i < 8; ++i) {
    const std::string node = "server-" + std::to_string(i % 4 + 1);
    events.push_back(event(i * 600.0, "action", "restart", node, "restart of " + node + " because memory is at 0.6" + std::to_string(i)));
    events.push_back(event(i * 600.0 + 300, "action", "restart_done", node, "restart is done"));
  }
  EXPECT_EQ(timeline_of(events, {}).entries.size(), 16u);
  const auto entries = timeline_of(events, {.most = 10}).entries;
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].count, 8u);
  EXPECT_EQ(entries[0].text, "restart of server because memory is at 0.60");
  EXPECT_EQ(entries[0].node, "server-1, server-2, server-3, server-4");
}

TEST(Timeline, WithoutRoomForAllKeepsWhatMattersAndCountsTheRest) {
  std::vector<v1::Event> events{event(0, "run", "started", "", "the day begins")};
  for (int i = 1; i <= 60; ++i) {
    events.push_back(event(i * 300.0, "action", "scale", "redis-1", "scale redis to " + std::to_string(i)));
    events.push_back(event(i * 300.0 + 20, "action", "scale_done", "redis-1", "scale is done"));
    events.push_back(event(i * 300.0 + 30, "node", "ready", "redis-1", "redis-1 is ready"));
  }
  events.push_back(event(57'600, "deploy", "start", "server", "server goes to v2"));
  events.push_back(by("drill", event(59'400, "fault", "inject", "server", "memory_leak on server (f1)")));
  events.push_back(event(70'000, "node", "killed", "server-1", "server-1 ended: OOMKilled (out of memory, exit code 137)"));
  events.push_back(event(80'000, "action", "rollback", "", "server goes to version v1"));
  events.push_back(event(86'400, "run", "ended", "", "the day ends"));
  const auto timeline = timeline_of(events, {.reveal = true, .story_from = 59'400, .most = 10});
  ASSERT_EQ(timeline.entries.size(), 10u);
  EXPECT_EQ(timeline.entries[0].kind, "run");
  EXPECT_EQ(timeline.entries[1].text, "scale redis to 1");
  EXPECT_EQ(timeline.entries[5].kind, "deploy");
  EXPECT_EQ(timeline.entries[6].mark, MarkKind::fault);
  EXPECT_EQ(timeline.entries[7].what, "killed");
  EXPECT_EQ(timeline.entries[8].what, "rollback");
  EXPECT_EQ(timeline.entries[9].lab_s, 86'400);
  EXPECT_EQ(timeline.left_out, events.size() - 10);
}

}  // namespace
}  // namespace chaos::record
