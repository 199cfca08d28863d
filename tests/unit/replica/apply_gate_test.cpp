#include "postgres/replication/apply_gate.hpp"

#include <gtest/gtest.h>

namespace chaos::pg {
namespace {

LabTime at(double s) { return LabTime::from_seconds(s); }
LabDuration span(double s) { return LabDuration::from_seconds(s); }
ReceivedChange change(std::uint64_t lsn, std::size_t size = 10) { return {lsn, static_cast<std::int64_t>(lsn), std::string(size, 'x')}; }

std::vector<std::uint64_t> lsns(const std::vector<ReceivedChange>& changes) {
  std::vector<std::uint64_t> out;
  for (const auto& c : changes) out.push_back(c.lsn);
  return out;
}

TEST(ApplyGate, WhatIsNotHeldGoesAtOnceInOrder) {
  ApplyGate gate;
  gate.receive(change(1), at(0), span(0));
  gate.receive(change(2), at(0), span(0));
  EXPECT_EQ(lsns(gate.take(at(0), 1000)), (std::vector<std::uint64_t>{1, 2}));
  EXPECT_TRUE(gate.empty());
}

TEST(ApplyGate, AHeldChangeHoldsThoseBehindIt) {
  ApplyGate gate;
  gate.receive(change(1), at(0), span(10));
  gate.receive(change(2), at(1), span(0));
  EXPECT_TRUE(gate.take(at(9.9), 1000).empty());
  EXPECT_EQ(gate.next_due(), at(10));
  EXPECT_EQ(gate.oldest_at_us(), 1);
  EXPECT_EQ(lsns(gate.take(at(10), 1000)), (std::vector<std::uint64_t>{1, 2}));
}

TEST(ApplyGate, AShorterHoldCountsFromTheReceipt) {
  ApplyGate gate;
  gate.receive(change(1), at(0), span(100));
  gate.receive(change(2), at(5), span(100));
  gate.shorten(span(3));
  EXPECT_EQ(lsns(gate.take(at(4), 1000)), std::vector<std::uint64_t>{1});
  gate.shorten({});
  EXPECT_EQ(lsns(gate.take(at(5), 1000)), std::vector<std::uint64_t>{2});
}

TEST(ApplyGate, OnlyWhatIsOnDiskIsTaken) {
  ApplyGate gate;
  for (std::uint64_t i = 1; i <= 3; ++i) gate.receive(change(i), at(0), {});
  const auto received = gate.beyond(1, 1000);
  ASSERT_EQ(received.size(), 2u);
  EXPECT_EQ(received[0]->lsn, 2u);
  EXPECT_EQ(gate.beyond(0, 15).size(), 2u) << "until the bytes are reached";
  EXPECT_EQ(lsns(gate.take(at(0), 1000, 2)), (std::vector<std::uint64_t>{1, 2}));
  EXPECT_TRUE(gate.beyond(3, 1000).empty());
}

ReceivedChange part(std::uint64_t lsn, std::size_t size = 10) {
  ReceivedChange out = change(lsn, size);
  out.more = true;
  return out;
}

TEST(ApplyGate, ATransactionInPartsGoesWholeAndWaitsAsItsBeginningDoes) {
  ApplyGate gate;
  gate.receive(change(1), at(0), {});
  gate.receive(part(2), at(0), span(10));
  EXPECT_TRUE(gate.in_transaction());
  gate.receive(part(3), at(1), {});
  EXPECT_EQ(lsns(gate.take(at(50), 1000)), std::vector<std::uint64_t>{1}) << "its end is not here";
  gate.receive(change(4), at(60), span(90));
  EXPECT_FALSE(gate.in_transaction());
  gate.receive(change(5), at(60), {});
  EXPECT_TRUE(gate.take(at(9), 1000).empty());
  EXPECT_TRUE(gate.take(at(60), 1000, 3).empty()) << "its end is not on disk";
  EXPECT_EQ(lsns(gate.take(at(60), 5)), (std::vector<std::uint64_t>{2, 3, 4})) << "whole, however large";
  EXPECT_EQ(lsns(gate.take(at(60), 1000)), std::vector<std::uint64_t>{5});
}

TEST(ApplyGate, PartsOnDiskTakeNoMemory) {
  ApplyGate gate;
  for (std::uint64_t i = 1; i <= 3; ++i) gate.receive(part(i, 100), at(0), {});
  gate.receive(change(4, 100), at(0), {});
  gate.on_disk(2);
  EXPECT_EQ(gate.bytes(), 200u);
  gate.on_disk(4);
  EXPECT_EQ(gate.bytes(), 100u);
  const auto taken = gate.take(at(0), 1000);
  ASSERT_EQ(taken.size(), 4u);
  EXPECT_TRUE(taken[2].payload.empty());
  EXPECT_EQ(taken[3].payload.size(), 100u);
  EXPECT_EQ(gate.bytes(), 0u);
}

TEST(ApplyGate, OfATransactionThatWillNotComeWholeNothingStays) {
  ApplyGate gate;
  gate.receive(change(1), at(0), {});
  gate.receive(part(2), at(0), {});
  gate.receive(part(3), at(0), {});
  gate.drop_unfinished();
  EXPECT_EQ(gate.size(), 1u);
  EXPECT_EQ(gate.bytes(), 10u);
  gate.drop_unfinished();
  EXPECT_EQ(gate.size(), 1u);
}

TEST(ApplyGate, PortionsAndBytes) {
  ApplyGate gate;
  for (std::uint64_t i = 1; i <= 4; ++i) gate.receive(change(i, 100), at(0), {});
  EXPECT_EQ(gate.bytes(), 400u);
  EXPECT_EQ(gate.take(at(0), 150).size(), 2u);
  EXPECT_EQ(gate.bytes(), 200u);
  gate.clear();
  EXPECT_EQ(gate.bytes(), 0u);
  EXPECT_FALSE(gate.next_due());
}

}  // namespace
}  // namespace chaos::pg
