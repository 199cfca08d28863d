#include "lb/redispatch.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

TEST(Redispatch, EveryMethodMayGoOnWhenNoConnectionWasOpened) {
  for (const char* method : {"GET", "HEAD", "PUT", "DELETE", "POST", "PATCH"}) EXPECT_TRUE(may_redispatch(method, Errc::refused)) << method;
}

TEST(Redispatch, OnlyIdempotentMethodsMayGoOnAfterABreak) {
  for (const Errc error : {Errc::closed, Errc::reset}) {
    for (const char* method : {"GET", "HEAD", "PUT", "DELETE"}) EXPECT_TRUE(may_redispatch(method, error)) << method;
    for (const char* method : {"POST", "PATCH"}) EXPECT_FALSE(may_redispatch(method, error)) << method;
  }
}

TEST(Redispatch, ATimeoutOrABadAnswerIsFinal) {
  EXPECT_FALSE(may_redispatch("GET", Errc::timeout));
  EXPECT_FALSE(may_redispatch("GET", Errc::protocol));
  EXPECT_FALSE(may_redispatch("GET", Errc::too_large));
}

TEST(Redispatch, FailuresHaveTheirStatus) {
  EXPECT_EQ(failure_status(Errc::timeout), 504u);
  EXPECT_EQ(failure_status(Errc::refused), 503u);
  EXPECT_EQ(failure_status(Errc::reset), 502u);
  EXPECT_EQ(failure_status(Errc::protocol), 502u);
}

TEST(NoBackendReason, SaysWhatTheyAre) {
  EXPECT_EQ(no_backend_reason({3, 1, 0}), "no backend serves: 3 down, 1 draining");
  EXPECT_EQ(no_backend_reason({0, 0, 2}), "no backend serves: 2 in maintenance");
  EXPECT_EQ(no_backend_reason({}), "no backend serves: none is known");
}

}  // namespace
}  // namespace chaos
