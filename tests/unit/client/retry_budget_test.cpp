#include "client/retry_budget.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

int retries(RetryBudget& budget, int requests) {
  int taken = 0;
  for (int i = 0; i < requests; ++i) {
    budget.request();
    if (budget.take()) ++taken;
  }
  return taken;
}

TEST(RetryBudget, KeepsRetriesBelowTheirShare) {
  RetryBudget budget(0.1);
  EXPECT_NEAR(retries(budget, 10000), 1000, 1);
}

TEST(RetryBudget, ZeroNeverRetries) {
  RetryBudget budget(0);
  EXPECT_EQ(retries(budget, 1000), 0);
}

TEST(RetryBudget, SavesNoMoreThanItsBound) {
  RetryBudget budget(0.5);
  for (int i = 0; i < 100000; ++i) budget.request();
  EXPECT_DOUBLE_EQ(budget.tokens(), RetryBudget::kMost);
  int taken = 0;
  while (budget.take()) ++taken;
  EXPECT_EQ(taken, 100);
}

TEST(RetryBudget, AShareAboveOnePaysForSeveralRetriesARequest) {
  RetryBudget budget(3);
  budget.request();
  EXPECT_TRUE(budget.take());
  EXPECT_TRUE(budget.take());
  EXPECT_TRUE(budget.take());
  EXPECT_FALSE(budget.take());
}

}  // namespace
}  // namespace chaos
