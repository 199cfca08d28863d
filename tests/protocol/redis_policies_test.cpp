// What goes when memory is full, by each policy.
#include "support/compat.hpp"
#include "support/redis_cli.hpp"

#include <gtest/gtest.h>

namespace chaos::test {
namespace {

class RedisPolicies : public testing::Test {
 protected:
  /// Two thousand keys of which the first hundred are hot, `then` for the first fifty, and a limit that holds half of them.
  void fill(const std::string& policy, const std::string& ttl = {}, const std::string& then = "true") {
    const std::string pipe = " | redis-cli -h " + node.address() + " --pipe";
    cli("FLUSHALL");
    cli("CONFIG RESETSTAT");
    cli("CONFIG SET maxmemory 0 maxmemory-samples 10 maxmemory-policy " + policy);
    sh("for i in $(seq 1000 2999); do echo \"SET k:$i xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" + ttl + "\"; done" + pipe);
    sh("for n in $(seq 20); do for i in $(seq 1000 1099); do echo \"GET k:$i\"; done; done" + pipe);
    sh("for i in $(seq 1000 1049); do " + then + "; done" + pipe);
    cli("CONFIG SET maxmemory " + std::to_string(static_cast<long>(cli.info("used_memory") / 2)));
  }
  int left(const std::string& pattern) { return std::stoi(sh("redis-cli -h " + node.address() + " --scan --pattern '" + pattern + "' | sort -u | wc -l").out); }
  LoneNode node{"redis", 6379, R"({"config":{"redis":{"maxmemory_mb":0}}})"};
  RedisCli cli{node.address()};
};

TEST_F(RedisPolicies, LruAndLfuKeepWhatIsUsed) {
  compat("Redis", "Eviction", "allkeys-lru, allkeys-lfu, volatile-lru, volatile-lfu, maxmemory-samples; evicted_keys");
  compat("Redis", "Keys", "OBJECT FREQ, IDLETIME", Compat::differs, "idle seconds and decay minutes are lab time");
  for (const std::string policy : {"allkeys-lru", "allkeys-lfu"}) {
    fill(policy);
    cli("SET new 1");
    EXPECT_GE(left("k:10??"), 95) << policy;
    EXPECT_LT(left("k:*"), 1300) << policy;
    EXPECT_GT(cli.info("evicted_keys"), 700) << policy;
  }
}

TEST_F(RedisPolicies, VolatilePoliciesSpareWhatHasNoTtl) {
  compat("Redis", "Eviction", "volatile-ttl, volatile-random, allkeys-random");
  for (const std::string policy : {"volatile-lru", "volatile-random", "volatile-ttl"}) {
    fill(policy, " EX $((100000 + i))", "echo \"PERSIST k:$i\"");
    cli("SET new 1");
    EXPECT_EQ(left("k:10[0-4]?"), 50) << policy;
    if (policy == "volatile-ttl") EXPECT_GT(left("k:29??"), left("k:10[5-9]?") + 40) << "those that end first go first";
  }
  fill("allkeys-random");
  cli("SET new 1");
  EXPECT_LT(left("k:10??"), 95) << "hot or not";
}

TEST_F(RedisPolicies, NothingToEvictRefusesWrites) {
  compat("Redis", "Eviction", "noeviction: OOM command not allowed when used memory > 'maxmemory'.");
  fill("noeviction");
  EXPECT_EQ(cli("SET new 1"), "OOM command not allowed when used memory > 'maxmemory'.\n\n");
  EXPECT_EQ(cli("GET k:1000"), std::string(50, 'x') + "\n");
  cli("CONFIG SET maxmemory-policy volatile-lru");
  EXPECT_EQ(cli("SET new 1"), "OOM command not allowed when used memory > 'maxmemory'.\n\n") << "no key has a TTL";
  EXPECT_EQ(cli.info("errorstat_OOM:count="), 2);
  cli("CONFIG SET maxmemory-policy allkeys-lru");
  EXPECT_EQ(cli("SET new 1"), "OK\n");
}

}  // namespace
}  // namespace chaos::test
