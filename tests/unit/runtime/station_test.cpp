#include "runtime/station.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <deque>
#include <queue>

namespace chaos {
namespace {

// Erlang C: the probability that an arrival waits, for c servers and offered load a = lambda / mu
// (Gross & Harris, Fundamentals of Queueing Theory, section 2.3).
double erlang_c(int c, double a) {
  double term = 1;
  double sum = 1;
  for (int k = 1; k < c; ++k) sum += term *= a / k;
  const double last = term * a / c * c / (c - a);
  return last / (sum + last);
}

// Drives the rule alone on a manual clock: exponential arrivals and service, mean service 1. Returns the mean wait.
double simulate_wait(int slots, double utilisation, std::uint64_t seed, int arrivals) {
  StationRule rule({slots, 1'000'000});
  Rng rng(seed);
  std::priority_queue<double, std::vector<double>, std::greater<>> departures;
  std::deque<double> line;
  double now = 0;
  double waited = 0;
  for (int n = 0; n < arrivals; ++n) {
    now += rng.exponential(1.0 / (utilisation * slots));
    while (!departures.empty() && departures.top() <= now) {
      const double at = departures.top();
      departures.pop();
      if (!rule.depart()) continue;
      waited += at - line.front();
      line.pop_front();
      departures.push(at + rng.exponential(1));
    }
    if (rule.arrive() == StationRule::Admission::start) departures.push(now + rng.exponential(1));
    else line.push_back(now);
  }
  return waited / arrivals;
}

struct Load {
  int slots;
  double utilisation;
};

class StationAgainstErlangC : public testing::TestWithParam<Load> {};

TEST_P(StationAgainstErlangC, MeanWaitWithinFivePercent) {
  const auto [slots, utilisation] = GetParam();
  const double a = utilisation * slots;
  const double expected = erlang_c(slots, a) / (slots - a);
  double sum = 0;
  constexpr int kRuns = 4;
  for (int run = 0; run < kRuns; ++run) sum += simulate_wait(slots, utilisation, 100 + run, 2'000'000);
  EXPECT_NEAR(sum / kRuns / expected, 1, 0.05) << "expected " << expected;
}

INSTANTIATE_TEST_SUITE_P(Loads, StationAgainstErlangC,
                         testing::Values(Load{1, 0.5}, Load{1, 0.7}, Load{1, 0.9}, Load{4, 0.5}, Load{4, 0.7}, Load{4, 0.9},
                                         Load{16, 0.5}, Load{16, 0.7}, Load{16, 0.9}),
                         [](const auto& info) {
                           return "c" + std::to_string(info.param.slots) + "_u" + std::to_string(std::lround(info.param.utilisation * 100));
                         });

TEST(StationRule, RefusesWhenTheQueueIsFull) {
  StationRule rule({1, 1});
  EXPECT_EQ(rule.arrive(), StationRule::Admission::start);
  EXPECT_EQ(rule.arrive(), StationRule::Admission::wait);
  EXPECT_EQ(rule.arrive(), StationRule::Admission::refuse);
}

TEST(StationRule, AFreedSlotGoesToTheWaiterNotToANewcomer) {
  StationRule rule({1, 8});
  rule.arrive();
  rule.arrive();
  EXPECT_TRUE(rule.depart());
  EXPECT_EQ(rule.busy(), 1);
  EXPECT_EQ(rule.arrive(), StationRule::Admission::wait);
}

TEST(StationRule, FewerSlotsTakeEffectAsWorkDeparts) {
  StationRule rule({4, 8});
  for (int i = 0; i < 4; ++i) rule.arrive();
  rule.arrive();
  rule.set_limits({2, 8});
  EXPECT_FALSE(rule.depart());
  EXPECT_FALSE(rule.depart());
  EXPECT_TRUE(rule.depart());
  EXPECT_EQ(rule.busy(), 2);
}

}  // namespace
}  // namespace chaos
