#include "record/bounds.hpp"

#include "record/words.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace chaos::record {
namespace {

TEST(Bounds, AreWrittenInFull) {
  EXPECT_EQ(bound_text(95), "95");
  EXPECT_EQ(bound_text(0.9995 * 100), "99.95");
  EXPECT_EQ(bound_text(0.57 * 100), "57");
  EXPECT_EQ(bound_text(320.25), "320.25");
  EXPECT_EQ(bound_text(1'234'567.5), "1,234,567.5");
}

TEST(Bounds, AFigureThatMissesNeverReadsAsTheBound) {
  EXPECT_EQ(percent_at_least(0.94999, 0.95, 2), "94.999 %");
  EXPECT_EQ(percent_at_least(0.9499999, 0.95, 2), "94.99999 %");
  EXPECT_EQ(percent_at_least(0.99946, 0.9995, 1), "99.9 %");
  EXPECT_EQ(percent_at_least(0.999999, 1, 2), "99.99 %");
  EXPECT_EQ(number_at_most(320.4, 320), "320.4");
  EXPECT_EQ(number_at_most(1900.25, 1900.2), "1,900.25");
  EXPECT_EQ(number_at_most(760.0004, 760), "760.0004");
}

TEST(Bounds, AFigureThatKeepsNeverReadsAsAMiss) {
  EXPECT_EQ(percent_at_least(0.99954, 0.99952, 1), "99.954 %");
  EXPECT_EQ(percent_at_least(0.55, 0.55, 2), "55.00 %");
  EXPECT_EQ(percent_at_least(0.95531, 0.9553, 1), "95.53 %");
  EXPECT_EQ(number_at_most(320.6, 320.7), "320.6");
}

TEST(Bounds, FarFromTheBoundFiguresStayShort) {
  EXPECT_EQ(percent_at_least(0.9731, 0.95, 2), "97.31 %");
  EXPECT_EQ(number_at_most(612.4, 760), "612");
  EXPECT_EQ(number_at_most(12.34, 320), "12.3");
  EXPECT_EQ(number_at_most(760, 760), "760");
}

TEST(Bounds, WhatWasNotMeasuredSaysSo) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(percent_at_least(nan, 0.95, 2), kNotMeasuredText);
  EXPECT_EQ(decimals_beside(nan, 320, Bound::at_most, 1), 1);
  EXPECT_EQ(number_at_most(nan, 320), kNotMeasuredText);
}

TEST(Numbers, AreGroupedByThousands) {
  EXPECT_EQ(number(1900), "1,900");
  EXPECT_EQ(number(-1900.4), "-1,900");
  EXPECT_EQ(number(0.456), "0.46");
  EXPECT_EQ(number(99.96), "100");
  EXPECT_EQ(whole(1'234'567), "1,234,567");
  EXPECT_EQ(whole(123), "123");
  EXPECT_EQ(with_commas("1e+12"), "1e+12");
}

}  // namespace
}  // namespace chaos::record
