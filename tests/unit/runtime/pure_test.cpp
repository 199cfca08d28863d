// The small pure rules of the runtime.
#include "runtime/clock.hpp"
#include "runtime/histogram.hpp"
#include "runtime/http.hpp"
#include "runtime/lifecycle.hpp"
#include "runtime/pressure.hpp"
#include "runtime/random.hpp"

#include "chaoslab/v1/node.pb.h"

#include <gtest/gtest.h>

#include <cmath>

namespace chaos {
namespace {

using namespace std::chrono_literals;

TEST(Clock, LabTimeRunsAtItsSpeedFromTheAnchor) {
  ManualClock clock;
  clock.set_anchor({clock.now(), LabTime::from_seconds(3600), 60});
  clock.advance(2s);
  EXPECT_DOUBLE_EQ(clock.lab_now().seconds(), 3720);
  EXPECT_EQ(clock.to_real(LabDuration::from_seconds(60)), 1s);
}

TEST(Histogram, QuantilesAreWithinTheBucketError) {
  Histogram h;
  for (int ms = 1; ms <= 1000; ++ms) h.add(std::chrono::milliseconds(ms));
  EXPECT_NEAR(h.quantile_ms(0.5), 500, 500 / 32.0 + 1);
  EXPECT_NEAR(h.quantile_ms(0.95), 950, 950 / 32.0 + 1);
  EXPECT_EQ(Histogram().quantile_ms(0.95), 0);
}

TEST(Histogram, EveryValueFallsIntoABucketThatHoldsIt) {
  for (std::uint64_t us = 0; us < 100'000'000; us = us * 11 / 10 + 1) {
    const auto bucket = Histogram::bucket_of(us);
    EXPECT_GE(Histogram::upper_us(bucket), us);
    if (bucket > 0) EXPECT_LT(Histogram::upper_us(bucket - 1), us);
  }
}

TEST(Histogram, TravelsAsADeltaWithoutLoss) {
  Histogram a;
  a.add(3ms, 5);
  a.add(700ms, 2);
  v1::HistogramDelta delta;
  a.write(&delta);
  Histogram b;
  b.merge(delta);
  EXPECT_EQ(b.count(), 7u);
  EXPECT_EQ(b.quantile_ms(1), a.quantile_ms(1));
}

TEST(Rng, TheSameSeedDrawsTheSameAndChildrenDiffer) {
  Rng a(7);
  Rng b(7);
  EXPECT_EQ(a.uniform(), b.uniform());
  EXPECT_NE(Rng(7).child("x").uniform(), Rng(7).child("y").uniform());
  EXPECT_EQ(Rng(7).child("x").uniform(), Rng(7).child("x").uniform());
}

TEST(Rng, LognormalHasTheMeanAndSpreadThatWereAsked) {
  Rng rng(1);
  double sum = 0;
  double squares = 0;
  constexpr int kN = 400'000;
  for (int i = 0; i < kN; ++i) {
    const double x = rng.lognormal(20, 0.5);
    sum += x;
    squares += x * x;
  }
  const double mean = sum / kN;
  EXPECT_NEAR(mean, 20, 0.2);
  EXPECT_NEAR(std::sqrt(squares / kN - mean * mean) / mean, 0.5, 0.02);
}

TEST(Zipf, RanksFollowThePowerLaw) {
  Rng rng(1);
  const Zipf zipf(100, 1);
  std::vector<int> counts(101);
  for (int i = 0; i < 500'000; ++i) ++counts[zipf.draw(rng)];
  EXPECT_EQ(counts[0], 0);
  EXPECT_NEAR(counts[1] / static_cast<double>(counts[2]), 2, 0.1);
  EXPECT_NEAR(counts[1] / static_cast<double>(counts[10]), 10, 0.6);
}

TEST(Pressure, BeginsAtItsThresholdAndReachesItsMaximumAtTheLimit) {
  const PressureSettings settings{0.7, 6};
  EXPECT_EQ(memory_slowdown(0.69, settings), 1);
  EXPECT_NEAR(memory_slowdown(0.85, settings), 1 + 5 * 0.25, 1e-9);
  EXPECT_EQ(memory_slowdown(1.2, settings), 6);
  EXPECT_EQ(cpu_slowdown(0.5), 1);
  EXPECT_NEAR(cpu_slowdown(0.9), 2, 1e-9);
  EXPECT_EQ(cpu_slowdown(1), 4);
}

TEST(Lifecycle, AnActiveNodeBootsThenStartsItsRoleAndIsReadyThen) {
  Lifecycle life;
  EXPECT_EQ(life.next(v1::DUTY_STANDBY, false, Made::nothing), Step::wait);
  EXPECT_EQ(life.next(v1::DUTY_ACTIVE, false, Made::nothing), Step::boot);
  EXPECT_EQ(life.next(v1::DUTY_ACTIVE, false, Made::nothing), Step::wait);
  EXPECT_EQ(life.next(v1::DUTY_ACTIVE, false, Made::boot), Step::serve);
  EXPECT_EQ(life.phase(), v1::PHASE_BOOTING);
  EXPECT_EQ(life.next(v1::DUTY_ACTIVE, false, Made::role), Step::wait);
  EXPECT_EQ(life.phase(), v1::PHASE_READY);
}

TEST(Lifecycle, AStopDuringTheStartOfTheRoleIsAStop) {
  Lifecycle life;
  life.next(v1::DUTY_ACTIVE, false, Made::nothing);
  life.next(v1::DUTY_ACTIVE, false, Made::boot);
  EXPECT_EQ(life.next(v1::DUTY_ACTIVE, true, Made::boot), Step::stop);
}

TEST(Lifecycle, DrainingAndBackIsTheSameProcess) {
  Lifecycle life;
  life.next(v1::DUTY_ACTIVE, false, Made::nothing);
  life.next(v1::DUTY_ACTIVE, false, Made::role);
  EXPECT_EQ(life.next(v1::DUTY_DRAINING, false, Made::role), Step::wait);
  EXPECT_EQ(life.phase(), v1::PHASE_DRAINING);
  EXPECT_EQ(life.next(v1::DUTY_ACTIVE, false, Made::role), Step::wait);
  EXPECT_EQ(life.phase(), v1::PHASE_READY);
}

TEST(Lifecycle, StandbyEndsAServingProcessOnceAndABootingOneGoesBack) {
  Lifecycle serving;
  serving.next(v1::DUTY_ACTIVE, false, Made::nothing);
  serving.next(v1::DUTY_ACTIVE, false, Made::role);
  EXPECT_EQ(serving.next(v1::DUTY_STANDBY, false, Made::role), Step::stop);
  EXPECT_EQ(serving.next(v1::DUTY_STANDBY, true, Made::role), Step::wait);
  Lifecycle booting;
  booting.next(v1::DUTY_ACTIVE, false, Made::nothing);
  EXPECT_EQ(booting.next(v1::DUTY_STANDBY, false, Made::nothing), Step::wait);
  EXPECT_EQ(booting.phase(), v1::PHASE_STANDBY);
  EXPECT_EQ(booting.next(v1::DUTY_STANDBY, true, Made::nothing), Step::stop);
}

TEST(Http, HeadersCompareWithoutCaseAndSetReplaces) {
  Headers headers;
  headers.add("X-One", "1");
  headers.set("x-one", "2");
  EXPECT_EQ(headers.get("X-ONE"), "2");
  headers.erase("x-One");
  EXPECT_FALSE(headers.has("X-One"));
}

TEST(Http, PercentDecodingRefusesWhatIsMalformed) {
  EXPECT_EQ(percent_decode("a%20b"), "a b");
  EXPECT_EQ(percent_decode("a%2"), std::nullopt);
  EXPECT_EQ(percent_decode("%zz"), std::nullopt);
  EXPECT_EQ(query_value("a=1&b=x%3Dy", "b"), "x=y");
  EXPECT_EQ(query_value("a=1", "b"), std::nullopt);
}

}  // namespace
}  // namespace chaos
