#include "lab/desired_state.hpp"

#include "unit/lab/lab_fixture.hpp"

namespace chaos {
namespace {

using test::SmallLab;

struct DesiredStateTest : ::testing::Test {
  SmallLab lab;
  FaultBook book{1};
  v1::ClockAnchor clock;
  bool open = true;
  bool instant_boot = false;

  DesiredStateTest() {
    clock.set_speed(60);
    lab.all_up();
  }
  v1::DesiredState of(const std::string& name) {
    const LabState state{lab.drill, lab.registry, book, clock, "r1", 5, {}, {0, 86'400}, open, instant_boot};
    return desired_state(state, lab.node(name));
  }
};

TEST_F(DesiredStateTest, ListsEveryServingPeerButItself) {
  lab.node("server-2").duty = v1::DUTY_DRAINING;
  const auto state = of("server-1");
  std::map<std::string, v1::Duty> peers;
  for (const v1::Peer& peer : state.peers()) peers[peer.name()] = peer.duty();
  EXPECT_EQ(peers.size(), 4u);
  EXPECT_FALSE(peers.contains("server-1"));
  EXPECT_FALSE(peers.contains("server-4"));
  EXPECT_EQ(peers["server-2"], v1::DUTY_DRAINING);
}

TEST_F(DesiredStateTest, FillsTheConfigurationOfItsRole) {
  const auto state = of("server-1");
  EXPECT_TRUE(state.config().has_server());
  EXPECT_EQ(state.config().server().redis_pool(), 8);
  EXPECT_EQ(state.config().node().memory_limit_mb(), 128);
}

TEST_F(DesiredStateTest, BeforeAndAfterTheRunEveryProcessBootsAtOnce) {
  instant_boot = true;
  EXPECT_EQ(of("server-1").config().node().boot_lab_s(), 0);
  EXPECT_EQ(of("server-4").config().node().boot_lab_s(), 0);
  instant_boot = false;
  EXPECT_EQ(of("server-1").config().node().boot_lab_s(), 30);
}

TEST_F(DesiredStateTest, ClientsGetTheirShareOfTheTraffic) {
  EXPECT_FALSE(of("server-1").has_traffic());
  const auto state = of("client-1");
  EXPECT_TRUE(state.traffic().open());
  EXPECT_GT(state.traffic().users_size(), 100);
  open = false;
  EXPECT_FALSE(of("client-1").traffic().open());
}

TEST_F(DesiredStateTest, AProcessThatIsToBeReplacedIsToldSoByItsOwnName) {
  lab.node("server-1").process = "7@1";
  EXPECT_EQ(of("server-1").end_process(), "");
  lab.node("server-1").recycling = true;
  EXPECT_EQ(of("server-1").end_process(), "7@1");
  EXPECT_EQ(of("server-1").duty(), v1::DUTY_ACTIVE);
}

TEST_F(DesiredStateTest, SeedsDifferByNodeAndRepeat) {
  EXPECT_NE(of("server-1").seed(), of("server-2").seed());
  EXPECT_EQ(of("server-1").seed(), node_seed(5, "server-1"));
}

TEST_F(DesiredStateTest, ARevisionRisesOnlyWithAChange) {
  Revisions revisions;
  const auto first = revisions.next("server-1", of("server-1"));
  ASSERT_TRUE(first);
  EXPECT_FALSE(revisions.next("server-1", of("server-1")));
  lab.node("server-2").duty = v1::DUTY_DRAINING;
  const auto second = revisions.next("server-1", of("server-1"));
  ASSERT_TRUE(second);
  EXPECT_GT(second->revision(), first->revision());
  revisions.forget("server-1");
  EXPECT_TRUE(revisions.next("server-1", of("server-1")));
}

TEST_F(DesiredStateTest, AZeroOfTheDrillFileReachesTheNode) {
  lab.drill.mutable_topology(1)->mutable_config()->mutable_node()->set_boot_lab_s(0);
  lab.drill.mutable_topology(1)->mutable_config()->mutable_server()->mutable_station()->set_queue(0);
  EXPECT_EQ(of("server-1").config().node().boot_lab_s(), 0);
  EXPECT_EQ(of("server-1").config().server().station().queue(), 0);
}

}  // namespace
}  // namespace chaos
