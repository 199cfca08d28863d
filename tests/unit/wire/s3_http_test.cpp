#include "wire/s3_http.hpp"

#include <gtest/gtest.h>

namespace chaos::http {
namespace {

struct RangeCase {
  const char* field;
  std::uint64_t size;
  RangeVerdict verdict;
  ByteRange range;
};

class ByteRanges : public testing::TestWithParam<RangeCase> {};

TEST_P(ByteRanges, FollowSection14) {
  const auto& c = GetParam();
  ByteRange range;
  ASSERT_EQ(parse_range(c.field, c.size, range), c.verdict) << c.field;
  if (c.verdict == RangeVerdict::part) EXPECT_EQ(range, c.range) << c.field;
}

INSTANTIATE_TEST_SUITE_P(All, ByteRanges, testing::Values(
    RangeCase{"bytes=0-99", 1000, RangeVerdict::part, {0, 99}},
    RangeCase{"bytes=500-", 1000, RangeVerdict::part, {500, 999}},
    RangeCase{"bytes=-5", 1000, RangeVerdict::part, {995, 999}},
    RangeCase{"bytes=-5000", 1000, RangeVerdict::part, {0, 999}},
    RangeCase{"bytes=990-5000", 1000, RangeVerdict::part, {990, 999}},
    RangeCase{"bytes=1000-", 1000, RangeVerdict::unsatisfiable, {}},
    RangeCase{"bytes=0-0", 0, RangeVerdict::unsatisfiable, {}},
    RangeCase{"bytes=-0", 1000, RangeVerdict::unsatisfiable, {}},
    RangeCase{"bytes=9-3", 1000, RangeVerdict::whole, {}},
    RangeCase{"bytes=0-1,5-6", 1000, RangeVerdict::whole, {}},
    RangeCase{"bytes=a-b", 1000, RangeVerdict::whole, {}},
    RangeCase{"bytes=-", 1000, RangeVerdict::whole, {}},
    RangeCase{"lines=0-5", 1000, RangeVerdict::whole, {}},
    RangeCase{"bytes=99999999999999999999-", 1000, RangeVerdict::whole, {}}));

TEST(EntityTags, ListsWeakTagsAndTheStarMatch) {
  EXPECT_TRUE(etag_in("\"a\", \"b\"", "\"b\""));
  EXPECT_TRUE(etag_in("W/\"b\"", "\"b\""));
  EXPECT_TRUE(etag_in(" * ", "\"b\""));
  EXPECT_FALSE(etag_in("\"a\"", "\"b\""));
  EXPECT_FALSE(etag_in(",, ", "\"b\""));
  EXPECT_FALSE(etag_in("W/\"b\"", "\"b\"", Compare::strong));
  EXPECT_FALSE(etag_in("W/\"b\"", "W/\"b\"", Compare::strong));
  EXPECT_TRUE(etag_in("\"a\", \"b\"", "\"b\"", Compare::strong) && etag_in("*", "\"b\"", Compare::strong));
}

TEST(Preconditions, FollowTheOrderOfSection13) {
  const char* old_date = "Sun, 06 Nov 1994 08:49:36 GMT";
  const char* same_date = "Sun, 06 Nov 1994 08:49:37 GMT";
  const auto on = [](Conditions c) { return evaluate(c, "\"tag\"", 784111777); };
  EXPECT_EQ(on({}), Precondition::proceed);
  EXPECT_EQ(on({.if_match = "\"other\""}), Precondition::failed);
  EXPECT_EQ(on({.if_none_match = "\"tag\""}), Precondition::not_modified);
  EXPECT_EQ(on({.if_modified_since = same_date}), Precondition::not_modified);
  EXPECT_EQ(on({.if_modified_since = old_date}), Precondition::proceed);
  EXPECT_EQ(on({.if_unmodified_since = old_date}), Precondition::failed);
  EXPECT_EQ(on({.if_match = "\"tag\"", .if_unmodified_since = old_date}), Precondition::proceed);
  EXPECT_EQ(on({.if_none_match = "\"x\"", .if_modified_since = same_date}), Precondition::proceed);
  EXPECT_EQ(on({.if_modified_since = "nonsense"}), Precondition::proceed);
}

}  // namespace
}  // namespace chaos::http
