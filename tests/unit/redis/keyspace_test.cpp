#include "redis/keyspace.hpp"

#include "redis/values/set_box.hpp"

#include <gtest/gtest.h>

#include <set>

namespace chaos::redis {
namespace {

using Use = Keyspace::Use;
constexpr LabTime kNow{1'000'000};

LabTime after(std::int64_t us) { return {kNow.us + us}; }
std::string key(int i) { return "key:" + std::to_string(i); }

TEST(Keyspace, AnExpiredKeyIsGoneFromItsInstantOn) {
  Keyspace keys;
  keys.set("a", "1", after(10));
  EXPECT_NE(keys.find("a", after(9), Use::read), nullptr);
  EXPECT_EQ(keys.find("a", after(10), Use::read), nullptr);
  EXPECT_EQ(keys.size(), 0u);
  EXPECT_EQ(keys.counters().expired, 1u);
}

TEST(Keyspace, ActiveExpiryTakesTheOldestFirstAndNoMoreThanTold) {
  Keyspace keys;
  for (int i = 0; i < 10; ++i) keys.set(key(i), "v", after(i + 1));
  keys.set("forever", "v");
  EXPECT_EQ(keys.expire(after(5), 3), 3u);
  EXPECT_EQ(keys.expire(after(5), 100), 2u);
  EXPECT_EQ(keys.expire(after(5), 100), 0u);
  EXPECT_EQ(keys.size(), 6u);
  EXPECT_EQ(keys.expiring(), 5u);
}

TEST(Keyspace, SettingAgainTakesTheOldExpiryAway) {
  Keyspace keys;
  keys.set("a", "1", after(10));
  keys.set("a", "2");
  EXPECT_EQ(keys.expiring(), 0u);
  EXPECT_EQ(keys.find("a", after(1000), Use::read)->value, "2");
}

TEST(Keyspace, CountsHitsAndMissesOfReadersOnly) {
  Keyspace keys;
  keys.set("a", "1");
  keys.find("a", kNow, Use::read);
  keys.find("a", kNow, Use::look);
  keys.find("b", kNow, Use::read);
  keys.find("b", kNow, Use::write);
  EXPECT_EQ(keys.counters().hits, 2u);
  EXPECT_EQ(keys.counters().misses, 1u);
}

TEST(Keyspace, EvictsTheLeastRecentlyUsed) {
  Keyspace keys;
  for (int i = 0; i < 4; ++i) keys.set(key(i), "v");
  keys.find(key(0), kNow, Use::read);    // fresh again
  keys.find(key(1), kNow, Use::look);    // a look does not freshen
  const auto one = keys.used_bytes() - Keyspace::bytes_of(*keys.find(key(0), kNow, Use::look));
  EXPECT_TRUE(keys.evict_to(one, kNow));
  EXPECT_EQ(keys.find(key(1), kNow, Use::look), nullptr);
  EXPECT_NE(keys.find(key(0), kNow, Use::look), nullptr);
  EXPECT_EQ(keys.counters().evicted, 1u);
  EXPECT_FALSE(keys.evict_to(1, kNow));
  EXPECT_EQ(keys.size(), 0u);
}

TEST(Keyspace, TheAccountComesBackToWhatItWas) {
  Keyspace keys;
  const auto empty = keys.used_bytes();
  for (int i = 0; i < 1000; ++i) keys.set(key(i), std::string(static_cast<std::size_t>(i), 'x'), after(i));
  for (int i = 0; i < 1000; i += 2) keys.assign(*keys.find(key(i), LabTime{}, Use::write), "short");
  EXPECT_GT(keys.used_bytes(), empty + 500 * 250u);
  for (int i = 0; i < 1000; ++i) keys.erase(*keys.find(key(i), LabTime{}, Use::write));
  EXPECT_EQ(keys.used_bytes(), empty);
  keys.set("a", "b");
  keys.clear();
  EXPECT_EQ(keys.used_bytes(), empty);
}

/// Every key that a whole SCAN visits; between two steps `meanwhile` may change the keys.
std::set<std::string> scanned(Keyspace& keys, const std::function<void(int step)>& meanwhile) {
  std::set<std::string> seen;
  std::uint64_t cursor = 0;
  int step = 0;
  do {
    cursor = keys.scan(cursor, [&](const Entry& entry) { seen.insert(entry.key); });
    meanwhile(step++);
  } while (cursor != 0);
  return seen;
}

TEST(Keyspace, ScanVisitsEveryKey) {
  Keyspace keys;
  for (int i = 0; i < 500; ++i) keys.set(key(i), "v");
  EXPECT_EQ(scanned(keys, [](int) {}).size(), 500u);
}

TEST(Keyspace, ScanMissesNoKeyThatStaysWhileTheTableGrowsAndShrinks) {
  Keyspace keys;
  for (int i = 0; i < 100; ++i) keys.set(key(i), "v");
  const auto seen = scanned(keys, [&](int step) {
    if (step == 10) for (int i = 1000; i < 9000; ++i) keys.set(key(i), "v");
    if (step == 400) for (int i = 1000; i < 9000; ++i) keys.erase(*keys.find(key(i), kNow, Use::write));
  });
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(seen.contains(key(i))) << i;
}

TEST(Keyspace, AverageTtlIsOfTheKeysThatExpire) {
  Keyspace keys;
  EXPECT_EQ(keys.average_ttl(kNow).us, 0);
  keys.set("a", "1", after(100));
  keys.set("b", "1", after(300));
  keys.set("c", "1");
  EXPECT_EQ(keys.average_ttl(kNow).us, 200);
}

TEST(Keyspace, AShortValueGivesBackWhatALongOneTook) {
  Keyspace keys;
  const std::string big(1 << 20, 'x');
  keys.set("a", big);
  keys.set("a", "short");
  EXPECT_LT(keys.used_bytes(), 10'000u);
  Entry& entry = keys.set("a", big);
  keys.assign(entry, "1");
  EXPECT_LT(keys.used_bytes(), 10'000u);
  keys.set("a", big);
  keys.put("a", std::make_unique<SetBox>());
  EXPECT_LT(keys.used_bytes(), 10'000u);
}

TEST(Births, TellThatAMissingKeyWasMade) {
  Births births;
  const auto watched = births.watch("k"), twice = births.watch("k");
  births.watch("forgotten");
  births.made("other");
  EXPECT_FALSE(*watched);
  births.made("k");
  EXPECT_TRUE(*watched && *twice);
  EXPECT_FALSE(*births.watch("k")) << "from now on";
  for (int i = 0; i < 10'000; ++i) births.watch(std::to_string(i));
  EXPECT_LT(births.size(), 200u) << "nobody holds them";
}

}  // namespace
}  // namespace chaos::redis
