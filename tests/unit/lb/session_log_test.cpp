#include "lb/session_log.hpp"
#include "lb/backend.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

using std::chrono::milliseconds;

struct SessionLogTest : testing::Test {
  SessionLogTest() {
    stream.remote = "127.0.0.1:1234";
    stream.method = "GET";
    stream.target = "/items/1";
    stream.wall = std::chrono::system_clock::time_point(std::chrono::milliseconds(1'795'731'973'693));
  }
  std::size_t count = 0;
  std::size_t most = 0;
  Stream stream{count, most};
};

// The form of a line that HAProxy 2.6.12 wrote for a killed session.
TEST_F(SessionLogTest, ALineIsHaproxysHttpLog) {
  stream.queued = milliseconds(0);
  stream.connect = milliseconds(3);
  stream.end = {'K', 'H'};
  EXPECT_EQ(log_line(stream, {502, 209, milliseconds(312), 1, 1, 1, 0, "server-2"}),
            R"(127.0.0.1:1234 [26/Nov/2026:22:26:13.693] fe be/server-2 0/0/3/-1/312 502 209 - - KH-- 1/1/1/0/0 0/0 "GET /items/1 HTTP/1.1")");
  stream.moved = true;
  stream.retries = 1;
  EXPECT_NE(log_line(stream, {}).find("/0/+1 0/0 "), std::string::npos);
}

TEST_F(SessionLogTest, WhatAClientSentStaysOnItsLine) {
  stream.target = "/a\nb\"c";
  const std::string line = log_line(stream, {});
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_NE(line.find("/a#0Ab#22c"), std::string::npos) << line;
  stream.target = std::string(10'000, 'x');
  EXPECT_LT(log_line(stream, {}).size(), 500u);
}

TEST_F(SessionLogTest, KeepsTheLast512) {
  SessionLog log;
  for (int i = 0; i < 600; ++i) log.add(std::to_string(i));
  EXPECT_EQ(log.lines().size(), 512u);
  EXPECT_EQ(log.lines().back(), "599");
}

}  // namespace
}  // namespace chaos
