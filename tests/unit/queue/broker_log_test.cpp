#include "queue/broker_log.hpp"
#include "queue/message_stats.hpp"

#include <gtest/gtest.h>

namespace chaos::broker {
namespace {

using std::chrono::seconds;

TEST(LineLimit, ABurstThenOneASecondAndTheRestIsCounted) {
  LineLimit limit;
  RealTime now{seconds(100)};
  std::uint64_t left_out = 0;
  int written = 0;
  for (int i = 0; i < 20; ++i) written += limit.allow(now, left_out);
  EXPECT_EQ(written, LineLimit::kBurst);
  EXPECT_TRUE(limit.allow(now + seconds(1), left_out));
  EXPECT_EQ(left_out, 15u);
  EXPECT_FALSE(limit.allow(now + seconds(1), left_out));
  EXPECT_TRUE(limit.allow(now + seconds(60), left_out));
}

TEST(MessageStats, RatesAreOfTheLastSeconds) {
  MessageStats stats;
  RealTime now{seconds(100)};
  stats.sample(now);
  EXPECT_EQ(stats.rate(Stat::publish), 0);
  for (int second = 1; second <= 10; ++second) {
    stats.add(Stat::publish, second <= 5 ? 100 : 10);
    stats.sample(now + seconds(second));
  }
  EXPECT_EQ(stats.value(Stat::publish), 550u);
  EXPECT_DOUBLE_EQ(stats.rate(Stat::publish), 10);
}

TEST(Meter, ALevelThatFallsHasANegativeRate) {
  Meter<1> meter;
  meter.set(0, 50);
  meter.sample(RealTime(seconds(1)));
  meter.set(0, 10);
  meter.sample(RealTime(seconds(3)));
  EXPECT_DOUBLE_EQ(meter.rate(0), -20);
}

}  // namespace
}  // namespace chaos::broker
