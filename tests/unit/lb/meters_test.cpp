#include "lb/meters.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(RateMeter, TellsTheLastWholeSecond) {
  RateMeter meter;
  const RealTime start{seconds(100)};
  for (int i = 0; i < 30; ++i) meter.add(start + milliseconds(i));
  EXPECT_EQ(meter.rate(start + milliseconds(999)), 0u);
  EXPECT_EQ(meter.rate(start + seconds(1)), 30u);
  meter.add(start + milliseconds(1500));
  EXPECT_EQ(meter.rate(start + milliseconds(2500)), 1u);
  EXPECT_EQ(meter.rate(start + seconds(9)), 0u);
  EXPECT_EQ(meter.max(), 30u);
}

TEST(TimeMeter, IsTheMeanAtFirstAndThenFollows) {
  TimeMeter meter;
  meter.add(milliseconds(10));
  meter.add(milliseconds(30));
  EXPECT_DOUBLE_EQ(meter.mean_ms(), 20);
  for (int i = 0; i < 20000; ++i) meter.add(milliseconds(5));
  EXPECT_NEAR(meter.mean_ms(), 5, 0.01);
  EXPECT_DOUBLE_EQ(meter.max_ms(), 30);
}

}  // namespace
}  // namespace chaos
