#include "wire/amqp_method.hpp"

#include <gtest/gtest.h>

namespace chaos::amqp {
namespace {

std::string payload_of(const Method& method) {
  std::string wire;
  append_method(wire, 7, method);
  FrameDecoder decoder(1 << 20);
  decoder.feed(wire);
  Frame frame;
  EXPECT_EQ(decoder.next(frame), FrameDecoder::Progress::ready);
  EXPECT_EQ(frame.channel, 7);
  EXPECT_EQ(frame.type, FrameType::method);
  return std::string(frame.payload);
}

// basic.publish to the default exchange, byte by byte as the specification lays it out.
TEST(AmqpMethod, PublishOnTheWire) {
  BasicPublish publish;
  publish.routing_key = "receipts";
  publish.mandatory = true;
  EXPECT_EQ(payload_of(publish), std::string("\x00\x3c\x00\x28" "\x00\x00" "\x00" "\x08receipts" "\x01", 17));
}

TEST(AmqpMethod, BitsShareAnOctet) {
  QueueDeclare declare;
  declare.queue = "q";
  declare.durable = true;
  declare.auto_delete = true;
  const std::string wire = payload_of(declare);
  EXPECT_EQ(wire, std::string("\x00\x32\x00\x0a" "\x00\x00" "\x01q" "\x0a" "\x00\x00\x00\x00", 13));
}

TEST(AmqpMethod, RoundTrip) {
  QueueDeclare declare;
  declare.queue = "receipts";
  declare.passive = declare.no_wait = true;
  declare.arguments = {{"x-queue-type", {std::string("classic")}}, {"x-max-length", {std::int64_t{-5}}}};
  Method out;
  ASSERT_EQ(decode_method(payload_of(declare), out), Decoded::ok);
  const auto& got = std::get<QueueDeclare>(out);
  EXPECT_EQ(got.queue, "receipts");
  EXPECT_TRUE(got.passive && got.no_wait && !got.durable && !got.exclusive && !got.auto_delete);
  EXPECT_EQ(got.arguments, declare.arguments);
}

// Every method with its defaults survives its own encoding, and its encoding is a fixed point.
template <class... M>
void each_round_trips(const std::variant<M...>*) {
  auto check = []<class One>(const One&) {
    const std::string wire = payload_of(One{});
    Method out;
    ASSERT_EQ(decode_method(wire, out), Decoded::ok) << One::kId.class_id << "." << One::kId.method_id;
    EXPECT_TRUE(std::holds_alternative<One>(out));
    EXPECT_EQ(payload_of(out), wire);
  };
  (check(M{}), ...);
}
TEST(AmqpMethod, EachRoundTrips) { each_round_trips(static_cast<const Method*>(nullptr)); }

TEST(AmqpMethod, UnknownAndMalformed) {
  Method out;
  EXPECT_EQ(decode_method(std::string_view("\x00\x5b\x00\x0a", 4), out), Decoded::unknown) << "no class 91";
  EXPECT_EQ(decode_method(std::string_view("\x00\x32", 2), out), Decoded::malformed) << "no method id";
  EXPECT_EQ(decode_method(std::string_view("\x00\x3c\x00\x50\x00", 5), out), Decoded::malformed) << "cut";
  std::string trailing = payload_of(BasicQosOk{}) + "x";
  EXPECT_EQ(decode_method(trailing, out), Decoded::malformed) << "more than its arguments";
}

TEST(AmqpTable, EveryFieldType) {
  const std::string fields =
      std::string("\x01t" "t\x01") + std::string("\x01" "b" "b\xff", 4) + std::string("\x01" "B" "B\xff", 4) +
      std::string("\x01s" "s\xff\xfe", 5) + std::string("\x01u" "u\xff\xfe", 5) + std::string("\x01I" "I\xff\xff\xff\xff", 7) +
      std::string("\x01i" "i\xff\xff\xff\xff", 7) + std::string("\x01l" "l\x00\x00\x00\x00\x00\x00\x00\x05", 11) +
      std::string("\x01" "f" "f\x3f\x80\x00\x00", 7) + std::string("\x01" "D" "D\x02\x00\x00\x00\x7b", 8) +
      std::string("\x01S" "S\x00\x00\x00\x02hi", 9) + std::string("\x01T" "T\x00\x00\x00\x00\x00\x00\x00\x09", 11) +
      std::string("\x01V" "V", 3) + std::string("\x01" "A" "A\x00\x00\x00\x02t\x00", 9);
  const auto size = static_cast<char>(fields.size());
  const std::string wire = std::string("\x00\x00\x00", 3) + size + fields;
  Reader in(wire);
  Table table;
  in.get(table);
  ASSERT_TRUE(in.ok());
  EXPECT_EQ(find(table, "b")->data, Value{std::int64_t{-1}}.data);
  EXPECT_EQ(find(table, "B")->data, Value{std::int64_t{255}}.data);
  EXPECT_EQ(find(table, "s")->data, Value{std::int64_t{-2}}.data);
  EXPECT_EQ(find(table, "u")->data, Value{std::int64_t{65534}}.data);
  EXPECT_EQ(find(table, "I")->data, Value{std::int64_t{-1}}.data);
  EXPECT_EQ(find(table, "i")->data, Value{std::int64_t{4294967295}}.data);
  EXPECT_EQ(find(table, "f")->data, Value{1.0}.data);
  EXPECT_EQ(find(table, "D")->data, Value{1.23}.data);
  EXPECT_EQ(find(table, "S")->data, Value{std::string("hi")}.data);
  EXPECT_EQ(find(table, "A")->data, (Value{std::vector<Value>{{false}}}.data));
  EXPECT_EQ(find(table, "none"), nullptr);
}

// A broker hands headers on: what a client sent as 32 bits must not come back as 64.
TEST(AmqpTable, TypeLettersSurviveReadingAndWriting) {
  const std::string wire("\x00\x00\x00\x25" "\x01" "aI\x00\x00\x00\x07" "\x01" "bT\x00\x00\x00\x00\x00\x00\x00\x09" "\x01" "cB\xff" "\x01" "dx\x00\x00\x00\x01" "z" "\x01" "ef\x3f\x80\x00\x00", 41);
  Table table;
  Reader in(wire);
  in.get(table);
  ASSERT_TRUE(in.ok());
  ASSERT_EQ(table.size(), 5u);
  std::string again;
  Writer(again).put(table);
  EXPECT_EQ(again, wire);
  EXPECT_EQ(table[0].value, Value{std::int64_t{7}}) << "letters do not count in comparisons";
}

TEST(AmqpTable, DepthIsBounded) {
  Table table;
  for (int depth = 0; depth < kMaxTableDepth + 2; ++depth) table = {{"t", {table}}};
  std::string wire;
  Writer(wire).put(table);
  Reader in(wire);
  Table out;
  in.get(out);
  EXPECT_FALSE(in.ok());
}

TEST(AmqpTable, InnerLengthMayNotLeaveItsTable) {
  const std::string wire("\x00\x00\x00\x07\x01S" "S\x00\x00\x00\x09" "123456789", 20);
  Reader in(wire);
  Table out;
  in.get(out);
  EXPECT_FALSE(in.ok());
}

TEST(AmqpWriter, ShortStringIsCutAt255) {
  std::string wire;
  Writer(wire).put(std::string(300, 'n'));
  EXPECT_EQ(wire.size(), 256u);
}

}  // namespace
}  // namespace chaos::amqp
