#include "serve/event_hub.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

struct EventHubTest : ::testing::Test {
  ManualClock clock;
  Log log{"test", clock};
  std::uint64_t seq = 0;
  EventHub hub{clock, log, [this](const v1::Event&) { return ++seq; }};
};

TEST_F(EventHubTest, NumbersEventsByTheRecord) {
  hub.publish({"run", "", "started", "it begins", "drill"});
  hub.publish({"node", "server-1", "ready", "is ready (v1)", "supervisor"});
  const auto events = hub.after(1, false);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].seq(), 2u);
  EXPECT_EQ(events[0].node(), "server-1");
}

TEST_F(EventHubTest, HidesUntilTheReveal) {
  hub.publish({"fault", "server", "inject", "a leak", "drill", true});
  EXPECT_TRUE(hub.last(10, false).empty());
  EXPECT_EQ(hub.last(10, true).size(), 1u);
  hub.reveal();
  EXPECT_EQ(hub.last(10, false).size(), 1u);
}

TEST_F(EventHubTest, GivesTheLastOnesInOrder) {
  for (int i = 0; i < 5; ++i) hub.publish({"run", "", "tick", "", "drill"});
  const auto events = hub.last(2, false);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].seq(), 4u);
  EXPECT_EQ(events[1].seq(), 5u);
}

}  // namespace
}  // namespace chaos
