#include "lab/contract.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

using namespace std::chrono_literals;

v1::Contract contract(double uptime) {
  v1::Contract c;
  c.set_uptime_min(uptime);
  c.set_p95_ms_max(320);
  c.set_budget_usd_month_max(760);
  return c;
}

struct Row { std::int64_t minute; std::uint64_t total; std::uint64_t good; double ms = 100; };

v1::Report report(const std::vector<Row>& rows) {
  v1::Report out;
  Histogram latency;
  for (const Row& row : rows) {
    auto* tally = out.add_minutes();
    tally->set_lab_minute(row.minute);
    tally->set_total(row.total);
    tally->set_good(row.good);
    latency.add(real_ms(row.ms), row.good);
  }
  latency.write(out.mutable_user_latency());
  return out;
}

const RealTime kStart{100s};

TEST(ContractTally, StartsWhole) {
  const ContractTally tally(contract(0.95));
  EXPECT_EQ(tally.uptime(), 1);
  EXPECT_EQ(tally.error_budget_left(), 1);
  EXPECT_FALSE(worst_minute(tally.minutes()));
  EXPECT_FALSE(tally.success(0, 1000));
  EXPECT_TRUE(tally.status(735).met());
}

TEST(ContractTally, AddsReportsOfOneMinute) {
  ContractTally tally(contract(0.95));
  tally.add(report({{10, 50, 50}, {11, 30, 15}}), kStart);
  tally.add(report({{11, 20, 20}}), kStart + 1s);
  EXPECT_EQ(tally.requests(), 100u);
  EXPECT_EQ(tally.good(), 85u);
  EXPECT_DOUBLE_EQ(tally.uptime(), 0.85);
  EXPECT_DOUBLE_EQ(*tally.success(11, 11), 0.7);
  ASSERT_EQ(tally.minutes().size(), 2u);
  EXPECT_EQ(worst_minute(tally.minutes())->lab_minute, 11);
}

TEST(ContractTally, ErrorBudgetIsSharedOutByTheRequestsSoFar) {
  ContractTally tally(contract(0.9));
  tally.add(report({{1, 100, 95}}), kStart);
  EXPECT_NEAR(tally.error_budget_left(), 0.5, 1e-12);
  tally.add(report({{2, 100, 70}}), kStart);
  EXPECT_NEAR(tally.error_budget_left(), -0.75, 1e-12);
}

TEST(ContractTally, NoErrorIsAllowedAtAnUptimeOfOne) {
  ContractTally tally(contract(1));
  tally.add(report({{1, 10, 10}}), kStart);
  EXPECT_EQ(tally.error_budget_left(), 1);
  tally.add(report({{1, 10, 9}}), kStart);
  EXPECT_EQ(tally.error_budget_left(), -1);
}

TEST(ContractTally, P95IsOfAllAnswers) {
  ContractTally tally(contract(0.95));
  tally.add(report({{1, 94, 94, 100}, {2, 6, 6, 800}}), kStart);
  EXPECT_NEAR(tally.p95_ms(), 800, 800.0 / 31);
  tally.add(report({{3, 100, 100, 100}}), kStart);
  EXPECT_NEAR(tally.p95_ms(), 100, 100.0 / 31);
}

TEST(ContractTally, TheWindowForgetsAndTheRunDoesNot) {
  ContractTally tally(contract(0.95), 2s);
  tally.add(report({{1, 100, 0}}), kStart);
  tally.add(report({{5, 100, 100}}), kStart + 1s);
  EXPECT_DOUBLE_EQ(tally.uptime_now(), 0.5);
  tally.slide(kStart + 2500ms);
  EXPECT_DOUBLE_EQ(tally.uptime_now(), 1);
  EXPECT_NEAR(tally.p95_ms_now(), 100, 4);
  EXPECT_DOUBLE_EQ(tally.rate_now(kStart + 2500ms), 50);
  tally.slide(kStart + 10s);
  EXPECT_EQ(tally.p95_ms_now(), 0);
  EXPECT_DOUBLE_EQ(tally.uptime(), 0.5);
}

TEST(ContractTally, RestoresWhatTheRecordKept) {
  ContractTally before(contract(0.95));
  before.add(report({{1, 100, 90}, {2, 100, 100, 200}}), kStart);
  ContractTally after(contract(0.95));
  after.restore(before.minutes(), before.latency());
  EXPECT_DOUBLE_EQ(after.uptime(), before.uptime());
  EXPECT_DOUBLE_EQ(after.p95_ms(), before.p95_ms());
  EXPECT_EQ(after.uptime_now(), 1);
}

TEST(ContractTally, EachBoundBreaksTheContract) {
  ContractTally good(contract(0.95));
  good.add(report({{1, 100, 96}}), kStart);
  EXPECT_TRUE(good.status(760).met());
  EXPECT_FALSE(good.status(760.01).met());
  ContractTally late(contract(0.95));
  late.add(report({{1, 100, 100, 400}}), kStart);
  EXPECT_FALSE(late.status(0).met());
  ContractTally down(contract(0.95));
  down.add(report({{1, 100, 94}}), kStart);
  EXPECT_FALSE(down.status(0).met());
  EXPECT_EQ(down.status(0).requests(), 100u);
}

TEST(WorstMinute, PassesOverMinutesWithFewRequests) {
  const std::vector<MinuteCount> minutes{{1, 4, 0}, {2, 5, 3}, {3, 10, 6}, {4, 100, 99}};
  EXPECT_EQ(worst_minute(minutes)->lab_minute, 2);
}

TEST(WorstMinute, TakesMinutesWithFewRequestsWhereOnlyTheseSawFailures) {
  const std::vector<MinuteCount> minutes{{1, 4, 3}, {2, 3, 1}, {3, 10, 10}};
  EXPECT_EQ(worst_minute(minutes)->lab_minute, 2);
  EXPECT_EQ(worst_minute({{7, 1, 0}})->lab_minute, 7);
  EXPECT_FALSE(worst_minute({{7, 1, 1}}));
}

}  // namespace
}  // namespace chaos
