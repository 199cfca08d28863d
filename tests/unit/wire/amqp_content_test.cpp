#include "wire/amqp_content.hpp"

#include <gtest/gtest.h>

namespace chaos::amqp {
namespace {

std::string payload_of(std::uint64_t body_size, std::string_view raw) {
  std::string wire;
  append_content_header(wire, 1, body_size, raw);
  return wire.substr(7, wire.size() - kFrameOverhead);
}

TEST(AmqpContent, PersistentJsonOnTheWire) {
  Properties properties;
  properties.content_type = "text/plain";
  properties.delivery_mode = kPersistent;
  EXPECT_EQ(payload_of(12, encode_properties(properties)),
            std::string("\x00\x3c\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0c\x90\x00\x0atext/plain\x02", 26));
}

TEST(AmqpContent, AllPropertiesRoundTrip) {
  Properties all;
  all.content_type = "a";
  all.content_encoding = "b";
  all.headers = Table{{"k", {std::string("v")}}};
  all.delivery_mode = 1;
  all.priority = 9;
  all.correlation_id = "c";
  all.reply_to = "d";
  all.expiration = "60000";
  all.message_id = "m";
  all.timestamp = 1234567890123;
  all.type = "t";
  all.user_id = "guest";
  all.app_id = "lab";
  all.cluster_id = "";
  const std::string payload = payload_of(1ull << 40, encode_properties(all));
  const auto header = decode_content_header(payload);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->properties, all);
  EXPECT_EQ(header->body_size, 1ull << 40);
  EXPECT_EQ(header->raw, encode_properties(all));
}

TEST(AmqpContent, NoProperties) {
  const auto header = decode_content_header(payload_of(0, encode_properties({})));
  ASSERT_TRUE(header);
  EXPECT_EQ(header->properties, Properties{});
}

TEST(AmqpContent, Malformed) {
  EXPECT_FALSE(decode_content_header(""));
  EXPECT_FALSE(decode_content_header(std::string(13, '\0'))) << "cut in the flags";
  EXPECT_FALSE(decode_content_header(payload_of(0, std::string("\x00\x01", 2)))) << "a second flags word";
  EXPECT_FALSE(decode_content_header(payload_of(0, std::string("\x80\x00\x05" "abc", 6)))) << "cut in a property";
  EXPECT_FALSE(decode_content_header(payload_of(0, std::string("\x00\x00x", 3)))) << "trailing bytes";
}

}  // namespace
}  // namespace chaos::amqp
