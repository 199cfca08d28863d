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

}  // namespace
}  // namespace chaos
