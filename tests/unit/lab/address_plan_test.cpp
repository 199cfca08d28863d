#include "lab/address_plan.hpp"

#include <gtest/gtest.h>

#include <set>

namespace chaos {
namespace {

TEST(AddressPlan, GivesEachRoleItsThirdOctet) {
  const AddressPlan plan(42);
  EXPECT_EQ(plan.node("server", 2), "127.42.40.2");
  EXPECT_EQ(plan.node("postgres", 1), "127.42.60.1");
  EXPECT_EQ(plan.controller(), "127.42.1.1");
}

TEST(AddressPlan, NoTwoRolesShareAnOctet) {
  std::set<int> seen;
  for (const char* role : {"client", "cdn", "lb", "server", "redis", "replica", "postgres", "queue", "worker", "object_store"}) {
    ASSERT_TRUE(role_octet(role)) << role;
    EXPECT_TRUE(seen.insert(*role_octet(role)).second) << role;
  }
}

TEST(AddressPlan, HasNoAddressForTheUnknown) {
  EXPECT_EQ(AddressPlan(42).node("mainframe", 1), "");
  EXPECT_EQ(AddressPlan(42).node("server", 0), "");
  EXPECT_EQ(AddressPlan(42).node("server", 255), "");
}

TEST(AddressPlan, ReadsItsSecondOctetBack) {
  EXPECT_EQ(second_octet(AddressPlan(42).node("server", 1)), 42);
  EXPECT_EQ(second_octet("127.254.1.1"), 254);
  for (const char* other : {"", "127.", "127.42", "127.0.0.1", "127.255.1.1", "127.x.1.1", "10.42.1.1", "lb-1"}) EXPECT_FALSE(second_octet(other)) << other;
}

}  // namespace
}  // namespace chaos
