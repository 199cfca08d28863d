#include "launch/back_off.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

using namespace std::chrono_literals;

TEST(BackOff, FirstAtOnceThenLongerUpToTwoSeconds) {
  BackOff back_off;
  EXPECT_EQ(back_off.next(10ms, false), 0ms);
  EXPECT_EQ(back_off.next(10ms, false), 50ms);
  EXPECT_EQ(back_off.next(10ms, false), 100ms);
  for (int i = 0; i < 10; ++i) back_off.next(10ms, false);
  EXPECT_EQ(back_off.next(10ms, false), 2s);
}

TEST(BackOff, ALongLifeEarnsAFreshStart) {
  BackOff back_off;
  back_off.next(10ms, false);
  back_off.next(10ms, false);
  EXPECT_EQ(back_off.next(6s, false), 0ms);
  EXPECT_EQ(back_off.next(10ms, false), 50ms);
}

TEST(BackOff, WhatWasAskedForCostsNothing) {
  BackOff back_off;
  EXPECT_EQ(back_off.next(10ms, true), 0ms);
  EXPECT_EQ(back_off.next(10ms, true), 0ms);
  EXPECT_EQ(back_off.next(10ms, false), 0ms);
}

}  // namespace
}  // namespace chaos
