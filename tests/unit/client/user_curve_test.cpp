#include "client/user_curve.hpp"

#include "chaoslab/v1/node.pb.h"

#include <gtest/gtest.h>

namespace chaos {
namespace {

LabTime at(double s) { return LabTime::from_seconds(s); }

UserCurve hill() { return UserCurve({{at(100), 10}, {at(200), 30}, {at(300), 20}}); }

TEST(UserCurve, IsLinearBetweenPoints) {
  EXPECT_DOUBLE_EQ(hill().at(at(100)), 10);
  EXPECT_DOUBLE_EQ(hill().at(at(150)), 20);
  EXPECT_DOUBLE_EQ(hill().at(at(200)), 30);
  EXPECT_DOUBLE_EQ(hill().at(at(275)), 22.5);
}

TEST(UserCurve, IsConstantOutsideOfItsPoints) {
  EXPECT_DOUBLE_EQ(hill().at(at(-5)), 10);
  EXPECT_DOUBLE_EQ(hill().at(at(1e6)), 20);
}

TEST(UserCurve, WithoutPointsHasNoUsers) {
  EXPECT_DOUBLE_EQ(UserCurve().at(at(5)), 0);
  EXPECT_DOUBLE_EQ(UserCurve().max_between(at(0), at(9)), 0);
}

TEST(UserCurve, TwoPointsAtOneInstantAreAStep) {
  const UserCurve step({{at(0), 5}, {at(10), 5}, {at(10), 50}, {at(20), 50}});
  EXPECT_DOUBLE_EQ(step.at(at(9.5)), 5);
  EXPECT_DOUBLE_EQ(step.at(at(10)), 50);
  EXPECT_DOUBLE_EQ(step.max_between(at(9), at(10)), 50);
}

TEST(UserCurve, FindsTheMostBetweenTwoInstants) {
  EXPECT_DOUBLE_EQ(hill().max_between(at(120), at(140)), 18);
  EXPECT_DOUBLE_EQ(hill().max_between(at(150), at(280)), 30);
  EXPECT_DOUBLE_EQ(hill().max_between(at(290), at(500)), 21);
}

TEST(UserCurve, ReadsTheTrafficMessage) {
  v1::Traffic traffic;
  auto* first = traffic.add_users();
  first->set_lab_s(0);
  first->set_users(-3);   // no less than none
  auto* second = traffic.add_users();
  second->set_lab_s(3600);
  second->set_users(100);
  EXPECT_DOUBLE_EQ(UserCurve(traffic).at(at(0)), 0);
  EXPECT_DOUBLE_EQ(UserCurve(traffic).at(at(1800)), 50);
}

}  // namespace
}  // namespace chaos
