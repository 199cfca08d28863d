// redis-cli's own modes, redis-benchmark and redis-py against the node.
#include "support/compat.hpp"
#include "support/needs.hpp"
#include "support/redis_cli.hpp"

namespace chaos::test {
namespace {

class RedisTools : public testing::Test {
 protected:
  LoneNode node{"redis", 6379, R"({"config":{"redis":{"maxmemory_mb":0}}})"};
  RedisCli cli{node.address()};
};

TEST_F(RedisTools, RedisCliLooksAtAKeyspace) {
  compat("Clients", "redis-cli", "--bigkeys, --memkeys, --hotkeys, --scan, --pipe, --stat, --latency, --latency-history, -3, --json");
  compat("Redis", "Protocol", "inline commands, pipelining");
  sh("for i in $(seq 2000); do echo \"SET key:$i $i\"; done | redis-cli -h " + node.address() + " --pipe");
  EXPECT_EQ(cli("DBSIZE"), "2000\n");
  cli("RPUSH numbers $(seq 500)");
  cli("HSET person name ada born 1815");
  cli("ZADD rank 1 a 2 b");
  const std::string big = cli("--bigkeys");
  EXPECT_TRUE(has(big, "\"numbers\"' has 500 items")) << big;
  EXPECT_TRUE(has(big, "1 hashs with 2 fields")) << big;
  EXPECT_TRUE(has(cli("--memkeys"), "Biggest   list found '\"numbers\"' has"));
  EXPECT_EQ(sh("redis-cli -h " + node.address() + " --scan --pattern 'key:1*' | sort -u | wc -l").out, "1111\n");
  cli("CONFIG SET maxmemory-policy allkeys-lfu");
  sh("for i in $(seq 3000); do echo 'GET key:7'; done | redis-cli -h " + node.address() + " --pipe");
  EXPECT_TRUE(has(cli("--hotkeys"), "keyname: \"key:7\"")) << cli("--hotkeys");
  EXPECT_GT(std::stol(cli("OBJECT FREQ key:7")), 20);
  const std::string stat = sh("timeout 2.5 stdbuf -oL redis-cli -h " + node.address() + " --stat").out;
  EXPECT_TRUE(has(stat, "2003")) << stat;
  const std::string samples = sh("timeout 3 redis-cli -h " + node.address() + " --latency | awk 'NR == 1 {print $4}'").out;
  EXPECT_GT(std::stoi(samples + " "), 10) << "min, max, average and the number of samples";
  EXPECT_FALSE(sh("timeout 2.5 stdbuf -oL redis-cli -h " + node.address() + " --latency-history -i 1").out.empty());
  EXPECT_EQ(cli("-3 --json HGETALL person"), "{\"name\":\"ada\",\"born\":\"1815\"}\n");
  EXPECT_TRUE(has(sh("printf 'PING\\r\\nSET \"a b\" 1\\r\\nGET \"a b\"\\r\\nQUIT\\r\\n' | timeout 3 nc " + node.address() + " 6379").out,
                  "+PONG\r\n+OK\r\n$1\r\n1\r\n+OK\r\n"));
}

TEST_F(RedisTools, TheBenchmarksWholeSetRuns) {
  compat("Clients", "redis-benchmark", "its default set, whole, and -P 16");
  const Output out = sh("redis-benchmark -h " + node.address() + " -n 2000 --csv", 60);
  EXPECT_EQ(out.exit, 0) << out.out;
  EXPECT_FALSE(has(out.out, "ERR")) << out.out;
  for (const char* test : {"PING_INLINE", "PING_MBULK", "SET", "GET", "INCR", "LPUSH", "RPUSH", "LPOP", "RPOP", "SADD", "HSET", "SPOP", "ZADD",
                           "ZPOPMIN", "LRANGE_100 (first 100 elements)", "LRANGE_600 (first 600 elements)", "MSET (10 keys)"}) {
    EXPECT_TRUE(has(out.out, "\"" + std::string(test) + "\",")) << test << ": " << out.out;
  }
  EXPECT_EQ(cli.info("total_error_replies"), 0);
  EXPECT_EQ(sh("redis-benchmark -h " + node.address() + " -t set,get -n 20000 -P 16 -q").exit, 0);
  EXPECT_GE(cli.info("cmdstat_set:calls="), 22'000);
}

TEST_F(RedisTools, RedisPyWorks) {
  CHAOS_NEEDS(sh("/usr/bin/python3 -c 'import redis'").exit == 0, "python3-redis is not installed");
  compat("Clients", "redis-py", "pipeline with WATCH, pub/sub, pool, scan_iter, blpop, decoding");
  compat("Clients", "redis-py", "Lock.release", Compat::refused, "it needs EVALSHA: the node runs no scripts, and says so");
  const Output out = sh("/usr/bin/python3 " CHAOSLAB_SOURCE_DIR "/tests/protocol/redis/redis_py.py " + node.address());
  EXPECT_EQ(out.exit, 0) << out.out;
  EXPECT_TRUE(has(out.out, "all well")) << out.out;
}

TEST_F(RedisTools, ScriptsAndTheDiskAreRefusedInPlainWords) {
  compat("Redis", "Scripts", "EVAL, EVALSHA, SCRIPT, FUNCTION, FCALL", Compat::refused, "the node runs no scripts");
  compat("Redis", "Server", "SAVE, BGSAVE, BGREWRITEAOF, CONFIG REWRITE", Compat::refused, "the node keeps nothing on disk");
  compat("Redis", "Server", "CLUSTER, READONLY, REPLICAOF host port", Compat::refused, "one master without replicas, no cluster");
  EXPECT_TRUE(has(cli("EVAL 'return 1' 0"), "ERR this node runs no scripts"));
  EXPECT_TRUE(has(cli("BGSAVE"), "ERR this node keeps nothing on disk"));
  EXPECT_TRUE(has(cli("CONFIG REWRITE"), "ERR The server is running without a config file"));
  EXPECT_TRUE(has(cli("CLUSTER INFO"), "ERR This instance has cluster support disabled"));
  EXPECT_TRUE(has(cli("REPLICAOF 127.0.0.1 1"), "ERR"));
}

TEST_F(RedisTools, TheTableOfCommandsIsThatOfRedis) {
  compat("Redis", "Server", "COMMAND, COUNT, LIST, INFO, DOCS, GETKEYS", Compat::differs,
         "names, arity, flags and keys as Redis 7.0; summaries in other words; no hints for proxies");
  EXPECT_GT(std::stol(cli("COMMAND COUNT")), 150);
  EXPECT_TRUE(has(cli("COMMAND DOCS get"), "since\n1.0.0\n"));
  EXPECT_TRUE(has(cli("COMMAND INFO 'client|kill'"), "client|kill\n-3\nadmin\nnoscript\nloading\nstale\n"));
  EXPECT_TRUE(has(cli("COMMAND LIST FILTERBY PATTERN 'z*store'"), "zunionstore"));
}

TEST_F(RedisTools, ShutdownEndsTheProcessPolitely) {
  compat("Redis", "Server", "SHUTDOWN [NOSAVE|NOW|FORCE]", Compat::differs, "drains like SIGTERM; whatever launched the node starts it again, empty");
  cli("SHUTDOWN NOSAVE");
  EXPECT_EQ(node.process().wait(), 0);
}

}  // namespace
}  // namespace chaos::test
