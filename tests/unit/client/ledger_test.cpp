#include "client/ledger.hpp"

#include "chaoslab/v1/node.pb.h"

#include <gmock/gmock.h>

#include <stdlib.h>

namespace chaos {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using std::chrono::milliseconds;

class LedgerTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "ledger-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    dir_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(dir_); }

  static v1::Report told(Ledger& ledger) {
    v1::Report report;
    ledger.tell(report);
    return report;
  }
  std::filesystem::path dir_;
};

TEST_F(LedgerTest, TellsEachIncrementOnce) {
  Ledger ledger(dir_);
  ASSERT_TRUE(ledger.begin("r1"));
  ledger.sent(milliseconds(1));
  ledger.finished(LabTime::from_seconds(61), Outcome::good, milliseconds(20));
  ledger.finished(LabTime::from_seconds(62), Outcome::timeout, milliseconds(1000));
  ASSERT_TRUE(ledger.acknowledged(7));
  ledger.retried();

  const v1::Report first = told(ledger);
  EXPECT_EQ(first.run(), "r1");
  ASSERT_EQ(first.minutes_size(), 1);
  EXPECT_EQ(first.minutes(0).lab_minute(), 1);
  EXPECT_EQ(first.minutes(0).total(), 2u);
  EXPECT_EQ(first.minutes(0).good(), 1u);
  EXPECT_THAT(first.user_latency().count(), ElementsAre(1));   // a time-out was not answered
  EXPECT_THAT(first.acked_orders(), ElementsAre(7));
  EXPECT_NEAR(first.lateness_p99_ms(), 1, 0.05);
  EXPECT_EQ(first.retries_total(), 1u);

  const v1::Report second = told(ledger);
  EXPECT_EQ(second.minutes_size(), 0);
  EXPECT_THAT(second.user_latency().count(), IsEmpty());
  EXPECT_THAT(second.acked_orders(), IsEmpty());
  EXPECT_EQ(second.retries_total(), 1u);   // a total, not an increment
}

TEST_F(LedgerTest, ANewProcessTellsTheRunsOrdersAgain) {
  {
    Ledger killed(dir_);
    ASSERT_TRUE(killed.begin("r1"));
    ASSERT_TRUE(killed.acknowledged(1));
    ASSERT_TRUE(killed.acknowledged(2));
    told(killed);
  }
  Ledger next(dir_);
  ASSERT_TRUE(next.begin("r1"));
  ASSERT_TRUE(next.acknowledged(3));
  EXPECT_THAT(told(next).acked_orders(), ElementsAre(1, 2, 3));
}

TEST_F(LedgerTest, ANewRunStartsFromNothing) {
  Ledger ledger(dir_);
  ASSERT_TRUE(ledger.begin("r1"));
  ledger.finished(LabTime{}, Outcome::good, milliseconds(5));
  ASSERT_TRUE(ledger.acknowledged(1));
  ledger.retried();
  ASSERT_TRUE(ledger.begin("r2"));
  const v1::Report report = told(ledger);
  EXPECT_EQ(report.run(), "r2");
  EXPECT_EQ(report.minutes_size(), 0);
  EXPECT_THAT(report.user_latency().count(), IsEmpty());
  EXPECT_THAT(report.acked_orders(), IsEmpty());
  EXPECT_EQ(report.retries_total(), 0u);
}

TEST_F(LedgerTest, ManyOrdersAreToldInParts) {
  Ledger ledger(dir_);
  ASSERT_TRUE(ledger.begin("r1"));
  for (int id = 0; id < 10'001; ++id) ASSERT_TRUE(ledger.acknowledged(id));
  EXPECT_EQ(told(ledger).acked_orders_size(), 10'000);
  EXPECT_THAT(told(ledger).acked_orders(), ElementsAre(10'000));
}

TEST_F(LedgerTest, OrdersAreToldEvenWhenTheFileFails) {
  Ledger ledger(dir_ / "missing");
  EXPECT_FALSE(ledger.begin("r1"));
  EXPECT_FALSE(ledger.acknowledged(4));
  EXPECT_THAT(told(ledger).acked_orders(), ElementsAre(4));
}

}  // namespace
}  // namespace chaos
