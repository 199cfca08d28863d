#include "lab/curve.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace chaos {
namespace {

constexpr double kHour = 3600;

v1::TrafficPlan guided_plan() {
  v1::TrafficPlan plan;
  plan.set_base_users(260);
  plan.set_peak_users(1900);
  plan.set_busy_from(17 * kHour);
  plan.set_busy_to(21 * kHour);
  plan.set_shoulder(0.45);
  plan.set_think_s(10);
  return plan;
}

double least(const std::vector<v1::CurvePoint>& points) {
  return std::min_element(points.begin(), points.end(), [](auto& a, auto& b) { return a.users() < b.users(); })->users();
}
double most(const std::vector<v1::CurvePoint>& points) {
  return std::max_element(points.begin(), points.end(), [](auto& a, auto& b) { return a.users() < b.users(); })->users();
}

TEST(Curve, ADayReachesBaseAndPeakExactly) {
  const auto day = day_curve(guided_plan());
  ASSERT_EQ(day.size(), 289u);
  EXPECT_EQ(day.front().lab_s(), 0);
  EXPECT_EQ(day.back().lab_s(), 24 * kHour);
  EXPECT_EQ(least(day), 260);
  EXPECT_EQ(most(day), 1900);
  EXPECT_EQ(day.front().users(), day.back().users());
}

TEST(Curve, ThePeakHoldsForTheWholeBusyWindow) {
  const auto plan = guided_plan();
  EXPECT_EQ(planned_users(plan, 17 * kHour), 1900);
  EXPECT_EQ(planned_users(plan, 19 * kHour), 1900);
  EXPECT_EQ(planned_users(plan, 21 * kHour), 1900);
  EXPECT_EQ(planned_users(plan, 3 * kHour), 260);
  EXPECT_NEAR(planned_users(plan, 12 * kHour), 260 + 0.45 * 1640, 1e-9);
}

TEST(Curve, IsSmooth) {
  const auto day = day_curve(guided_plan());
  for (std::size_t i = 1; i < day.size(); ++i) {
    EXPECT_LT(std::abs(day[i].users() - day[i - 1].users()), 0.15 * 1640) << "at " << day[i].lab_s();
  }
}

TEST(Curve, TheDayRepeats) {
  const auto plan = guided_plan();
  EXPECT_NEAR(planned_users(plan, 16.4 * kHour), planned_users(plan, (16.4 + 48) * kHour), 1e-6);
}

TEST(Curve, AWindowUpToMidnightFallsIntoTheNextDay) {
  auto plan = guided_plan();
  plan.set_busy_from(22 * kHour);
  plan.set_busy_to(24 * kHour);
  EXPECT_EQ(planned_users(plan, 0), 1900);
  EXPECT_GT(planned_users(plan, 0.5 * kHour), 260);
  EXPECT_EQ(planned_users(plan, 2 * kHour), 260);
}

TEST(Curve, NoShoulderLeavesTheWindowAlone) {
  auto plan = guided_plan();
  plan.set_shoulder(0);
  EXPECT_EQ(planned_users(plan, 12 * kHour), 260);
  EXPECT_EQ(planned_users(plan, 18 * kHour), 1900);
}

TEST(Overlay, SpikesAddAndFixedUsersReplace) {
  const auto plan = guided_plan();
  TrafficOverlay overlay;
  overlay.spikes.push_back({3 * kHour, 4 * kHour, 100});
  EXPECT_EQ(users_at(plan, overlay, 3 * kHour), 360);
  EXPECT_EQ(users_at(plan, overlay, 4 * kHour), 260);
  overlay.fixed_users = 50;
  EXPECT_EQ(users_at(plan, overlay, 3.5 * kHour), 150);
  EXPECT_EQ(users_at(plan, overlay, 18 * kHour), 50);
}

TEST(Overlay, CurveKeepsTheEdgesOfASpike) {
  TrafficOverlay overlay;
  overlay.spikes.push_back({3 * kHour + 10, 3 * kHour + 100, 100});
  const auto points = curve(guided_plan(), overlay, {3 * kHour, 3 * kHour + 600});
  std::vector<std::pair<double, double>> got;
  for (const auto& p : points) got.emplace_back(p.lab_s() - 3 * kHour, p.users());
  const std::vector<std::pair<double, double>> want{{0, 260}, {9, 260}, {10, 360}, {99, 360}, {100, 260}, {300, 260}, {600, 260}};
  EXPECT_EQ(got, want);
}

TEST(Curve, SpanOfNoLengthIsOnePoint) { EXPECT_EQ(curve(guided_plan(), {}, {100, 100}).size(), 1u); }

TEST(Traffic, ClientsShareTheUsersEqually) {
  auto plan = guided_plan();
  plan.mutable_mix()->set_item(1);
  const auto traffic = client_traffic(plan, {}, {0, 24 * kHour}, 4);
  EXPECT_EQ(traffic.users_size(), 289);
  EXPECT_EQ(traffic.users(0).users(), 65);
  EXPECT_EQ(traffic.think_s(), 10);
  EXPECT_EQ(traffic.mix().item(), 1);
  EXPECT_EQ(traffic.mix().order(), 0);
  EXPECT_TRUE(traffic.open());
}

TEST(Traffic, AnUnnamedMixIsTheUsualOne) {
  const auto mix = mix_or_default({});
  EXPECT_EQ(mix.static_(), 50);
  EXPECT_EQ(mix.item(), 35);
  EXPECT_EQ(mix.order(), 10);
  EXPECT_EQ(mix.order_status(), 5);
}

TEST(Curve, ABusyWindowMayReachOverMidnight) {
  v1::TrafficPlan plan;
  plan.set_base_users(10);
  plan.set_peak_users(100);
  plan.set_busy_from(22 * 3600);
  plan.set_busy_to(2 * 3600);
  for (const double hour : {22.0, 23.5, 0.0, 1.9}) EXPECT_DOUBLE_EQ(planned_users(plan, hour * 3600), 100) << hour;
  EXPECT_DOUBLE_EQ(planned_users(plan, 12 * 3600), 10);
  plan.set_busy_from(20 * 3600);
  plan.set_busy_to(0);
  EXPECT_DOUBLE_EQ(planned_users(plan, 23.9 * 3600), 100);
  EXPECT_DOUBLE_EQ(planned_users(plan, 3 * 3600), 10);
}

}  // namespace
}  // namespace chaos
