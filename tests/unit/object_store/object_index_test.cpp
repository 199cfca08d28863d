#include "object_store/object_index.hpp"

#include <gmock/gmock.h>

namespace chaos {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Listings : public testing::Test {
 protected:
  Listings() {
    index_.add_bucket("b", 0);
    for (const char* key : {"a", "b/1", "b/2", "b/c/3", "c", "d/4"}) index_.put("b", key, {10, {}, 0});
  }

  s3::Listing list(s3::ListQuery query) { return ObjectIndex::list(*index_.bucket("b"), query); }
  static std::vector<std::string> keys(const s3::Listing& page) {
    std::vector<std::string> found;
    for (const auto& object : page.objects) found.push_back(object.key);
    return found;
  }

  ObjectIndex index_;
};

TEST_F(Listings, AreInByteOrder) { EXPECT_THAT(keys(list({})), ElementsAre("a", "b/1", "b/2", "b/c/3", "c", "d/4")); }

TEST_F(Listings, KeepToThePrefix) {
  EXPECT_THAT(keys(list({.prefix = "b/"})), ElementsAre("b/1", "b/2", "b/c/3"));
  EXPECT_THAT(keys(list({.prefix = "x"})), IsEmpty());
}

TEST_F(Listings, RollUpAtTheDelimiter) {
  const auto root = list({.delimiter = "/"});
  EXPECT_THAT(keys(root), ElementsAre("a", "c"));
  EXPECT_THAT(root.prefixes, ElementsAre("b/", "d/"));
  const auto below = list({.prefix = "b/", .delimiter = "/"});
  EXPECT_THAT(keys(below), ElementsAre("b/1", "b/2"));
  EXPECT_THAT(below.prefixes, ElementsAre("b/c/"));
}

TEST_F(Listings, PagesJoinWithoutGapOrRepeat) {
  for (const char* delimiter : {"", "/"}) {
    const auto whole = list({.delimiter = delimiter});
    s3::ListQuery query{.delimiter = delimiter, .max_keys = 1};
    std::vector<std::string> objects;
    std::vector<std::string> prefixes;
    for (bool more = true; more;) {
      const auto page = list(query);
      for (const auto& key : keys(page)) objects.push_back(key);
      for (const auto& prefix : page.prefixes) prefixes.push_back(prefix);
      more = page.truncated;
      query.token = s3::make_token(page.last);
    }
    EXPECT_EQ(objects, keys(whole));
    EXPECT_EQ(prefixes, whole.prefixes);
  }
}

TEST_F(Listings, StartAfterAName) {
  EXPECT_THAT(keys(list({.after = "b/2"})), ElementsAre("b/c/3", "c", "d/4"));
  EXPECT_THAT(keys(list({.prefix = "b/", .after = "a"})), ElementsAre("b/1", "b/2", "b/c/3"));
  EXPECT_THAT(keys(list({.after = "z"})), IsEmpty());
}

TEST_F(Listings, OfNoKeysAreNotTruncated) {
  const auto page = list({.max_keys = 0});
  EXPECT_FALSE(page.truncated);
  EXPECT_THAT(keys(page), IsEmpty());
}

TEST_F(Listings, CountObjectsAndBytes) {
  EXPECT_EQ(index_.objects(), 6u);
  EXPECT_EQ(index_.bytes(), 60u);
  index_.put("b", "a", {4, {}, 0});
  EXPECT_EQ(index_.objects(), 6u);
  EXPECT_EQ(index_.bytes(), 54u);
  EXPECT_TRUE(index_.remove("b", "a"));
  EXPECT_FALSE(index_.remove("b", "a"));
  EXPECT_FALSE(index_.remove("none", "a"));
  EXPECT_EQ(index_.bytes(), 50u);
  index_.remove_bucket("b");
  EXPECT_EQ(index_.objects(), 0u);
  EXPECT_EQ(index_.bytes(), 0u);
}

}  // namespace
}  // namespace chaos
