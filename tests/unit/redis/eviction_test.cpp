#include "redis/eviction.hpp"

#include "redis/keyspace.hpp"

#include <gtest/gtest.h>

namespace chaos::redis {
namespace {

constexpr LabTime kNow{1'000'000};
std::string key(int i) { return "key:" + std::to_string(i); }

TEST(Eviction, PoliciesHaveTheirNames) {
  for (const auto policy : {Policy::noeviction, Policy::allkeys_lfu, Policy::volatile_lru, Policy::volatile_ttl}) {
    EXPECT_EQ(policy_of(name_of(policy)), policy);
  }
  EXPECT_EQ(policy_of("ALLKEYS-LRU"), Policy::allkeys_lru);
  EXPECT_EQ(policy_of("random"), std::nullopt);
}

TEST(Eviction, ThePoolGivesTheHighestScoreFirstAndHoldsSixteen) {
  EvictionPool pool;
  for (int i = 0; i < 30; ++i) pool.offer(static_cast<std::uint64_t>(i * 7 % 30), key(i * 7 % 30));
  pool.offer(29, key(29));                       // is in it already
  for (int i = 29; i >= 14; --i) EXPECT_EQ(pool.take(), key(i));
  EXPECT_EQ(pool.take(), std::nullopt);
}

TEST(Eviction, FrequencyGrowsEverMoreSlowlyAndDecaysByTheMinute) {
  EvictionRule rule;
  Rng rng(7);
  Usage usage;
  for (int i = 0; i < 100; ++i) usage.count(0, rule, rng);
  const auto hundred = usage.frequency_at(0, rule);
  EXPECT_GT(hundred, 5);
  EXPECT_LT(hundred, 30);
  for (int i = 0; i < 10'000; ++i) usage.count(0, rule, rng);
  EXPECT_GT(usage.frequency_at(0, rule), hundred);
  EXPECT_EQ(usage.frequency_at(5, rule), usage.frequency_at(0, rule) - 5);
  EXPECT_EQ(usage.frequency_at(10'000, rule), 0);
  rule.lfu_decay_minutes = 0;
  EXPECT_EQ(usage.frequency_at(10'000, rule), usage.frequency);
}

/// Fills a keyspace, uses the first fifty often, and evicts half of it.
std::size_t kept_of_fifty(Policy policy, LabTime expires) {
  Keyspace keys(Rng(3));
  keys.rule = {policy, 10, 10, 1};
  for (int i = 0; i < 1000; ++i) keys.set(key(i), "v", expires == kNever ? kNever : LabTime{expires.us + i});
  for (int round = 0; round < 30; ++round) {
    for (int i = 0; i < 50; ++i) keys.find(key(i), kNow, Keyspace::Use::read);
  }
  EXPECT_TRUE(keys.evict_to(keys.used_bytes() / 2, kNow));
  std::size_t kept = 0;
  for (int i = 0; i < 50; ++i) kept += keys.find(key(i), kNow, Keyspace::Use::peek) != nullptr;
  return kept;
}

TEST(Eviction, WhatIsUsedStays) {
  constexpr LabTime kLater{1'000'000'000};
  EXPECT_GE(kept_of_fifty(Policy::allkeys_lru, kNever), 48u);
  EXPECT_GE(kept_of_fifty(Policy::allkeys_lfu, kNever), 48u);
  EXPECT_GE(kept_of_fifty(Policy::volatile_lru, kLater), 48u);
  EXPECT_LT(kept_of_fifty(Policy::volatile_ttl, kLater), 10u);   // those that end first are the fifty
  EXPECT_LT(kept_of_fifty(Policy::allkeys_random, kNever), 40u);
}

TEST(Eviction, VolatilePoliciesLeaveTheRestAlone) {
  Keyspace keys;
  keys.rule.policy = Policy::volatile_random;
  for (int i = 0; i < 10; ++i) keys.set(key(i), "v", i < 5 ? LabTime{2'000'000} : kNever);
  EXPECT_FALSE(keys.evict_to(1, kNow));
  EXPECT_EQ(keys.size(), 5u);
  keys.rule.policy = Policy::noeviction;
  EXPECT_FALSE(keys.evict_to(1, kNow));
  EXPECT_EQ(keys.size(), 5u);
}

}  // namespace
}  // namespace chaos::redis
