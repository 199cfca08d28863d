#include "serve/ledger_check.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

TEST(LedgerCheck, FindsWhatIsMissing) {
  EXPECT_EQ(missing({1, 2, 3, 9}, {9, 2, 40}), (std::vector<std::int64_t>{1, 3}));
  EXPECT_TRUE(missing({}, {1}).empty());
}

TEST(LedgerCheck, ReadsAPageOfReceipts) {
  const auto page = parse_receipts(
      "<?xml version=\"1.0\"?><ListBucketResult><Name>receipts</Name><IsTruncated>true</IsTruncated>"
      "<Contents><Key>17</Key><Size>5</Size></Contents><Contents><Key>readme</Key></Contents>"
      "<NextContinuationToken>3137</NextContinuationToken></ListBucketResult>");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->ids, (std::vector<std::int64_t>{17}));
  EXPECT_EQ(page->next, "3137");
}

TEST(LedgerCheck, RefusesAnotherDocument) {
  EXPECT_FALSE(parse_receipts("<Error><Code>NoSuchBucket</Code></Error>"));
  EXPECT_FALSE(parse_receipts("not xml"));
}

}  // namespace
}  // namespace chaos
