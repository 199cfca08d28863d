#include "worker/backoff.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

using std::chrono::milliseconds;

TEST(Backoff, DoublesUpToItsBoundWithinHalfAndWhole) {
  Backoff backoff(milliseconds(100), milliseconds(350));
  Rng rng(1);
  for (const auto whole : {milliseconds(100), milliseconds(200), milliseconds(350), milliseconds(350)}) {
    const RealDuration wait = backoff.after_failure(rng);
    EXPECT_GE(wait, RealDuration(whole) / 2);
    EXPECT_LE(wait, RealDuration(whole));
  }
}

TEST(Backoff, StartsAnewAfterSuccess) {
  Backoff backoff(milliseconds(100), milliseconds(1000));
  Rng rng(1);
  backoff.after_failure(rng);
  backoff.after_failure(rng);
  backoff.success();
  EXPECT_LE(backoff.after_failure(rng), RealDuration(milliseconds(100)));
}

}  // namespace
}  // namespace chaos
