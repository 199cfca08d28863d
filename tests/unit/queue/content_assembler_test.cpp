#include "queue/content_assembler.hpp"

#include <gtest/gtest.h>

namespace chaos::broker {
namespace {

using amqp::Reply;

std::string header(std::uint64_t size, std::uint8_t delivery_mode = 0) {
  amqp::Properties properties;
  if (delivery_mode) properties.delivery_mode = delivery_mode;
  std::string wire;
  amqp::append_content_header(wire, 1, size, amqp::encode_properties(properties));
  return wire.substr(7, wire.size() - amqp::kFrameOverhead);
}

Reply code(const Outcome& outcome) { return outcome ? outcome->code : Reply::success; }

TEST(ContentAssembler, HeaderAndBodiesBecomeAMessage) {
  ContentAssembler assembler(100);
  amqp::BasicPublish method;
  method.routing_key = "q";
  assembler.begin(method);
  EXPECT_TRUE(assembler.busy());
  EXPECT_FALSE(assembler.header(header(5, amqp::kPersistent)));
  EXPECT_FALSE(assembler.body("ab"));
  EXPECT_FALSE(assembler.take());
  EXPECT_EQ(assembler.held(), 2u);
  EXPECT_FALSE(assembler.body("cde"));
  EXPECT_FALSE(assembler.busy());
  const auto publish = assembler.take();
  ASSERT_TRUE(publish);
  EXPECT_EQ(publish->body, "abcde");
  EXPECT_EQ(publish->method.routing_key, "q");
  EXPECT_EQ(publish->properties.delivery_mode, amqp::kPersistent);
  EXPECT_FALSE(assembler.take()) << "once";
}

TEST(ContentAssembler, AnEmptyBodyHasNoBodyFrame) {
  ContentAssembler assembler(100);
  assembler.begin({});
  EXPECT_FALSE(assembler.header(header(0)));
  const auto publish = assembler.take();
  ASSERT_TRUE(publish);
  EXPECT_FALSE(publish->properties.delivery_mode);
}

TEST(ContentAssembler, OutOfOrder) {
  ContentAssembler assembler(100);
  EXPECT_EQ(code(assembler.header(header(1))), Reply::unexpected_frame);
  EXPECT_EQ(code(assembler.body("x")), Reply::unexpected_frame);
  assembler.begin({});
  EXPECT_EQ(code(assembler.body("x")), Reply::unexpected_frame);
}

TEST(ContentAssembler, Bounds) {
  ContentAssembler assembler(10);
  assembler.begin({});
  EXPECT_EQ(code(assembler.header(header(11))), Reply::precondition_failed);
  assembler.begin({});
  EXPECT_FALSE(assembler.header(header(3)));
  EXPECT_EQ(code(assembler.body("more")), Reply::frame_error);
}

TEST(ContentAssembler, Malformed) {
  ContentAssembler assembler(10);
  assembler.begin({});
  EXPECT_EQ(code(assembler.header("short")), Reply::syntax_error);
}

}  // namespace
}  // namespace chaos::broker
