// What one looks at when Redis is slow, full or crowded: each figure is made here, and then found.
#include "support/compat.hpp"
#include "support/redis_cli.hpp"

#include <gtest/gtest.h>

namespace chaos::test {
namespace {

class RedisTriage : public testing::Test {
 protected:
  LoneNode node{"redis", 6379, R"({"config":{"redis":{"maxmemory_mb":0}}})"};
  RedisCli cli{node.address()};
};

TEST_F(RedisTriage, TheSlowLogMeasures) {
  compat("Redis", "Slow log", "SLOWLOG GET, LEN, RESET, HELP; slowlog-log-slower-than, slowlog-max-len");
  cli("CONFIG SET slowlog-log-slower-than 20000");
  cli("SET a 1");
  EXPECT_EQ(cli("SLOWLOG LEN"), "0\n");
  cli("DEBUG SLEEP 0.05");
  const std::string slow = cli("SLOWLOG GET");
  EXPECT_TRUE(has(slow, "DEBUG\nSLEEP\n0.05\n127.0.0.1:")) << slow;
  EXPECT_GE(std::stol(sh("redis-cli -h " + node.address() + " SLOWLOG GET | sed -n 3p").out), 50'000) << "microseconds";
  for (int i = 0; i < 3; ++i) cli("CONFIG SET slowlog-log-slower-than 0 slowlog-max-len 2");
  EXPECT_EQ(cli("SLOWLOG LEN"), "2\n");
  EXPECT_EQ(cli("SLOWLOG RESET"), "OK\n");
  EXPECT_TRUE(has(cli("SLOWLOG HELP"), "RESET"));
}

TEST_F(RedisTriage, OneSlowCommandKeepsAllWaiting) {
  compat("Redis", "Server", "DEBUG SLEEP, DEBUG OBJECT", Compat::differs, "other subcommands of DEBUG are refused; the node's own /metrics go on");
  const std::string took = sh("redis-cli -h " + node.address() + " DEBUG SLEEP 0.6 & sleep 0.1; /usr/bin/time -f %e redis-cli -h " +
                              node.address() + " PING; curl -s -o /dev/null -w '%{time_total} ' http://" + node.address() + ":9100/metrics; wait").out;
  EXPECT_TRUE(has(took, "PONG")) << took;
  const std::string seconds = sh("redis-cli -h " + node.address() + " DEBUG SLEEP 0.6 >/dev/null & sleep 0.1; s=$(date +%s%N); redis-cli -h " +
                                 node.address() + " PING >/dev/null; e=$(date +%s%N); wait; echo $(( (e - s) / 1000000 ))").out;
  EXPECT_GE(std::stol(seconds), 300) << "PING waited behind the sleep";
  EXPECT_TRUE(has(cli("DEBUG RELOAD"), "ERR unknown subcommand 'RELOAD'"));
  cli("SET a 1");
  EXPECT_TRUE(has(cli("DEBUG OBJECT a"), "encoding:int"));
}

TEST_F(RedisTriage, LatencyOfEventsAndCommands) {
  compat("Redis", "Latency", "LATENCY LATEST, HISTORY, RESET, HISTOGRAM; latency-monitor-threshold; INFO latencystats, commandstats");
  compat("Redis", "Latency", "LATENCY DOCTOR, GRAPH", Compat::differs, "computed from the same samples, in other words and another drawing");
  EXPECT_TRUE(has(cli("LATENCY DOCTOR"), "disabled"));
  cli("CONFIG SET latency-monitor-threshold 20");
  cli("DEBUG SLEEP 0.05");
  EXPECT_TRUE(has(cli("LATENCY LATEST"), "command\n"));
  EXPECT_GE(std::stol(sh("redis-cli -h " + node.address() + " LATENCY HISTORY command | sed -n 2p").out), 50) << "milliseconds";
  EXPECT_TRUE(has(cli("LATENCY DOCTOR"), "command: 1 latency spikes"));
  EXPECT_TRUE(has(cli("LATENCY GRAPH command"), "all time high 5"));
  for (int i = 0; i < 5; ++i) cli("SET a 1");
  EXPECT_TRUE(has(cli("LATENCY HISTOGRAM set"), "calls\n5\n")) << cli("LATENCY HISTOGRAM set");
  EXPECT_EQ(cli("LATENCY RESET"), "1\n");
  EXPECT_EQ(cli.info("cmdstat_set:calls="), 5);
  EXPECT_GT(cli.info("latency_percentiles_usec_set:p50="), 0);
  EXPECT_GE(cli.info("latency_percentiles_usec_debug|sleep:p50="), 50'000);
}

TEST_F(RedisTriage, ErrorsAreCountedByTheirWord) {
  compat("Redis", "INFO", "errorstats, rejected_calls, failed_calls, total_error_replies");
  cli("LPUSH l a");
  cli("GET l");
  cli("GET");
  cli("NOSUCH");
  EXPECT_EQ(cli.info("errorstat_WRONGTYPE:count="), 1);
  EXPECT_EQ(cli.info("errorstat_ERR:count="), 2);
  EXPECT_EQ(cli.info("total_error_replies"), 3);
  EXPECT_TRUE(has(cli("INFO commandstats"), "cmdstat_get:calls=1,"));
  EXPECT_TRUE(has(cli("INFO commandstats"), "rejected_calls=1,failed_calls=1"));
}

TEST_F(RedisTriage, MonitorShowsEveryCommand) {
  compat("Redis", "Server", "MONITOR");
  const std::string seen = sh("timeout 3 redis-cli -h " + node.address() + " MONITOR & sleep 0.5; redis-cli -h " + node.address() +
                              " SET 'a b' $'x\\ny'; redis-cli -h " + node.address() + " AUTH secret; wait").out;
  EXPECT_TRUE(has(seen, "\"SET\" \"a b\" \"x\\ny\"")) << seen;
  EXPECT_FALSE(has(seen, "\"secret\"")) << seen;
}

TEST_F(RedisTriage, ClientsAreListedPausedUnblockedAndKilled) {
  compat("Redis", "Clients", "CLIENT LIST, INFO, ID, SETNAME, GETNAME, KILL in all forms, PAUSE, UNPAUSE, REPLY, UNBLOCK, NO-EVICT, SETINFO, NO-TOUCH, GETREDIR");
  compat("Redis", "Clients", "CLIENT TRACKING", Compat::refused, "there is no client side caching");
  const std::string wait = sh("redis-cli -h " + node.address() + " BLPOP jobs 10 & sleep 0.3; redis-cli -h " + node.address() +
                              " CLIENT LIST | grep 'cmd=blpop'; redis-cli -h " + node.address() + " INFO clients | grep blocked; redis-cli -h " +
                              node.address() + " RPUSH jobs work; wait").out;
  EXPECT_TRUE(has(wait, "flags=b")) << wait;
  EXPECT_TRUE(has(wait, "blocked_clients:1")) << wait;
  EXPECT_TRUE(has(wait, "jobs\nwork")) << wait;
  const std::string unblocked = sh("redis-cli -h " + node.address() + " BLPOP jobs 10 & sleep 0.3; redis-cli -h " + node.address() +
                                   " CLIENT UNBLOCK $(redis-cli -h " + node.address() + " CLIENT LIST | grep 'cmd=blpop' | sed 's/id=\\([0-9]*\\).*/\\1/') ERROR; wait").out;
  EXPECT_TRUE(has(unblocked, "UNBLOCKED client unblocked via CLIENT UNBLOCK")) << unblocked;
  const std::string paused = sh("s=$(date +%s%N); redis-cli -h " + node.address() + " CLIENT PAUSE 400 WRITE; redis-cli -h " + node.address() +
                                " GET a; redis-cli -h " + node.address() + " SET a 1; e=$(date +%s%N); echo took $(( (e - s) / 1000000 ))").out;
  EXPECT_GE(RedisCli::number_after(paused, "took "), 380) << paused;
  const std::string killed = sh("redis-cli -h " + node.address() + " SUBSCRIBE news & sleep 0.3; redis-cli -h " + node.address() + " CLIENT KILL TYPE pubsub; kill %1; wait").out;
  EXPECT_TRUE(has(killed, "\n1\n")) << killed;
}

TEST_F(RedisTriage, MemoryIsTold) {
  compat("Redis", "Memory", "MEMORY USAGE, STATS, PURGE, INFO memory", Compat::differs, "used_memory is keys, values and their table, kept exactly; nothing is sampled");
  compat("Redis", "Memory", "MEMORY DOCTOR, MALLOC-STATS", Compat::differs, "the node's own findings; glibc's allocator");
  const double empty = cli.info("used_memory");
  sh("head -c 100000 /dev/zero | tr '\\0' x | redis-cli -h " + node.address() + " -x SET big");
  const double one = std::stod(cli("MEMORY USAGE big"));
  EXPECT_GT(one, 100'000);
  EXPECT_EQ(cli.info("used_memory"), empty + one);
  EXPECT_EQ(cli("MEMORY PURGE"), "OK\n");
  EXPECT_TRUE(has(cli("MEMORY STATS"), "keys.count\n1\n"));
  EXPECT_TRUE(has(cli("MEMORY MALLOC-STATS"), "uordblks"));
  cli("CONFIG SET maxmemory 100000 maxmemory-policy noeviction");
  EXPECT_TRUE(has(cli("MEMORY DOCTOR"), "maxmemory is reached"));
  EXPECT_EQ(cli("SET more 1"), "OOM command not allowed when used memory > 'maxmemory'.\n\n");
}

}  // namespace
}  // namespace chaos::test
