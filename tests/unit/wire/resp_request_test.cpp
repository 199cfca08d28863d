#include "wire/resp_request.hpp"

#include <gtest/gtest.h>

namespace chaos::resp {
namespace {

using Command = std::vector<std::string>;

Command taken(const RequestDecoder& decoder) { return {decoder.args().begin(), decoder.args().end()}; }

/// Every command in `bytes`, fed `chunk` bytes at a time; the decoder's error as the last, when there is one.
std::vector<Command> decode(std::string_view bytes, std::size_t chunk, Limits limits = {}) {
  RequestDecoder decoder(limits);
  std::vector<Command> out;
  for (std::size_t at = 0; at < bytes.size(); at += chunk) {
    decoder.feed(bytes.substr(at, chunk));
    while (true) {
      const auto progress = decoder.next();
      if (progress == Progress::more) break;
      if (progress == Progress::malformed) {
        out.push_back({decoder.error()});
        return out;
      }
      out.push_back(taken(decoder));
    }
  }
  return out;
}

std::vector<Command> decode(std::string_view bytes) { return decode(bytes, bytes.size()); }

TEST(RespRequest, PipelinedCommandsComeInOrderHoweverTheBytesAreCut) {
  const std::string bytes = "*2\r\n$3\r\nGET\r\n$1\r\na\r\nPING\r\n*1\r\n$4\r\nECHO\r\n*3\r\n$3\r\nSET\r\n$0\r\n\r\n$4\r\na\r\nb\r\n";
  const std::vector<Command> expected{{"GET", "a"}, {"PING"}, {"ECHO"}, {"SET", "", "a\r\nb"}};
  for (std::size_t chunk = 1; chunk <= bytes.size(); ++chunk) EXPECT_EQ(decode(bytes, chunk), expected) << chunk;
}

TEST(RespRequest, EmptyCommandsAreSkipped) {
  EXPECT_EQ(decode("\r\n*0\r\n*-1\r\n  \r\nPING\r\n"), (std::vector<Command>{{"PING"}}));
}

TEST(RespRequest, InlineCommandsMayBeQuoted) {
  EXPECT_EQ(decode("SET k \"a b\\x41\\n\\\"\"\n"), (std::vector<Command>{{"SET", "k", "a bA\n\""}}));
  EXPECT_EQ(decode("SET 'a\\'b\\n' ''\r\n"), (std::vector<Command>{{"SET", "a'b\\n", ""}}));
}

TEST(RespRequest, UnbalancedQuotesAreAProtocolError) {
  const std::vector<Command> expected{{"Protocol error: unbalanced quotes in request"}};
  EXPECT_EQ(decode("SET \"a\n"), expected);
  EXPECT_EQ(decode("SET \"a\"b\n"), expected);
}

TEST(RespRequest, GarbageIsNamedAsRedisNamesIt) {
  EXPECT_EQ(decode("*x\r\n"), (std::vector<Command>{{"Protocol error: invalid multibulk length"}}));
  EXPECT_EQ(decode("*99999999\r\n"), (std::vector<Command>{{"Protocol error: invalid multibulk length"}}));
  EXPECT_EQ(decode("*1\r\nGET\r\n"), (std::vector<Command>{{"Protocol error: expected '$', got 'G'"}}));
  EXPECT_EQ(decode("*1\r\n$-5\r\n"), (std::vector<Command>{{"Protocol error: invalid bulk length"}}));
  EXPECT_EQ(decode("*1\r\n$99999999999\r\n"), (std::vector<Command>{{"Protocol error: invalid bulk length"}}));
}

TEST(RespRequest, EveryInputHasASizeBound) {
  Limits limits;
  limits.max_line = 64;
  limits.max_total = 10;
  const std::string endless(100, 'x');
  EXPECT_EQ(decode(endless, 7, limits), (std::vector<Command>{{"Protocol error: too big inline request"}}));
  EXPECT_EQ(decode("*1" + endless, 7, limits), (std::vector<Command>{{"Protocol error: too big mbulk count string"}}));
  EXPECT_EQ(decode("*1\r\n$" + endless, 7, limits), (std::vector<Command>{{"Protocol error: too big bulk count string"}}));
  EXPECT_EQ(decode("*2\r\n$6\r\nabcdef\r\n$6\r\nabcdef\r\n", 50, limits),
            (std::vector<Command>{{"Protocol error: command too large"}}));
}

TEST(RespRequest, ManyCommandsDoNotGrowTheBuffer) {
  RequestDecoder decoder;
  for (int i = 0; i < 1000; ++i) {
    decoder.feed("*2\r\n$3\r\nGET\r\n$1\r\na\r\n*2\r\n$3");
    ASSERT_EQ(decoder.next(), Progress::ready);
    ASSERT_EQ(decoder.next(), Progress::more);
    decoder.feed("\r\nDEL\r\n$1\r\nb\r\n");
    ASSERT_EQ(decoder.next(), Progress::ready);
    ASSERT_EQ(taken(decoder), (Command{"DEL", "b"}));
    ASSERT_EQ(decoder.next(), Progress::more);
    ASSERT_EQ(decoder.buffered(), 0u);
  }
}

}  // namespace
}  // namespace chaos::resp
