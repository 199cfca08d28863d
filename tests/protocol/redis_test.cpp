// redis-cli and redis-benchmark against the Redis node.
#include "support/compat.hpp"
#include "support/process.hpp"

#include <gtest/gtest.h>

namespace chaos::test {
namespace {

class Redis : public testing::Test {
 protected:
  Redis() : node("redis", 6379, R"({"config":{"redis":{"maxmemory_mb":1}}})") {}
  std::string cli(const std::string& arguments) { return sh("redis-cli -h " + node.address() + " " + arguments).out; }
  LoneNode node;
};

TEST_F(Redis, AnswersTheEverydayCommands) {
  compat("Redis", "Strings", "GET, SET ... EX, DEL, DBSIZE, PING");
  EXPECT_EQ(cli("PING"), "PONG\n");
  EXPECT_EQ(cli("SET greeting hello EX 100"), "OK\n");
  EXPECT_EQ(cli("GET greeting"), "hello\n");
  EXPECT_EQ(cli("DBSIZE"), "1\n");
  EXPECT_EQ(cli("DEL greeting nothing"), "1\n");
  EXPECT_EQ(cli("GET greeting"), "\n");
  EXPECT_EQ(cli("CONFIG GET maxmemory"), "maxmemory\n1000000\n");
}

TEST_F(Redis, InfoCountsWhatHappened) {
  cli("SET a 1");
  cli("GET a");
  cli("GET missing");
  const std::string info = cli("INFO");
  EXPECT_NE(info.find("keyspace_hits:1\r"), std::string::npos) << info;
  EXPECT_NE(info.find("keyspace_misses:1\r"), std::string::npos);
  EXPECT_NE(info.find("db0:keys=1"), std::string::npos);
  EXPECT_NE(info.find("connected_clients:1\r"), std::string::npos);
}

TEST_F(Redis, EvictsTheLeastRecentlyUsedAtMaxmemory) {
  const Output load = sh("redis-benchmark -h " + node.address() + " -t set -n 20000 -r 20000 -d 200 -c 10 -q");
  EXPECT_EQ(load.exit, 0) << load.out;
  const std::string info = cli("INFO");
  const auto at = info.find("evicted_keys:");
  ASSERT_NE(at, std::string::npos);
  EXPECT_GT(std::stol(info.substr(at + 13)), 1000);
  const auto used = info.find("used_memory:");
  EXPECT_LE(std::stol(info.substr(used + 12)), 1'100'000);
}

TEST_F(Redis, AnUnknownCommandAndGarbageHurtNobodyElse) {
  EXPECT_NE(cli("NOSUCH x").find("ERR unknown command"), std::string::npos);
  const Output garbage = sh("head -c 5000 /dev/urandom | timeout 3 nc -q1 " + node.address() + " 6379 || true");
  EXPECT_EQ(cli("PING"), "PONG\n");
}

TEST_F(Redis, ComesBackColdAfterAKill) {
  cli("SET a 1");
  node.kill_and_restart();
  EXPECT_EQ(cli("DBSIZE"), "0\n");
}

TEST_F(Redis, ExportsItsFiguresAndTheStandardOnes) {
  cli("GET missing");
  const std::string metrics = sh("curl -s http://" + node.address() + ":9100/metrics").out;
  EXPECT_NE(metrics.find("redis_keyspace_misses_total 1"), std::string::npos) << metrics;
  EXPECT_NE(metrics.find("process_resident_memory_bytes"), std::string::npos);
  EXPECT_NE(metrics.find("node_info{role=\"redis\",version=\"v1\"} 1"), std::string::npos);
}

}  // namespace
}  // namespace chaos::test
