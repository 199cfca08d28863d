// An incident from end to end with redis-cli alone: an eviction storm is seen, cured, and seen to be over.
#include "support/compat.hpp"
#include "support/gauge.hpp"
#include "support/redis_cli.hpp"

#include <gtest/gtest.h>

namespace chaos::test {
namespace {

TEST(Cures, RedisCliFindsAndEndsAnEvictionStorm) {
  compat("Clients", "redis-cli", "an eviction storm found in INFO and cured by CONFIG SET maxmemory, in a lab under load");
  Lab lab(test_drill("steady"), "--speed 60");
  ASSERT_TRUE(lab.up());
  const RedisCli redis(lab.address("redis-1"));
  ASSERT_TRUE(eventually([&] { return redis.info("db0:keys=") > 110; }, std::chrono::seconds(40))) << redis("INFO");
  const double healthy = hit_rate(redis, 150);
  EXPECT_GT(healthy, 0.4);
  EXPECT_EQ(redis.info("evicted_keys"), 0);
  const std::string before = redis("CONFIG GET maxmemory");

  EXPECT_EQ(redis("CONFIG SET maxmemory 12kb"), "OK\n");
  EXPECT_TRUE(eventually([&] { return redis.info("evicted_keys") > 200; })) << redis("INFO stats");
  const double evicted = redis.info("evicted_keys");
  const double sick = hit_rate(redis, 150);
  EXPECT_LT(sick, healthy - 0.12) << "users' reads go past the cache";
  EXPECT_GT(redis.info("evicted_keys"), evicted) << "and it goes on";
  EXPECT_NE(redis("MEMORY DOCTOR").find("maxmemory is reached"), std::string::npos) << redis("MEMORY DOCTOR");
  EXPECT_LE(redis.info("db0:keys="), 60);

  EXPECT_EQ(redis("CONFIG SET maxmemory " + before.substr(before.find('\n') + 1)), "OK\n");
  const double over = redis.info("evicted_keys");
  EXPECT_TRUE(eventually([&] { return redis.info("db0:keys=") > 110; }, std::chrono::seconds(40))) << redis("INFO");
  EXPECT_EQ(redis.info("evicted_keys"), over);
  EXPECT_GT(hit_rate(redis, 150), sick + 0.12);
}

}  // namespace
}  // namespace chaos::test
