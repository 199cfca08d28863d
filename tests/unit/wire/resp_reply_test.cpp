#include "wire/resp_reply.hpp"
#include "wire/resp_writer.hpp"

#include <gtest/gtest.h>

namespace chaos::resp {
namespace {

Value text(Kind kind, std::string what) { return {kind, std::move(what), 0, {}}; }
Value integer(std::int64_t n) { return {Kind::integer, {}, n, {}}; }
Value list(Kind kind, std::vector<Value> items) { return {kind, {}, 0, std::move(items)}; }

/// The only reply in `bytes`, fed `chunk` bytes at a time.
Value decode(std::string_view bytes, std::size_t chunk) {
  ReplyDecoder decoder;
  Value out;
  for (std::size_t at = 0; at < bytes.size(); at += chunk) {
    EXPECT_EQ(decoder.next(out), Progress::more);
    decoder.feed(bytes.substr(at, chunk));
  }
  EXPECT_EQ(decoder.next(out), Progress::ready) << bytes << decoder.error();
  EXPECT_TRUE(decoder.idle());
  return out;
}

void expect_decodes(std::string_view bytes, const Value& expected) {
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{3}, bytes.size()}) EXPECT_EQ(decode(bytes, chunk), expected) << bytes;
}

std::string why_malformed(std::string_view bytes, Limits limits = {}) {
  ReplyDecoder decoder(limits);
  decoder.feed(bytes);
  Value out;
  Progress progress = Progress::ready;
  while (progress == Progress::ready) progress = decoder.next(out);
  return progress == Progress::malformed ? decoder.error() : "";
}

TEST(RespReply, EachTypeOfTheProtocol) {
  expect_decodes("+OK\r\n", text(Kind::simple, "OK"));
  expect_decodes("-ERR no\r\n", text(Kind::error, "ERR no"));
  expect_decodes("!6\r\nERR no\r\n", text(Kind::error, "ERR no"));
  expect_decodes(":-42\r\n", integer(-42));
  expect_decodes("$5\r\na\r\nbc\r\n", text(Kind::bulk, "a\r\nbc"));
  expect_decodes("$0\r\n\r\n", text(Kind::bulk, ""));
  expect_decodes("$-1\r\n", {});
  expect_decodes("*-1\r\n", {});
  expect_decodes("_\r\n", {});
  expect_decodes("#t\r\n", {Kind::boolean, {}, 1, {}});
  expect_decodes(",1.5\r\n", text(Kind::number, "1.5"));
  expect_decodes("(12345678901234567890\r\n", text(Kind::big_number, "12345678901234567890"));
  expect_decodes("=7\r\ntxt:foo\r\n", text(Kind::verbatim, "foo"));
}

TEST(RespReply, AggregatesNest) {
  expect_decodes("*3\r\n*0\r\n*2\r\n:1\r\n:2\r\n$1\r\nx\r\n",
                 list(Kind::array, {list(Kind::array, {}), list(Kind::array, {integer(1), integer(2)}), text(Kind::bulk, "x")}));
  expect_decodes("%1\r\n+a\r\n~1\r\n:1\r\n", list(Kind::map, {text(Kind::simple, "a"), list(Kind::set, {integer(1)})}));
}

TEST(RespReply, AttributesAreDropped) {
  expect_decodes("*2\r\n|1\r\n+ttl\r\n:3600\r\n:1\r\n:2\r\n", list(Kind::array, {integer(1), integer(2)}));
}

TEST(RespReply, PipelinedRepliesComeOneByOne) {
  ReplyDecoder decoder;
  decoder.feed("+a\r\n>1\r\n+b\r\n:3\r\n");
  Value out;
  ASSERT_EQ(decoder.next(out), Progress::ready);
  EXPECT_EQ(out.text, "a");
  ASSERT_EQ(decoder.next(out), Progress::ready);
  EXPECT_EQ(out.kind, Kind::push);
  ASSERT_EQ(decoder.next(out), Progress::ready);
  EXPECT_EQ(out.integer, 3);
  EXPECT_EQ(decoder.next(out), Progress::more);
}

TEST(RespReply, MalformedRepliesAreRefused) {
  for (const char* bytes : {"?1\r\n", "\r\n", ":x\r\n", ":01\r\n", "$-2\r\n", "$3\r\nabcd\r\n", "*x\r\n", "%-1\r\n", "#x\r\n",
                            "=3\r\nfoo\r\n", "$?\r\n", "_x\r\n"}) {
    EXPECT_NE(why_malformed(bytes), "") << bytes;
  }
}

TEST(RespReply, EveryInputHasASizeBound) {
  Limits limits;
  limits.max_line = 16;
  limits.max_items = 8;
  limits.max_bulk = 8;
  limits.max_total = 10;
  limits.max_depth = 3;
  EXPECT_EQ(why_malformed("+01234567890123456789", limits), "line too long");
  EXPECT_EQ(why_malformed("*9\r\n", limits), "bad element count");
  EXPECT_EQ(why_malformed("*8\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n", limits), "too many elements");
  EXPECT_EQ(why_malformed("$9\r\n", limits), "bad string length");
  EXPECT_EQ(why_malformed("*2\r\n$6\r\nabcdef\r\n$6\r\n", limits), "reply too large");
  EXPECT_EQ(why_malformed("*1\r\n*1\r\n*1\r\n*1\r\n", limits), "nested too deep");
}

TEST(RespWriter, AnswersInTheVersionThatTheClientChose) {
  std::string out;
  Writer two(out, 2);
  two.nil();
  two.map(1);
  two.set(2);
  two.verbatim("x");
  EXPECT_EQ(out, "$-1\r\n*2\r\n*2\r\n$1\r\nx\r\n");
  out.clear();
  Writer three(out, 3);
  three.nil();
  three.map(1);
  three.set(2);
  three.verbatim("x");
  EXPECT_EQ(out, "_\r\n%1\r\n~2\r\n=5\r\ntxt:x\r\n");
}

TEST(RespWriter, AnErrorNeverBreaksItsLine) {
  std::string out;
  Writer(out, 2).error("ERR a\r\nb");
  EXPECT_EQ(out, "-ERR a  b\r\n");
}

TEST(RespWriter, WhatItWritesTheDecoderReads) {
  std::string out;
  Writer writer(out, 3);
  writer.array(3);
  writer.integer(-9223372036854775807 - 1);
  writer.bulk("a\r\nb");
  writer.nil();
  EXPECT_EQ(decode(out, 1), list(Kind::array, {integer(-9223372036854775807 - 1), text(Kind::bulk, "a\r\nb"), {}}));
}

TEST(RespInteger, TakesWhatRedisTakes) {
  std::int64_t n = 0;
  for (const char* good : {"0", "-1", "9223372036854775807", "-9223372036854775808"}) EXPECT_TRUE(parse_integer(good, n)) << good;
  for (const char* bad : {"", "-", "+1", "01", "-0", "-01", " 1", "1 ", "1.0", "9223372036854775808"}) {
    EXPECT_FALSE(parse_integer(bad, n)) << bad;
  }
}

}  // namespace
}  // namespace chaos::resp
