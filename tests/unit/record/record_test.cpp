#include "record/thinning.hpp"
#include "unit/record/record_fixture.hpp"

#include <cmath>

namespace chaos {
namespace {

TEST_F(RecordTest, GivesBackTheRunAsItWasBegun) {
  auto record = open();
  EXPECT_EQ(begin(*record)->run(), "r1");
  const RunData data = load("r1");
  EXPECT_EQ(data.info.seed, 0xFFFF'FFFF'FFFF'FFFEu);
  EXPECT_EQ(data.info.responder, "rolling");
  EXPECT_EQ(data.info.lab_file, "name: guided\n");
  EXPECT_EQ(data.info.plan.contract().uptime_min(), 0.95);
  EXPECT_EQ(data.info.state, RunState::running);
  EXPECT_FALSE(data.verdict);
  EXPECT_FALSE(data.ledger);
}

TEST_F(RecordTest, EventsGetSeqsAndComeBackWhole) {
  auto record = open();
  auto run = begin(*record);
  EXPECT_EQ(run->append(event(10, "ready")), 1u);
  EXPECT_EQ(run->append(event(20, "killed")), 2u);
  ASSERT_TRUE(run->flush());
  const auto events = RecordReader::open(file_).value()->events("r1", 1).value();
  ASSERT_EQ(events.size(), 1u);
  auto expected = event(20, "killed");
  expected.set_seq(2);
  EXPECT_EQ(events[0].SerializeAsString(), expected.SerializeAsString());
}

TEST_F(RecordTest, EventsOfASpanComeNewestFirstUntilTheVisitorHasEnough) {
  auto record = open();
  auto run = begin(*record);
  for (int i = 1; i <= 5; ++i) {
    auto one = event(i, "at " + std::to_string(i));
    one.set_unix_us(i * 1000);
    run->append(one);
  }
  ASSERT_TRUE(run->flush());
  const auto reader = RecordReader::open(file_).value();
  std::vector<std::string> seen;
  const auto two = [&](const v1::Event& one) {
    seen.push_back(one.what());
    return seen.size() < 2;
  };
  ASSERT_TRUE(reader->visit_events("r1", {2000, 4000}, two));
  EXPECT_EQ(seen, (std::vector<std::string>{"at 4", "at 3"}));
  seen.clear();
  ASSERT_TRUE(reader->visit_events("r1", {2500, 3500}, two));
  EXPECT_EQ(seen, (std::vector<std::string>{"at 3"}));
}

TEST_F(RecordTest, ALongRunIsThinnedToTheTicksAskedForAndItsNewestSampleIsKnown) {
  auto record = open();
  auto run = begin(*record);
  for (int i = 1; i <= 40; ++i) run->add_sli({.lab_s = 60.0 * i, .unix_us = 1'000'000 * i});
  ASSERT_TRUE(run->flush());
  const auto reader = RecordReader::open(file_).value();
  EXPECT_EQ(reader->load("r1").value().slis.size(), 40u);
  EXPECT_LE(reader->load("r1", 10).value().slis.size(), 10u);
  EXPECT_GE(reader->load("r1", 10).value().slis.size(), 5u);
  EXPECT_EQ(reader->runs().value().at(0).last_unix_us, 40'000'000);
}

TEST_F(RecordTest, SamplesKeepEveryFigureAndNanIsNotMeasured) {
  auto record = open();
  auto run = begin(*record);
  v1::NodeStatus node;
  node.set_name("server-1");
  node.set_role("server");
  node.set_phase(v1::PHASE_READY);
  node.set_resident_bytes(50'000'000);
  node.set_slowdown(1.5);
  (*node.mutable_gauges())["hit_ratio"] = 0.25;
  run->add_node(61, 1'000'000, node);
  run->add_sli({.lab_s = 61, .unix_us = 1'000'000, .users = 260, .p95_ms = 120});
  ASSERT_TRUE(run->flush());
  const RunData data = load();
  ASSERT_EQ(data.nodes.size(), 1u);
  EXPECT_EQ(data.nodes[0].resident_bytes, 50'000'000u);
  EXPECT_EQ(data.nodes[0].phase, v1::PHASE_READY);
  EXPECT_EQ(data.nodes[0].slowdown, 1.5);
  EXPECT_EQ(data.nodes[0].gauges.at("hit_ratio"), 0.25);
  ASSERT_EQ(data.slis.size(), 1u);
  EXPECT_EQ(data.slis[0].p95_ms, 120);
  EXPECT_TRUE(std::isnan(data.slis[0].p50_ms));
  EXPECT_EQ(data.info.last_lab_s, 3600);   // never before the start
}

TEST_F(RecordTest, CountsAddUpOverFlushes) {
  auto record = open();
  auto run = begin(*record);
  Histogram latency;
  latency.add(std::chrono::milliseconds(20), 3);
  v1::HistogramDelta delta;
  latency.write(&delta);
  for (int i = 0; i < 2; ++i) {
    run->add_minutes(tally(60, 10, 9));
    run->add_minutes(tally(60, 1, 1));
    run->add_latency(delta);
    run->add_orders(std::vector<std::int64_t>{7, 8, 7});
    ASSERT_TRUE(run->flush());
  }
  const RunData data = load();
  ASSERT_EQ(data.minutes.size(), 1u);
  EXPECT_EQ(data.minutes[0].total, 22u);
  EXPECT_EQ(data.minutes[0].good, 20u);
  EXPECT_EQ(data.latency.count(), 6u);
  EXPECT_EQ(data.orders, 2u);
  EXPECT_EQ(RecordReader::open(file_).value()->orders("r1").value(), (std::vector<std::int64_t>{7, 8}));
}

TEST_F(RecordTest, WhatAFailoverLostIsKeptWithoutALedgerCheck) {
  {
    auto record = open();
    auto run = begin(*record);
    run->add_failover_losses(std::vector<std::int64_t>{9, 3, 9});
    ASSERT_TRUE(run->flush());
    run->add_failover_losses(std::vector<std::int64_t>{3, 12});
  }
  const RunData data = load();
  EXPECT_FALSE(data.ledger);
  EXPECT_EQ(data.lost_in_failover, (std::vector<std::int64_t>{3, 9, 12}));
}

TEST_F(RecordTest, FinishKeepsVerdictAndLedger) {
  auto record = open();
  auto run = begin(*record);
  run->set_ledger({.acknowledged = 100, .lost = {3}, .without_receipt = {4, 5}, .lost_in_failover = {3, 9}});
  v1::ContractStatus verdict;
  verdict.set_uptime(0.9871);
  verdict.set_p95_ms(212);
  verdict.set_met(true);
  verdict.set_requests(1000);
  v1::Event late;
  late.set_lab_s(95'000);            // of the ledger check
  run->append(late);
  ASSERT_TRUE(run->finish(verdict, 90'000, 42));
  const RunData data = load();
  EXPECT_EQ(data.info.state, RunState::ended);
  EXPECT_EQ(data.info.end_unix_us, 42);
  EXPECT_EQ(data.info.last_lab_s, 90'000);
  ASSERT_TRUE(data.verdict);
  EXPECT_EQ(data.verdict->SerializeAsString(), verdict.SerializeAsString());
  ASSERT_TRUE(data.ledger);
  EXPECT_EQ(data.ledger->lost, (std::vector<std::int64_t>{3}));
  EXPECT_EQ(data.ledger->without_receipt, (std::vector<std::int64_t>{4, 5}));
  EXPECT_EQ(data.ledger->lost_in_failover, (std::vector<std::int64_t>{3, 9}));
  run.reset();
  EXPECT_FALSE(record->resume("r1"));
  record.reset();
  EXPECT_TRUE(Record::open(file_));   // the check of a whole record finds nothing
}

TEST_F(RecordTest, ARestartedControllerGoesOnWhereItStopped) {
  {
    auto record = open();
    auto run = begin(*record);
    run->append(event(10, "ready"));
    run->add_sli({.lab_s = 61, .unix_us = 1});
  }
  auto record = open();
  EXPECT_EQ(record->unfinished().value(), "r1");
  auto run = record->resume("r1").value();
  EXPECT_EQ(run->append(event(20, "killed")), 2u);
  run->add_sli({.lab_s = 62, .unix_us = 2});
  ASSERT_TRUE(run->flush());
  EXPECT_EQ(load().slis.size(), 2u);
  EXPECT_EQ(load().events.size(), 2u);
}

TEST_F(RecordTest, ANewRunInterruptsTheUnfinishedOne) {
  auto record = open();
  begin(*record);
  EXPECT_EQ(begin(*record)->run(), "r2");
  const auto runs = RecordReader::open(file_).value()->runs().value();
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[0].state, RunState::interrupted);
  EXPECT_EQ(runs[1].state, RunState::running);
}

TEST_F(RecordTest, UnknownAndMissingRunsAreNamed) {
  open();
  auto reader = RecordReader::open(file_).value();
  EXPECT_NE(reader->load("last").error().text.find("holds no run yet"), std::string::npos);
  EXPECT_NE(reader->load("r9").error().text.find("has no run r9; it holds no run yet"), std::string::npos);
  EXPECT_NE(RecordReader::open(folder_ / "none.db").error().text.find("cannot be opened"), std::string::npos);
}

TEST_F(RecordTest, PendingSamplesAreBounded) {
  auto record = open();
  auto run = begin(*record);
  const auto more = static_cast<std::int64_t>(kMaxPendingSamples) + 1000;
  for (std::int64_t i = 1; i <= more; ++i) run->add_sli({.lab_s = static_cast<double>(i), .unix_us = i});
  EXPECT_EQ(run->dropped_samples(), 0u);   // thinning alone kept the number down
  ASSERT_TRUE(run->flush());
  EXPECT_LT(load().slis.size(), kMaxPendingSamples);
}

TEST(Thinning, KeepsAllAtFirstThenEverySecond) {
  using namespace record;
  EXPECT_TRUE(keeps(1) && keeps(kFullTicks - 1));
  EXPECT_EQ(stride_at(kFullTicks), 2u);
  EXPECT_FALSE(keeps(kFullTicks + 1));
  EXPECT_EQ(stride_at(3 * kFullTicks - 1), 2u);
  EXPECT_EQ(stride_at(3 * kFullTicks), 4u);
  std::uint64_t kept = 0;
  for (std::uint64_t t = 0; t < 604'800; ++t) kept += keeps(t);
  EXPECT_LT(kept, 6 * kFullTicks);
}

}  // namespace
}  // namespace chaos
