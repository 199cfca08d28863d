#include "client/arrivals.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace chaos {
namespace {

UserCurve flat(double users) { return UserCurve({{LabTime{}, users}}); }

// Arrivals per bin of `bin` over `bins` bins, from the time origin.
std::vector<int> counts(ArrivalRule& rule, const Demand& demand, RealDuration bin, int bins) {
  std::vector<int> counted(static_cast<std::size_t>(bins));
  for (RealTime at{}; at < RealTime{} + bin * bins;) {
    const auto step = rule.next(at, demand);
    at = step.at;
    const auto index = static_cast<std::size_t>((at - RealTime{}) / bin);
    if (step.arrival && index < counted.size()) ++counted[index];
  }
  return counted;
}

double mean_of(const std::vector<int>& counted) {
  double sum = 0;
  for (int c : counted) sum += c;
  return sum / static_cast<double>(counted.size());
}

double variance_of(const std::vector<int>& counted) {
  const double mean = mean_of(counted);
  double sum = 0;
  for (int c : counted) sum += (c - mean) * (c - mean);
  return sum / static_cast<double>(counted.size() - 1);
}

TEST(ArrivalRule, CountsHaveThePoissonMeanAndVariance) {
  ArrivalRule rule{Rng(7)};
  const UserCurve users = flat(2000);
  const auto counted = counts(rule, {users, 10, {}}, std::chrono::milliseconds(100), 20000);   // 20 a bin
  EXPECT_NEAR(mean_of(counted), 20, 4 * std::sqrt(20.0 / 20000));
  EXPECT_NEAR(variance_of(counted) / mean_of(counted), 1, 0.05);
}

TEST(ArrivalRule, GapsAreExponential) {
  ArrivalRule rule{Rng(8)};
  const UserCurve users = flat(1000);
  int longer = 0, all = 0;
  RealTime last{};
  for (RealTime at{}; all < 20000;) {
    const auto step = rule.next(at, {users, 10, {}});   // 100 a second
    at = step.at;
    if (!step.arrival) continue;
    if (at - last > std::chrono::milliseconds(10)) ++longer;
    last = at;
    ++all;
  }
  EXPECT_NEAR(static_cast<double>(longer) / all, std::exp(-1.0), 0.015);
}

TEST(ArrivalRule, FollowsTheCurveAtTheLabsSpeed) {
  ArrivalRule rule{Rng(9)};
  const UserCurve ramp({{LabTime{}, 0}, {LabTime::from_seconds(600), 1000}});
  const Demand demand{ramp, 1, {RealTime{}, LabTime{}, 60}};   // the ramp takes ten real seconds
  const auto counted = counts(rule, demand, std::chrono::seconds(1), 10);
  for (int second = 0; second < 10; ++second) {
    const double expected = 100 * second + 50;
    EXPECT_NEAR(counted[static_cast<std::size_t>(second)], expected, 4 * std::sqrt(expected) + 1) << second;
  }
}

TEST(ArrivalRule, FindsAShortSpikeBetweenTwoQuietInstants) {
  ArrivalRule rule{Rng(10)};
  const auto at = [](double s) { return LabTime::from_seconds(s); };
  const UserCurve spike({{at(0), 0}, {at(0.01), 0}, {at(0.02), 10000}, {at(0.03), 0}});
  const auto counted = counts(rule, {spike, 1, {}}, std::chrono::milliseconds(50), 1);
  EXPECT_NEAR(counted[0], 100, 40);
}

TEST(ArrivalRule, WithoutUsersStepsOnWithoutAnArrival) {
  ArrivalRule rule{Rng(11)};
  const UserCurve none;
  const auto step = rule.next(RealTime{}, {none, 10, {}});
  EXPECT_FALSE(step.arrival);
  EXPECT_EQ(step.at, RealTime{} + ArrivalRule::kHorizon);
}

TEST(ArrivalRule, TheSameSeedGivesTheSameSchedule) {
  ArrivalRule one{Rng(12)}, other{Rng(12)};
  const UserCurve users = flat(500);
  const Demand demand{users, 1, {}};
  EXPECT_EQ(counts(one, demand, std::chrono::milliseconds(10), 100), counts(other, demand, std::chrono::milliseconds(10), 100));
}

}  // namespace
}  // namespace chaos
