#include "lb/redispatch.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

TEST(Redispatch, EveryMethodMayGoOnWhenNoConnectionWasOpened) {
  for (const char* method : {"GET", "HEAD", "PUT", "DELETE", "POST", "PATCH"}) EXPECT_TRUE(may_retry(method, Errc::refused)) << method;
}

TEST(Redispatch, OnlyIdempotentMethodsMayGoOnAfterABreak) {
  for (const Errc error : {Errc::closed, Errc::reset}) {
    for (const char* method : {"GET", "HEAD", "PUT", "DELETE"}) EXPECT_TRUE(may_retry(method, error)) << method;
    for (const char* method : {"POST", "PATCH"}) EXPECT_FALSE(may_retry(method, error)) << method;
  }
}

TEST(Redispatch, ATimeoutOrABadAnswerIsFinal) {
  EXPECT_FALSE(may_retry("GET", Errc::timeout));
  EXPECT_FALSE(may_retry("GET", Errc::protocol));
  EXPECT_FALSE(may_retry("GET", Errc::too_large));
}

TEST(Redispatch, WhichRetriesMoveOnIsHaproxysInterval) {
  const auto moves = [](int redispatch) {
    std::string out;
    for (int retry = 1; retry <= 4; ++retry) out.push_back(moves_on(redispatch, retry, 4) ? 'm' : '-');
    return out;
  };
  EXPECT_EQ(moves(0), "----");
  EXPECT_EQ(moves(1), "mmmm");
  EXPECT_EQ(moves(2), "-m-m");
  EXPECT_EQ(moves(-1), "---m");
  EXPECT_EQ(moves(-3), "-m--");
}

TEST(Redispatch, FailuresHaveTheirStatus) {
  EXPECT_EQ(failure_status(Errc::timeout, true), 504u);
  EXPECT_EQ(failure_status(Errc::timeout, false), 503u);
  EXPECT_EQ(failure_status(Errc::refused, false), 503u);
  EXPECT_EQ(failure_status(Errc::reset, true), 502u);
  EXPECT_EQ(failure_status(Errc::protocol, true), 502u);
}

TEST(NoBackendReason, SaysWhatTheyAre) {
  EXPECT_EQ(no_backend_reason({3, 1, 0}), "no backend serves: 3 down, 1 draining");
  EXPECT_EQ(no_backend_reason({0, 0, 2}), "no backend serves: 2 in maintenance");
  EXPECT_EQ(no_backend_reason({}), "no backend serves: none is known");
}

}  // namespace
}  // namespace chaos
