#include "redis/values/hash_box.hpp"
#include "redis/values/list_box.hpp"
#include "redis/values/set_box.hpp"
#include "redis/values/stream_box.hpp"
#include "redis/values/zset_range.hpp"

#include <gtest/gtest.h>

#include <set>

namespace chaos::redis {
namespace {

std::string name(int i) { return "m" + std::to_string(i); }

TEST(HashBox, IsPackedInOrderWhileSmall) {
  HashBox hash;
  for (int i = 0; i < 128; ++i) EXPECT_TRUE(hash.set(name(i), "v"));
  EXPECT_EQ(hash.encoding(), "listpack");
  int next = 0;
  hash.for_each([&](const std::string& field, const std::string&) { EXPECT_EQ(field, name(next++)); });
  EXPECT_FALSE(hash.set(name(5), "w"));
  EXPECT_TRUE(hash.set(name(128), "v"));
  EXPECT_EQ(hash.encoding(), "hashtable");
  EXPECT_EQ(*hash.find(name(5)), "w");
  EXPECT_EQ(hash.size(), 129u);
  EXPECT_EQ(static_cast<HashBox&>(*hash.copy()).size(), 129u);
}

TEST(HashBox, TheAccountComesBackToWhatItWas) {
  HashBox hash;
  for (int i = 0; i < 1000; ++i) hash.set(name(i), std::string(100, 'x'));
  const auto full = hash.bytes();
  EXPECT_GT(full, 1000u * 200);
  for (int i = 0; i < 1000; ++i) hash.set(name(i), "short now");
  EXPECT_LE(hash.bytes(), full);
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(hash.erase(name(i)));
  EXPECT_LT(hash.bytes(), 500u);
}

TEST(SetBox, HoldsIntegersSortedUntilSomethingElseComes) {
  SetBox set;
  for (int i = 0; i < 512; ++i) set.insert(std::to_string((i * 37) % 512));
  EXPECT_EQ(set.encoding(), "intset");
  EXPECT_FALSE(set.contains("007"));
  SetBox words;
  words.insert("1");
  words.insert("one");
  EXPECT_EQ(words.encoding(), "hashtable");
  EXPECT_TRUE(words.contains("1"));
  set.insert("512");
  EXPECT_EQ(set.encoding(), "hashtable");
  EXPECT_EQ(set.size(), 513u);
}

TEST(SetBox, AScanOfATableVisitsWhatStays) {
  SetBox set;
  for (int i = 0; i < 300; ++i) set.insert(name(i));
  std::set<std::string> seen;
  std::uint64_t cursor = 0;
  int step = 0;
  do {
    cursor = set.scan(cursor, [&](std::string_view member) { seen.emplace(member); });
    if (++step == 20) for (int i = 1000; i < 5000; ++i) set.insert(name(i));
  } while (cursor != 0);
  for (int i = 0; i < 300; ++i) EXPECT_TRUE(seen.contains(name(i))) << i;
}

TEST(ZSetBox, KnowsRanksAndRanges) {
  ZSetBox set;
  for (int i = 0; i < 200; ++i) set.set(name(i), i / 2);
  EXPECT_EQ(set.encoding(), "skiplist");
  EXPECT_EQ(set.rank("m0"), 0u);
  EXPECT_EQ(set.rank("m199"), 199u);
  EXPECT_FALSE(set.set("m0", 1000));
  EXPECT_EQ(set.rank("m0"), 199u);
  const auto ranks = ranks_by_score(set, *score_bound("(1"), *score_bound("3"));
  EXPECT_EQ(ranks.high - ranks.low, 4u);
  EXPECT_EQ(score_bound("x"), std::nullopt);
  EXPECT_TRUE(set.erase("m5"));
  EXPECT_FALSE(set.erase("m5"));
  EXPECT_EQ(set.size(), set.order().size());
}

TEST(ZSetBox, BoundsAtInfinityAndByName) {
  ZSetBox set;
  set.set("a", -INFINITY), set.set("b", 0), set.set("c", INFINITY);
  auto ranks = ranks_by_score(set, *score_bound("-inf"), *score_bound("+inf"));
  EXPECT_EQ(ranks.high - ranks.low, 3u);
  ranks = ranks_by_score(set, *score_bound("(-inf"), *score_bound("(+inf"));
  EXPECT_EQ(ranks.high - ranks.low, 1u);
  ZSetBox names;
  for (const char* member : {"a", "aa", "b", "c"}) names.set(member, 0);
  ranks = ranks_by_lex(names, *lex_bound("(a"), *lex_bound("[b"));
  EXPECT_EQ(ranks.low, 1u);
  EXPECT_EQ(ranks.high, 3u);
  EXPECT_EQ(lex_bound("a").has_value(), false);
}

TEST(ListBox, KeepsItsAccount) {
  ListBox list;
  const auto empty = list.bytes();
  for (int i = 0; i < 100; ++i) list.push(std::string(100, 'x'), i % 2 ? ListBox::End::left : ListBox::End::right);
  list.insert(50, std::string(200, 'y'));
  list.set(0, "z");
  list.erase(10, 20);
  EXPECT_GT(list.bytes(), empty + 80u * 100);
  while (list.size() > 0) list.pop(ListBox::End::left);
  EXPECT_EQ(list.bytes(), empty);
}

TEST(StreamBox, IsTrimmedFromItsBegin) {
  StreamBox stream;
  for (std::uint64_t i = 1; i <= 10; ++i) stream.add({i, 0}, {"f", std::string(50, 'v')});
  EXPECT_EQ(stream.trim_to_length(6), 4u);
  EXPECT_EQ(stream.trim_below({7, 0}), 2u);
  EXPECT_TRUE(stream.erase({10, 0}));
  EXPECT_EQ(stream.last_id(), (StreamId{10, 0}));
  EXPECT_EQ(stream.size(), 3u);
  EXPECT_EQ((StreamId{1, UINT64_MAX}.next()), (StreamId{2, 0}));
  EXPECT_EQ((StreamId{}.previous()), std::nullopt);
}

}  // namespace
}  // namespace chaos::redis
