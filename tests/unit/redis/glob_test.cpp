#include "redis/values/glob.hpp"

#include "redis/values/text.hpp"

#include <gtest/gtest.h>

namespace chaos::redis {
namespace {

TEST(Glob, MatchesAsRedisDoes) {
  EXPECT_TRUE(glob_match("*", ""));
  EXPECT_TRUE(glob_match("item:*", "item:42"));
  EXPECT_TRUE(glob_match("h?llo", "hello"));
  EXPECT_TRUE(glob_match("h[ae]llo", "hallo"));
  EXPECT_TRUE(glob_match("h[^e]llo", "hallo"));
  EXPECT_TRUE(glob_match("h[a-b]llo", "hbllo"));
  EXPECT_TRUE(glob_match("h[b-a]llo", "hbllo"));
  EXPECT_TRUE(glob_match("\\*a", "*a"));
  EXPECT_TRUE(glob_match("*a*b*c", "xxaxxbxxc"));
  EXPECT_TRUE(glob_match("[\\]]", "]"));
}

TEST(Glob, Refuses) {
  EXPECT_FALSE(glob_match("", "a"));
  EXPECT_FALSE(glob_match("item:*", "Item:42"));
  EXPECT_FALSE(glob_match("h[^e]llo", "hello"));
  EXPECT_FALSE(glob_match("?", ""));
  EXPECT_FALSE(glob_match("a*b", "acbc"));
  EXPECT_FALSE(glob_match("[abc", "d"));
  EXPECT_FALSE(glob_match("\\*a", "xa"));
}

TEST(Glob, ManyStarsTakeNoMoreThanTheProductOfBothLengths) {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "*a";
  EXPECT_FALSE(glob_match(pattern + "b", std::string(5000, 'a')));
}

TEST(Text, MemoryAsInRedisConf) {
  EXPECT_EQ(parse_memory("0"), 0u);
  EXPECT_EQ(parse_memory("100mb"), 100u * 1024 * 1024);
  EXPECT_EQ(parse_memory("1K"), 1000u);
  EXPECT_EQ(parse_memory("-1"), std::nullopt);
  EXPECT_EQ(parse_memory("mb"), std::nullopt);
  EXPECT_EQ(parse_memory("1tb"), std::nullopt);
  EXPECT_EQ(parse_memory("99999999999999gb"), std::nullopt);
}

TEST(Text, HumanBytes) {
  EXPECT_EQ(human_bytes(512), "512B");
  EXPECT_EQ(human_bytes(1536), "1.50K");
  EXPECT_EQ(human_bytes(32 * 1024 * 1024), "32.00M");
}

}  // namespace
}  // namespace chaos::redis
