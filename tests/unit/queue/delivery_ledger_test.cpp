#include "queue/delivery_ledger.hpp"

#include <gtest/gtest.h>

namespace chaos::broker {
namespace {

using Ledger = DeliveryLedger<int>;
using Entries = std::vector<int>;

TEST(DeliveryLedger, TagsRiseFromOneAlsoForWhatNeedsNoAck) {
  Ledger ledger;
  EXPECT_EQ(ledger.issue(10), 1u);
  EXPECT_EQ(ledger.issue(), 2u);
  EXPECT_EQ(ledger.issue(30), 3u);
  EXPECT_EQ(ledger.size(), 2u);
  EXPECT_FALSE(ledger.take(2, false)) << "nothing to acknowledge";
}

TEST(DeliveryLedger, OneOrAllUpTo) {
  Ledger ledger;
  for (int entry = 1; entry <= 5; ++entry) ledger.issue(entry * 10);
  EXPECT_EQ(ledger.take(2, false), Entries{20});
  EXPECT_EQ(ledger.take(4, true), (Entries{10, 30, 40}));
  EXPECT_FALSE(ledger.take(4, true)) << "taken already";
  EXPECT_EQ(ledger.take(0, true), Entries{50});
  EXPECT_EQ(ledger.take(0, true), Entries{}) << "tag 0 with multiple is never unknown";
  EXPECT_FALSE(ledger.take(0, false));
  EXPECT_FALSE(ledger.take(99, false));
}

}  // namespace
}  // namespace chaos::broker
