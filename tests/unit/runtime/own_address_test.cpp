#include "runtime/own_address.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

TEST(OwnAddress, IsTheOneOnTheWayThere) {
  EXPECT_EQ(address_towards("127.0.0.1:7000"), "127.0.0.1");
  EXPECT_EQ(address_towards("127.42.1.1:7000"), "127.0.0.1");
}

TEST(OwnAddress, IsUnknownWhileTheOtherHasNone) {
  EXPECT_EQ(address_towards("no-such-host.invalid:7000"), std::nullopt);
  EXPECT_EQ(address_towards("without-a-port"), std::nullopt);
}

}  // namespace
}  // namespace chaos
