#include "client/outcome.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

constexpr std::chrono::milliseconds kTimeout{1000};

Outcome judged(Attempt attempt, int took_ms = 10) { return judge(attempt, std::chrono::milliseconds(took_ms), kTimeout); }

TEST(OutcomeRule, AnAnswerInTimeWithoutA5xxIsGood) {
  EXPECT_EQ(judged({{}, 200}), Outcome::good);
  EXPECT_EQ(judged({{}, 201}), Outcome::good);
  EXPECT_EQ(judged({{}, 404}), Outcome::good);
  EXPECT_EQ(judged({{}, 200}, 1000), Outcome::good);
}

TEST(OutcomeRule, A5xxIsAFailureThatWasAnswered) {
  EXPECT_EQ(judged({{}, 503}), Outcome::server_error);
  EXPECT_TRUE(answered(Outcome::server_error));
}

TEST(OutcomeRule, AnAnswerAfterTheTimeoutIsLate) {
  EXPECT_EQ(judged({{}, 200}, 1001), Outcome::late);
  EXPECT_TRUE(answered(Outcome::late));
}

TEST(OutcomeRule, ErrorsAreToldApart) {
  EXPECT_EQ(judged({Errc::timeout}), Outcome::timeout);
  EXPECT_EQ(judged({Errc::refused}), Outcome::refused);
  EXPECT_EQ(judged({Errc::no_backend}), Outcome::refused);
  EXPECT_EQ(judged({Errc::reset}), Outcome::broken);
  EXPECT_EQ(judged({Errc::protocol}), Outcome::broken);
  for (Outcome outcome : {Outcome::timeout, Outcome::refused, Outcome::broken, Outcome::overload}) EXPECT_FALSE(answered(outcome));
}

TEST(OutcomeRule, ReadsAreRetriedAfterAnyFailure) {
  EXPECT_TRUE(may_retry(RequestKind::item, {Errc::timeout}));
  EXPECT_TRUE(may_retry(RequestKind::static_file, {Errc::reset}));
  EXPECT_TRUE(may_retry(RequestKind::order_status, {{}, 500}));
  EXPECT_FALSE(may_retry(RequestKind::item, {{}, 200}));
  EXPECT_FALSE(may_retry(RequestKind::order_status, {{}, 404}));
}

TEST(OutcomeRule, AnOrderIsRetriedOnlyWhenItWasNotCarriedOut) {
  EXPECT_TRUE(may_retry(RequestKind::order, {Errc::refused}));
  EXPECT_TRUE(may_retry(RequestKind::order, {{}, 503}));
  EXPECT_FALSE(may_retry(RequestKind::order, {Errc::timeout}));
  EXPECT_FALSE(may_retry(RequestKind::order, {Errc::reset}));
  EXPECT_FALSE(may_retry(RequestKind::order, {{}, 500}));
  EXPECT_FALSE(may_retry(RequestKind::order, {{}, 504}));
}

}  // namespace
}  // namespace chaos
