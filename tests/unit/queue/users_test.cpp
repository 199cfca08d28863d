#include "queue/users.hpp"

#include "wire/amqp_bytes.hpp"
#include "wire/base64.hpp"

#include <gtest/gtest.h>

namespace chaos::broker {
namespace {

TEST(Users, AreReadFromAList) {
  const Users users("guest:guest  ops:with:colon nobody :empty");
  EXPECT_EQ(users.all().size(), 2u);
  EXPECT_TRUE(users.accept("ops", "with:colon"));
  EXPECT_FALSE(users.accept("guest", "wrong"));
  EXPECT_FALSE(users.accept("nobody", ""));
}

TEST(Users, CredentialsOfEachMechanism) {
  const auto plain = read_credentials("PLAIN", std::string_view("\0guest\0pw", 9));
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->name + "/" + plain->password, "guest/pw");
  std::string wire;
  amqp::Writer(wire).put(amqp::Table{{"LOGIN", {std::string("ops")}}, {"PASSWORD", {std::string("pw")}}});
  EXPECT_EQ(read_credentials("AMQPLAIN", wire.substr(4))->name, "ops");
  EXPECT_FALSE(read_credentials("AMQPLAIN", "\x05LOGIN"));
  EXPECT_FALSE(read_credentials("PLAIN", "guest"));
  EXPECT_FALSE(read_credentials("EXTERNAL", ""));
  EXPECT_EQ(read_basic("Basic " + base64_encode("a:b:c"))->password, "b:c");
  EXPECT_FALSE(read_basic("Basic !!"));
  EXPECT_FALSE(read_basic("Bearer x"));
}

}  // namespace
}  // namespace chaos::broker
