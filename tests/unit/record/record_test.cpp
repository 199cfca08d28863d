#include "record/record.hpp"

#include "record/run_writer.hpp"
#include "record/thinning.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <csignal>
#include <fstream>

namespace chaos {
namespace {

class RecordTest : public testing::Test {
 protected:
  RecordTest() {
    std::string name = (std::filesystem::temp_directory_path() / "record-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    file_ = folder_ / "data" / "record.db";
  }
  ~RecordTest() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<Record> open() { return Record::open(file_).value(); }
  RunData load(const std::string& run = "last") { return RecordReader::open(file_).value()->load(run).value(); }
  static std::unique_ptr<RunWriter> begin(Record& record) { return record.begin_run(info()).value(); }

  static RunInfo info() {
    RunInfo info{.drill = "guided", .responder = "rolling", .seed = 0xFFFF'FFFF'FFFF'FFFEu, .speed = 60};
    info.lab_file = "name: guided\n";
    info.plan.set_name("guided");
    info.plan.mutable_contract()->set_uptime_min(0.95);
    info.start_lab_s = 3600;
    info.end_lab_s = 90000;
    info.start_unix_us = 1'700'000'000'000'000;
    return info;
  }
  static v1::Event event(double lab_s, const std::string& what) {
    v1::Event e;
    e.set_lab_s(lab_s);
    e.set_unix_us(5);
    e.set_kind("node");
    e.set_node("server-2");
    e.set_what(what);
    e.set_text("it's <here>");
    e.set_actor("drill");
    e.set_hidden(true);
    return e;
  }
  static v1::MinuteTally tally(std::int64_t minute, std::uint64_t total, std::uint64_t good) {
    v1::MinuteTally t;
    t.set_lab_minute(minute);
    t.set_total(total);
    t.set_good(good);
    return t;
  }

  std::filesystem::path folder_;
  std::filesystem::path file_;
};

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

TEST_F(RecordTest, FinishKeepsVerdictAndLedger) {
  auto record = open();
  auto run = begin(*record);
  run->set_ledger({.acknowledged = 100, .lost = {3}, .without_receipt = {4, 5}});
  v1::ContractStatus verdict;
  verdict.set_uptime(0.9871);
  verdict.set_p95_ms(212);
  verdict.set_met(true);
  verdict.set_requests(1000);
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

TEST_F(RecordTest, WhatWasFlushedSurvivesSigkill) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto record = open();
    auto run = begin(*record);
    run->append(event(10, "ready"));
    const bool flushed = run->flush().has_value();
    run->append(event(20, "lost with the process"));
    if (::write(pipe[1], flushed ? "y" : "n", 1) != 1) ::_exit(1);
    ::pause();
  }
  char flushed = 0;
  ASSERT_EQ(::read(pipe[0], &flushed, 1), 1);
  EXPECT_EQ(load().events.size(), 1u);   // readable while the writer lives
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(flushed, 'y');
  auto record = open();                  // the lock went with the process
  EXPECT_EQ(record->unfinished().value(), "r1");
  EXPECT_EQ(load().events.size(), 1u);
}

TEST_F(RecordTest, ASecondWriterIsKeptOut) {
  auto first = open();
  const auto second = Record::open(file_);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().text.find("another controller writes this record"), std::string::npos);
}

TEST_F(RecordTest, AForeignFileIsRefusedWithItsName) {
  std::filesystem::create_directories(file_.parent_path());
  std::ofstream(file_) << "this is some text that is certainly no database, and long enough to have a head";
  const auto record = Record::open(file_);
  ASSERT_FALSE(record);
  EXPECT_NE(record.error().text.find(file_.string() + ": is not a record"), std::string::npos) << record.error().text;
  EXPECT_FALSE(RecordReader::open(file_));
}

TEST_F(RecordTest, ANewerSchemaIsRefused) {
  open();
  SQLite::Database(file_.string(), SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 99");
  const auto record = Record::open(file_);
  ASSERT_FALSE(record);
  EXPECT_NE(record.error().text.find("newer chaos lab (schema 99"), std::string::npos) << record.error().text;
}

TEST_F(RecordTest, DamagedPagesAreNoticed) {
  {
    auto record = open();
    auto run = begin(*record);
    for (int i = 0; i < 2000; ++i) run->append(event(i, "ready"));
  }
  const auto size = std::filesystem::file_size(file_);
  std::fstream file(file_, std::ios::in | std::ios::out | std::ios::binary);
  for (std::uintmax_t at = 4096 * 8; at + 400 < size; at += 4096) {
    file.seekp(static_cast<std::streamoff>(at));
    file << std::string(400, '\x7f');
  }
  file.close();
  const auto record = Record::open(file_);
  ASSERT_FALSE(record);
  EXPECT_NE(record.error().text.find("is damaged"), std::string::npos) << record.error().text;
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
