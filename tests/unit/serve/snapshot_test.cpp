#include "serve/snapshot.hpp"

#include "unit/serve/lab_service_fixture.hpp"

namespace chaos {
namespace {

v1::Drill priced() {
  v1::Drill drill = test::service_drill();
  drill.mutable_topology(1)->set_usd_month(50);
  return drill;
}

struct SnapshotTest : ::testing::Test {
  NodeClock clock;
  RunSettings settings{priced(), "", 1, 60, 86'400};

  v1::Fault flush() {
    v1::Fault fault;
    fault.mutable_target()->set_role("redis");
    fault.mutable_flush();
    return fault;
  }
};

TEST_F(SnapshotTest, GoesOnWhereItStood) {
  LabModel before(settings, clock);
  before.set_clock(LabTime::from_seconds(3600), 120);
  before.settings.speed = 120;
  before.overlay = {700.0, {{10, 20, 30}}};
  before.registry.find("redis-2")->duty = v1::DUTY_ACTIVE;
  before.registry.find("redis-1")->wanted_version = "v2";
  before.registry.find("redis-1")->process = "7@1";
  before.registry.find("redis-1")->pid = 7;
  before.bill("redis");
  ASSERT_TRUE(before.faults.inject({flush(), "operator", true, LabTime{}}, before.registry));
  const v1::Snapshot saved = take_snapshot(before);

  CutOffRun run{saved, {}, {3, 4}};
  run.data.minutes = {{5, 10, 9}};
  v1::Event alert;
  alert.set_kind("alert");
  alert.set_node("OrdersPileUp");
  alert.set_what("firing");
  run.data.events = {alert};
  LabModel after(settings, clock);
  restore(after, run, true);
  EXPECT_EQ(after.settings.speed, 120);
  EXPECT_EQ(after.overlay.fixed_users, 700);
  ASSERT_EQ(after.overlay.spikes.size(), 1u);
  EXPECT_EQ(after.registry.find("redis-2")->duty, v1::DUTY_ACTIVE);
  EXPECT_EQ(after.registry.find("redis-1")->wanted_version, "v2");
  ASSERT_EQ(after.faults.all().size(), 1u);
  EXPECT_TRUE(after.faults.all()[0].hidden);
  EXPECT_EQ(after.faults.next_id(), 2u);
  EXPECT_EQ(after.tally.requests(), 10u);
  EXPECT_NEAR(after.tally.uptime(), 0.9, 1e-9);
  EXPECT_EQ(after.acknowledged, (std::vector<std::int64_t>{3, 4}));
  EXPECT_NEAR(after.cost.usd_month(3600), before.cost.usd_month(3600), 0.01);
  EXPECT_EQ(after.cost.rate(), 100);
  EXPECT_EQ(after.alerts.firing(), std::vector<std::string>{"OrdersPileUp"}) << "it has no end in the record";
}

TEST_F(SnapshotTest, RemembersWhoIsPrimaryAndWhatThatCost) {
  LabModel before(settings, clock);
  EXPECT_FALSE(take_snapshot(before).has_primary());
  before.primary = {"replica-1", 2};
  before.lost_orders = {4};
  before.registry.find("redis-1")->set_aside = true;
  LabModel after(settings, clock);
  restore(after, {take_snapshot(before), {}, {3, 4, 5}}, true);
  EXPECT_EQ(after.primary.name, "replica-1");
  EXPECT_EQ(after.primary.term, 2u);
  EXPECT_EQ(after.lost_orders, std::vector<std::int64_t>{4});
  EXPECT_EQ(after.acknowledged, (std::vector<std::int64_t>{3, 5})) << "the lost one is not looked for again";
  v1::Report again;
  for (const int id : {4, 6}) again.add_acked_orders(id);
  after.acknowledge(again);
  EXPECT_EQ(after.acknowledged, (std::vector<std::int64_t>{3, 5, 6})) << "though a client's new process tells of it again";
  EXPECT_TRUE(after.registry.find("redis-1")->set_aside);
}

TEST_F(SnapshotTest, RemembersAFailoverUnderWay) {
  LabModel before(settings, clock);
  before.promoting = "replica-1";
  const auto loss = std::make_shared<FailoverLoss>();
  *loss = {.from = "postgres-1", .to = "replica-1", .before = WalMark{900, 9, {}}, .silent = std::chrono::milliseconds(1500)};
  before.failover = OpenFailover{true, "responder", loss};
  LabModel after(settings, clock);
  restore(after, {take_snapshot(before), {}, {}}, true);
  EXPECT_EQ(after.promoting, "replica-1");
  ASSERT_TRUE(after.failover);
  EXPECT_TRUE(after.failover->rejoin);
  EXPECT_EQ(after.failover->actor, "responder");
  EXPECT_EQ(after.failover->loss->from, "postgres-1");
  EXPECT_EQ(after.failover->loss->before->lsn, 900);
  EXPECT_FALSE(after.failover->loss->after);
  EXPECT_EQ(after.failover->loss->silent, std::chrono::milliseconds(1500));
  EXPECT_FALSE(after.failover->loss->over) << "to be counted";

  before.promoting.clear();
  *loss = {.from = "postgres-1", .to = "replica-1", .after = WalMark{800, 8, {}}, .counted = true, .over = true, .acknowledged = 5, .orders = {4}};
  restore(after, {take_snapshot(before), {}, {}}, true);
  EXPECT_TRUE(after.promoting.empty());
  EXPECT_TRUE(after.failover->loss->over && after.failover->loss->counted);
  EXPECT_EQ(after.failover->loss->after->transactions, 8);
  EXPECT_EQ(after.failover->loss->acknowledged, 5u);
  EXPECT_EQ(after.failover->loss->orders, std::vector<std::int64_t>{4});
}

TEST_F(SnapshotTest, KnowsTheProcessesAgainThatWentOn) {
  LabModel before(settings, clock);
  before.registry.find("redis-1")->process = "7@1";
  before.registry.find("redis-1")->pid = 7;
  const CutOffRun run{take_snapshot(before), {}, {}};
  v1::Hello hello;
  hello.set_name("redis-1");
  hello.set_role("redis");
  hello.set_pid(7);
  hello.set_process("7@1");
  LabModel after(settings, clock);
  restore(after, run, true);
  EXPECT_TRUE(after.registry.find("redis-1")->is(hello));
  LabModel anew(settings, clock);
  restore(anew, run, false);
  EXPECT_EQ(anew.registry.find("redis-1")->pid, 0);
}

TEST_F(SnapshotTest, AnOperationThatWasCutOffLeavesNoNodeDraining) {
  LabModel before(settings, clock);
  before.registry.find("redis-1")->lasting_duty = v1::DUTY_ACTIVE;
  before.registry.find("redis-1")->duty = v1::DUTY_DRAINING;
  const v1::Snapshot saved = take_snapshot(before);
  EXPECT_EQ(saved.nodes(1).name(), "redis-1");
  EXPECT_EQ(saved.nodes(1).duty(), v1::DUTY_ACTIVE);
}

TEST_F(SnapshotTest, LabTimeGoesOnWhileNodesDid) {
  v1::Snapshot saved;
  saved.set_lab_s(100);
  saved.set_unix_us(5'000'000);
  saved.set_speed(60);
  EXPECT_EQ(resumed_lab_s(saved, true, 7'000'000), 220);
  EXPECT_EQ(resumed_lab_s(saved, false, 7'000'000), 100);
  EXPECT_EQ(resumed_lab_s(saved, true, 4'000'000), 100) << "a clock that was set back";
}

}  // namespace
}  // namespace chaos
