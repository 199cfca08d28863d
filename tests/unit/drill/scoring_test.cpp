#include "drill/scoring.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

// Minutes 0 to 99 with 100 requests each, those in [from, to) with the given good share.
RunFigures run(std::int64_t from, std::int64_t to, std::uint64_t good) {
  RunFigures figures;
  figures.name = "r";
  figures.contract.set_uptime_min(0.95);
  figures.contract.set_p95_ms_max(320);
  figures.contract.set_budget_usd_month_max(760);
  for (std::int64_t m = 0; m < 100; ++m) figures.minutes.push_back({m, 100, m >= from && m < to ? good : 100});
  figures.p95_ms = 120;
  figures.budget_usd_month = 735;
  figures.fault_lab_s = 20 * 60;
  return figures;
}

TEST(Score, CountsAndKeepsTheContract) {
  auto figures = run(30, 34, 40);
  figures.orders_acknowledged = 7;
  const Score s = score(figures);
  EXPECT_EQ(s.requests, 10000u);
  EXPECT_EQ(s.failed, 240u);
  EXPECT_DOUBLE_EQ(s.uptime, 0.976);
  EXPECT_EQ(s.contract_met, true);
  ASSERT_TRUE(s.worst_minute);
  EXPECT_EQ(s.worst_minute->lab_minute, 30);
  EXPECT_DOUBLE_EQ(s.worst_minute->success(), 0.4);
  EXPECT_EQ(s.orders_acknowledged, 7u);
}

TEST(Score, EachBoundBreaksTheContract) {
  EXPECT_EQ(score(run(30, 50, 40)).contract_met, false);
  auto slow = run(0, 0, 0);
  slow.p95_ms = 321;
  EXPECT_EQ(score(slow).contract_met, false);
  auto dear = run(0, 0, 0);
  dear.budget_usd_month = 761;
  EXPECT_EQ(score(dear).contract_met, false);
}

TEST(Score, ARunWithoutAVerdictOrWithoutARequestIsNeitherMetNorMissed) {
  auto interrupted = run(0, 0, 0);
  interrupted.judged = false;
  EXPECT_FALSE(score(interrupted).contract_met.has_value());
  auto silent = run(0, 0, 0);
  silent.minutes.clear();
  EXPECT_FALSE(score(silent).contract_met.has_value());
}

TEST(Mitigation, IsWhenTheWindowIsWithinForGood) {
  // 4 minutes with 60 bad requests: the last window of 10 minutes that holds more than 50 bad ones ends with minute 42.
  const auto at = mitigated_at(run(30, 34, 40), 20 * 60);
  ASSERT_TRUE(at);
  EXPECT_EQ(*at, 43 * 60);
  EXPECT_EQ(*score(run(30, 34, 40)).time_to_mitigate_lab_s, 23 * 60);
}

TEST(Mitigation, TroubleBeforeTheFaultDoesNotCount) {
  const Score s = score(run(2, 6, 0));
  EXPECT_TRUE(s.mitigated);
  EXPECT_EQ(*s.time_to_mitigate_lab_s, 0);
}

TEST(Mitigation, StillOutAtTheEnd) {
  const Score s = score(run(30, 100, 50));
  EXPECT_FALSE(s.mitigated);
  EXPECT_FALSE(s.time_to_mitigate_lab_s);
}

TEST(Mitigation, SilenceAfterTheTroubleIsWithin) {
  auto figures = run(30, 35, 0);
  figures.minutes.resize(35);      // the trouble goes on until the traffic ends
  EXPECT_FALSE(mitigated_at(figures, 1200));
  figures.end_lab_s = 44 * 60;     // minute 43 is the last whose ten minutes hold more than a few bad ones
  EXPECT_FALSE(mitigated_at(figures, 1200));
  figures.end_lab_s = 24 * 3600;
  EXPECT_EQ(mitigated_at(figures, 1200), 44 * 60);
}

TEST(Mitigation, SilenceBetweenTroublesDoesNotStretchTheFirst) {
  auto figures = run(0, 0, 0);
  figures.minutes = {{30, 100, 0}, {80, 100, 100}};
  EXPECT_EQ(mitigated_at(figures, 1200), 40 * 60);
}

TEST(SumsOverMinutes, WalkTheEmptyOnesAsFarAsTheyMatter) {
  const auto sums = sums_over_minutes({{5, 10, 9}, {7, 10, 10}, {1'000'000, 1, 1}}, 0);
  ASSERT_EQ(sums.size(), 14u);     // 5 to 7, ten silent ones, the last
  EXPECT_EQ(sums[1].lab_minute, 6);
  EXPECT_EQ(sums[1].total, 10u);
  EXPECT_EQ(sums[2].good, 19u);
  EXPECT_EQ(sums[11].total, 10u);
  EXPECT_EQ(sums[12].total, 0u);
  EXPECT_EQ(sums[13].lab_minute, 1'000'000);
  EXPECT_EQ(sums[13].total, 1u);
  EXPECT_TRUE(sums_over_minutes({}, 86400).empty());
}

TEST(Mitigation, LatencyCountsToo) {
  auto figures = run(0, 0, 0);
  figures.latency = {{1000, 900}, {2000, 400}, {3000, 100}};
  EXPECT_EQ(mitigated_at(figures, 1200), 2000);
  figures.latency.push_back({4000, 500});
  EXPECT_FALSE(mitigated_at(figures, 1200));
}

TEST(Mitigation, FewRequestsSayNothing) {
  RunFigures figures = run(0, 0, 0);
  figures.minutes = {{30, 19, 0}};
  EXPECT_EQ(mitigated_at(figures, 1200), 1200);
}

TEST(Score, WithoutAFaultThereIsNothingToMitigate) {
  auto figures = run(30, 34, 40);
  figures.fault_lab_s.reset();
  EXPECT_FALSE(score(figures).time_to_mitigate_lab_s);
  EXPECT_TRUE(score(figures).mitigated);
  EXPECT_EQ(score({}).uptime, 1);
}

}  // namespace
}  // namespace chaos
