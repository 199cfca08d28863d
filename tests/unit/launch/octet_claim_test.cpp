#include "launch/octet_claim.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

TEST(OctetClaim, IsGivenOnceAndFreeAgainWithItsOwner) {
  auto first = OctetClaim::take(253);
  ASSERT_TRUE(first);
  EXPECT_FALSE(OctetClaim::take(253));
  first.reset();
  EXPECT_TRUE(OctetClaim::take(253));
}

TEST(OctetClaim, WithoutAWishTwoLabsGetDifferentOnes) {
  const auto one = OctetClaim::take(0);
  const auto two = OctetClaim::take(0);
  ASSERT_TRUE(one && two);
  EXPECT_NE(one->octet(), two->octet());
}

}  // namespace
}  // namespace chaos
