// The record as a file: whose it is, who writes it, what survives.
#include "record/database.hpp"
#include "unit/record/record_fixture.hpp"

#include <sys/wait.h>

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <thread>

namespace chaos {
namespace {

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

TEST_F(RecordTest, AForeignDatabaseIsRefusedAndLeftAsItIs) {
  std::filesystem::create_directories(file_.parent_path());
  SQLite::Database(file_.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("CREATE TABLE theirs (x)");
  const std::string before = bytes();
  const auto record = Record::open(file_);
  ASSERT_FALSE(record);
  EXPECT_NE(record.error().text.find("something else"), std::string::npos) << record.error().text;
  EXPECT_EQ(bytes(), before);
}

TEST_F(RecordTest, ADatabaseThatSaysWhoseItIsIsForeignEvenWithoutTables) {
  std::filesystem::create_directories(file_.parent_path());
  SQLite::Database(file_.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("PRAGMA application_id = 7");
  EXPECT_FALSE(Record::open(file_));
}

TEST_F(RecordTest, AnEmptyFileBecomesARecord) {
  std::filesystem::create_directories(file_.parent_path());
  std::ofstream{file_};
  EXPECT_EQ(begin(*open())->run(), "r1");
}

TEST_F(RecordTest, APlanThatCannotBeReadIsAnError) {
  begin(*open());
  SQLite::Database(file_.string(), SQLite::OPEN_READWRITE).exec("UPDATE runs SET plan = x'ffffff'");
  const auto loaded = RecordReader::open(file_).value()->load("r1");
  ASSERT_FALSE(loaded);
  EXPECT_NE(loaded.error().text.find("the plan of run r1 cannot be read"), std::string::npos) << loaded.error().text;
}

TEST_F(RecordTest, ReadersThatLookForAWriterKeepNoneOut) {
  std::filesystem::create_directories(file_.parent_path());
  EXPECT_FALSE(record::has_writer(file_));
  std::atomic<bool> over = false;
  std::thread looking([&] {
    while (!over) (void)record::has_writer(file_);
  });
  int refused = 0;
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(300);
  while (refused == 0 && std::chrono::steady_clock::now() < until) refused += record::lock_to_write(file_) ? 0 : 1;
  over = true;
  looking.join();
  EXPECT_EQ(refused, 0);
  const auto writer = record::lock_to_write(file_);
  EXPECT_TRUE(record::has_writer(file_));
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

}  // namespace
}  // namespace chaos
