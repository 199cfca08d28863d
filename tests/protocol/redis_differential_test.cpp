// The same commands to the node and to a real redis-server 7.0: the same bytes come back.
#include "support/compat.hpp"
#include "support/needs.hpp"
#include "support/test_node.hpp"

namespace chaos::test {
namespace {

class RedisDifferential : public testing::Test {
 protected:
  /// A real server, of the same program file as redis-check-rdb where no redis-server is installed.
  std::string start_real() {
    const std::string program = !tool("redis-server").empty() ? tool("redis-server") : tool("redis-check-rdb");
    if (program.empty()) return {};
    const std::string address = TestNode::fresh_address();
    const std::string arguments = " --port 6379 --databases 1 --save '' --enable-debug-command yes --bind " + address + " --dir " + dir.path().string();
    real = std::make_unique<Child>(std::vector<std::string>{"/bin/bash", "-c", "exec -a redis-server " + program + arguments}, dir.path() / "log");
    EXPECT_TRUE(eventually([&] { return accepts(address, 6379); })) << sh("cat " + (dir.path() / "log").string()).out;
    return address;
  }
  void compare(const std::string& file) {
    const std::string address = start_real();
    CHAOS_NEEDS(!address.empty(), "redis-server (Debian: redis-tools) is not installed");
    const std::string folder = std::string(CHAOSLAB_SOURCE_DIR) + "/tests/protocol/redis/";
    const std::string version = sh("redis-cli -h " + address + " INFO server | grep redis_version").out;
    CHAOS_NEEDS(version.starts_with("redis_version:7.0."), "the installed server answers as another release: " << version);
    const Output out = sh("/usr/bin/python3 " + folder + "differential.py " + node.address() + ":6379 " + address + ":6379 " + folder + file, 60);
    EXPECT_EQ(out.exit, 0) << out.out;
  }
  LoneNode node{"redis", 6379, R"({"config":{"redis":{"maxmemory_mb":100,"maxmemory_policy":"noeviction"}}})"};
  TempDir dir;
  std::unique_ptr<Child> real;
};

TEST_F(RedisDifferential, StringsKeysAndTheServerGroup) {
  compat("Redis", "Strings", "SET with all options, SETNX, SETEX, PSETEX, GETSET, GETDEL, GETEX, MGET, MSET, MSETNX, STRLEN, APPEND, SETRANGE, GETRANGE, SUBSTR");
  compat("Redis", "Strings", "INCR, DECR, INCRBY, DECRBY, INCRBYFLOAT");
  compat("Redis", "Keys", "DEL, UNLINK, EXISTS, TOUCH, TYPE, RENAME, RENAMENX, COPY, KEYS, DBSIZE, RANDOMKEY");
  compat("Redis", "Keys", "EXPIRE, PEXPIRE (NX, XX, GT, LT), TTL, PTTL, PERSIST", Compat::differs, "TTLs run in lab time");
  compat("Redis", "Keys", "EXPIREAT, PEXPIREAT, EXPIRETIME, PEXPIRETIME, EXAT, PXAT", Compat::differs,
         "what is left until that Unix time, by the node's real clock, is a TTL in lab time");
  compat("Redis", "Errors", "texts of syntax, arity, type, range and unknown commands");
  compat("Redis", "Connection", "PING, ECHO, SELECT 0, HELLO 2|3 with AUTH and SETNAME, RESET, QUIT");
  compat("Redis", "Connection", "SELECT above 0, MOVE, SWAPDB, COPY ... DB", Compat::differs, "there is one database, as with `databases 1`");
  compat("Redis", "Server", "WAIT, ROLE, TIME, LASTSAVE, LOLWUT, COMMAND GETKEYS, ACL WHOAMI, LIST, USERS");
  compat("Redis", "Server", "CONFIG GET (globs), RESETSTAT, SET of maxmemory, maxmemory-policy, maxmemory-samples, lfu-*, slowlog-*, latency-monitor-threshold, "
         "latency-tracking, timeout, maxclients, client-output-buffer-limit, requirepass", Compat::differs,
         "other settings are fixed, or unknown; what was set stays until the process ends or the lab changes that very setting");
  compat("Redis", "Server", "FLUSHALL, FLUSHDB (ASYNC, SYNC)");
  compat("Redis", "INFO", "server, clients, memory, persistence, stats, replication, cpu, modules, commandstats, errorstats, latencystats, cluster, keyspace, everything",
         Compat::differs, "every field of 7.0 but those on its build; lab_time_seconds and lab_speed besides; of what the node lacks they stand at 0");
  compare("strings.txt");
}

TEST_F(RedisDifferential, CollectionsTransactionsAndResp3) {
  compat("Redis", "Hashes", "HSET, HMSET, HSETNX, HGET, HMGET, HGETALL, HKEYS, HVALS, HLEN, HEXISTS, HSTRLEN, HDEL, HINCRBY, HINCRBYFLOAT, HRANDFIELD, HSCAN");
  compat("Redis", "Lists", "LPUSH, RPUSH, LPUSHX, RPUSHX, LPOP, RPOP, LLEN, LRANGE, LINDEX, LSET, LINSERT, LREM, LTRIM, LPOS, LMOVE, RPOPLPUSH, LMPOP, BLMPOP");
  compat("Redis", "Lists", "BLPOP, BRPOP, BLMOVE, BRPOPLPUSH");
  compat("Redis", "Sets", "SADD, SREM, SCARD, SISMEMBER, SMISMEMBER, SMEMBERS, SMOVE, SPOP, SRANDMEMBER, SINTER, SUNION, SDIFF and their STORE, SINTERCARD, SSCAN");
  compat("Redis", "Sorted sets", "ZADD with all options, ZINCRBY, ZREM, ZCARD, ZSCORE, ZMSCORE, ZRANK, ZREVRANK, ZCOUNT, ZLEXCOUNT, ZPOPMIN, ZPOPMAX, BZPOPMIN, BZPOPMAX, ZMPOP, BZMPOP, ZINTERCARD, ZRANDMEMBER, ZSCAN");
  compat("Redis", "Sorted sets", "ZRANGE (BYSCORE, BYLEX, REV, LIMIT), ZRANGESTORE and the older range commands, ZREMRANGEBY*, ZUNION, ZINTER, ZDIFF and their STORE");
  compat("Redis", "Streams", "XADD, XLEN, XRANGE, XREVRANGE, XREAD (BLOCK), XDEL, XTRIM", Compat::differs, "no consumer groups; ~ trims exactly");
  compat("Redis", "Keys", "SCAN (MATCH, COUNT, TYPE): what is there from begin to end is given");
  compat("Redis", "Keys", "SORT, SORT_RO, OBJECT ENCODING, REFCOUNT");
  compat("Redis", "Transactions", "MULTI, EXEC, DISCARD, WATCH, UNWATCH, EXECABORT");
  compat("Redis", "Protocol", "RESP2 and RESP3: maps, sets, doubles, nulls, pushes");
  compare("collections.txt");
}

}  // namespace
}  // namespace chaos::test
