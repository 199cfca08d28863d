#include "lab/burn_rate.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

v1::Contract contract() {
  v1::Contract out;
  out.set_uptime_min(0.95);
  out.set_p95_ms_max(320);
  return out;
}

v1::Report minute(std::int64_t lab_minute, std::uint64_t total, std::uint64_t good) {
  v1::Report report;
  auto* tally = report.add_minutes();
  tally->set_lab_minute(lab_minute);
  tally->set_total(total);
  tally->set_good(good);
  return report;
}

v1::Report answers(int ms, std::uint64_t count) {
  Histogram latency;
  latency.add(std::chrono::milliseconds(ms), count);
  v1::Report report;
  latency.write(report.mutable_user_latency());
  return report;
}

constexpr double kSpeed = 60;

TEST(BurnRate, IsTheShareOfErrorsOverTheAllowedOne) {
  BurnAlerts alerts(contract());
  EXPECT_FALSE(alerts.burn_rate(Sli::availability, 900, 10, kSpeed)) << "no request, no rate";
  alerts.add(minute(8, 100, 95), 8);
  EXPECT_NEAR(*alerts.burn_rate(Sli::availability, 900, 10, kSpeed), 1, 1e-9) << "5 % is what the contract allows";
  alerts.add(minute(9, 100, 0), 9);
  EXPECT_NEAR(*alerts.burn_rate(Sli::availability, 900, 10, kSpeed), 0.525 / 0.05, 1e-9);
  EXPECT_NEAR(*alerts.burn_rate(Sli::availability, 120, 10, kSpeed), 20, 1e-9) << "minutes 9 and 10 alone: all failed, the most there is";
}

TEST(BurnRate, OfLatencyCountsAnswersBeyondTheBound) {
  BurnAlerts alerts(contract());
  alerts.add(answers(100, 90), 5);
  alerts.add(answers(400, 10), 5);
  EXPECT_NEAR(*alerts.burn_rate(Sli::latency, 900, 5, kSpeed), 2, 1e-9) << "10 % slow, 5 % allowed";
  EXPECT_FALSE(alerts.burn_rate(Sli::latency, 900, 40, kSpeed)) << "older than the window";
}

TEST(BurnRate, LooksAtARealSecondAtLeast) {
  BurnAlerts alerts(contract());
  alerts.add(minute(100, 10, 0), 100);
  EXPECT_FALSE(alerts.burn_rate(Sli::availability, 180, 110, 60));
  EXPECT_TRUE(alerts.burn_rate(Sli::availability, 180, 110, 1440)) << "a real second is 24 minutes";
}

TEST(BurnRate, AContractWithoutAnyAllowedErrorBurnsAtTheFirst) {
  v1::Contract strict = contract();
  strict.set_uptime_min(1);
  BurnAlerts alerts(strict);
  alerts.add(minute(1, 1000, 999), 1);
  EXPECT_GT(*alerts.burn_rate(Sli::availability, 900, 1, kSpeed), 100);
}

TEST(BurnAlerts, NeedBothWindowsAndEndWithTheShortOne) {
  BurnAlerts alerts(contract());
  for (std::int64_t m = 0; m < 12; ++m) alerts.add(minute(m, 500, 500), m);
  EXPECT_TRUE(alerts.update(11, kSpeed).empty());

  alerts.add(minute(12, 500, 200), 12);
  EXPECT_TRUE(alerts.update(12, kSpeed).empty()) << "the short window burns 4 times, the long ones less than once";
  for (std::int64_t m = 13; m < 17; ++m) alerts.add(minute(m, 500, 0), m);
  const auto fired = alerts.update(16, kSpeed);
  ASSERT_FALSE(fired.empty());
  EXPECT_EQ(fired[0].name, "AvailabilityBudgetBurn 15m");
  EXPECT_EQ(fired[0].severity, "page");
  EXPECT_TRUE(fired[0].firing);
  EXPECT_TRUE(alerts.update(16, kSpeed).empty()) << "told once";

  for (std::int64_t m = 17; m < 23; ++m) alerts.add(minute(m, 500, 500), m);
  EXPECT_TRUE(alerts.update(18, kSpeed).empty()) << "the short window still holds a bad minute";
  EXPECT_TRUE(alerts.update(20, kSpeed).empty()) << "it does not any more, but a rate about the bound comes back";
  const auto over = alerts.update(21, kSpeed);
  ASSERT_FALSE(over.empty());
  EXPECT_EQ(over[0].name, "AvailabilityBudgetBurn 15m");
  EXPECT_FALSE(over[0].firing) << "the long window still holds the errors, the short one does not";
}

TEST(BurnAlerts, TheFasterTheBurnTheSooner) {
  for (const BurnPolicy& policy : kBurnPolicies) {
    EXPECT_LT(policy.still.lab_s, policy.window.lab_s);
    EXPECT_LE(policy.factor, 1 / allowed_errors(contract(), Sli::availability)) << policy.window.name << " can be reached at all";
  }
  EXPECT_GT(kBurnPolicies[0].factor, kBurnPolicies[1].factor);
  EXPECT_GT(kBurnPolicies[1].factor, kBurnPolicies[2].factor);
}

}  // namespace
}  // namespace chaos
