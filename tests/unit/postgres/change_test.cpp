// What one database writes to its log makes a copy of it the same, row by row.
#include "postgres/store/change_apply.hpp"
#include "postgres/store/database.hpp"
#include "postgres/store/file_copy.hpp"
#include "support/loop.hpp"
#include "support/process.hpp"
#include "unit/postgres/fake_facts.hpp"

namespace chaos::pg {
namespace {

TEST(ChangeRecord, ThereAndBack) {
  std::string record;
  append_change(record, {ChangeOp::put, "items", -5, {std::int64_t{-1}, 2.5, std::string_view("a\0b", 3), std::monostate{}, Blob{"x"}}});
  append_change(record, {ChangeOp::erase, "items", 1'000'000'000'000, {}});
  append_change(record, {ChangeOp::define, "DROP TABLE x", 0, {}});
  ChangeReader reader(record);
  Change change;
  ASSERT_TRUE(reader.next(change));
  EXPECT_EQ(change.rowid, -5);
  EXPECT_EQ(change.values, (std::vector<ChangeValue>{std::int64_t{-1}, 2.5, std::string_view("a\0b", 3), std::monostate{}, Blob{"x"}}));
  ASSERT_TRUE(reader.next(change));
  EXPECT_EQ(change.op, ChangeOp::erase);
  EXPECT_EQ(change.rowid, 1'000'000'000'000);
  ASSERT_TRUE(reader.next(change));
  EXPECT_EQ(change.table, "DROP TABLE x");
  EXPECT_FALSE(reader.next(change));
  EXPECT_TRUE(reader.ok());
}

TEST(ChangeRecord, CutOffAnywhereItIsMalformedOrShorter) {
  std::string record;
  append_change(record, {ChangeOp::put, "items", 300, {std::string_view("text"), 1.0}});
  for (std::size_t cut = 1; cut < record.size(); ++cut) {
    ChangeReader reader(std::string_view(record).substr(0, cut));
    Change change;
    EXPECT_FALSE(reader.next(change) && reader.ok()) << cut;
  }
}

class ChangeTest : public testing::Test {
 protected:
  ChangeTest() {
    database = Database::open(dir.path() / "primary.db", facts, 42, error);
    copy = Handle::open(dir.path() / "copy.db", {}, facts, error);
  }
  // A transaction on the primary; its record goes to the log.
  void commit(const std::string& sql) {
    Handle& handle = database->shared();
    auto begin = database->begin_writing(handle, RealTime::max(), error);
    ASSERT_TRUE(test::run(io, std::move(begin)));
    ASSERT_TRUE(handle.exec(sql, error)) << error.message;
    ASSERT_TRUE(database->commit(handle, error)) << error.message;
  }
  void replay() {
    ChangeApply apply(*copy);
    std::vector<LogRecord> records;
    ASSERT_TRUE(database->log().read(database->shared(), applied, 1 << 20, records));
    for (const LogRecord& record : records) {
      ASSERT_TRUE(copy->exec("BEGIN", error) && apply.apply(record.payload, error) && copy->exec("COMMIT", error)) << error.message;
      applied = record.seq;
    }
  }
  std::string rows(Handle& handle, const std::string& sql) {
    const auto query = handle.internal(sql, error);
    std::string out;
    while (query && sqlite3_step(query.get()) == SQLITE_ROW) {
      for (int i = 0; i < sqlite3_column_count(query.get()); ++i) {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(query.get(), i));
        out += std::string(text ? text : "null") + ",";
      }
    }
    return out;
  }
  void expect_same(const std::string& sql) { EXPECT_EQ(rows(*copy, sql), rows(database->shared(), sql)); }

  asio::io_context io;
  test::TempDir dir;
  FakeFacts facts;
  ServerError error;
  std::shared_ptr<Database> database;
  std::unique_ptr<Handle> copy;
  std::int64_t applied = 0;
};

TEST_F(ChangeTest, InsertsUpdatesAndDeletesArriveWithAndWithoutAPrimaryKey) {
  for (Handle* handle : {&database->shared(), copy.get()}) {
    handle->exec("CREATE TABLE a(id INTEGER PRIMARY KEY, x TEXT UNIQUE); CREATE TABLE b(x, y)", error);
  }
  commit("INSERT INTO a VALUES(1,'one'),(2,'two'),(3,NULL); INSERT INTO b VALUES(1.5, x'00ff'),(NULL,'t')");
  commit("UPDATE a SET id = 10 WHERE id = 1; UPDATE a SET x = 'zwei' WHERE id = 2; DELETE FROM b WHERE x IS NULL");
  commit("INSERT OR REPLACE INTO a VALUES(4, 'zwei')");
  replay();
  EXPECT_EQ(rows(*copy, "SELECT * FROM a ORDER BY id"), "3,null,4,zwei,10,one,");
  expect_same("SELECT rowid, x, hex(y) FROM b");
}

TEST_F(ChangeTest, ADeleteOfAllRowsIsSeenRowByRow) {
  for (Handle* handle : {&database->shared(), copy.get()}) handle->exec("CREATE TABLE a(id INTEGER PRIMARY KEY)", error);
  commit("INSERT INTO a VALUES(1),(2),(3)");
  commit("DELETE FROM a");
  replay();
  EXPECT_EQ(rows(*copy, "SELECT count(*) FROM a"), "0,");
}

TEST_F(ChangeTest, ALargeTransactionIsSeveralRecordsThatFollowEachOther) {
  for (Handle* handle : {&database->shared(), copy.get()}) handle->exec("CREATE TABLE a(id INTEGER PRIMARY KEY, x)", error);
  commit("INSERT INTO a WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT i, 'row ' || i FROM n");
  commit("DELETE FROM a WHERE id = 7");
  std::vector<LogRecord> records;
  ASSERT_TRUE(database->log().read(database->shared(), 0, 1 << 24, records));
  ASSERT_GT(records.size(), 4u);
  Lsn end = ChangeLog::kFirstLsn;
  for (const LogRecord& record : records) {
    end += ChangeLog::kHeader + record.payload.size();
    EXPECT_EQ(record.lsn, end);
    EXPECT_LT(record.payload.size(), 2 * ChangeBuffer::kPiece);
  }
  EXPECT_EQ(database->log().end(), end);
  const auto last = records.size() - 2;
  for (std::size_t i = 0; i < records.size(); ++i) EXPECT_EQ(goes_on(records[i].payload), i < last) << i;
  replay();
  expect_same("SELECT count(*), sum(id), max(x) FROM a");
  EXPECT_EQ(facts.statistics().table("a").inserted, 20000);
}

TEST_F(ChangeTest, TheLogSurvivesAndGoesOnWhereItEnded) {
  database->shared().exec("CREATE TABLE a(id INTEGER PRIMARY KEY)", error);
  commit("INSERT INTO a VALUES(1)");
  commit("INSERT INTO a VALUES(2)");
  const Lsn end = database->log().end();
  EXPECT_GT(end, ChangeLog::kFirstLsn);
  database.reset();
  database = Database::open(dir.path() / "primary.db", facts, 43, error);
  EXPECT_EQ(database->log().end(), end);
  EXPECT_EQ(database->log().last_seq(), 2);
  EXPECT_EQ(database->log().system_id(), 42u >> 1 | 1);
  EXPECT_EQ(database->log().find(database->shared(), end), 2);
  EXPECT_EQ(database->log().find(database->shared(), ChangeLog::kFirstLsn), 0);
  EXPECT_FALSE(database->log().find(database->shared(), end + 1));
}

TEST_F(ChangeTest, WhatWasPrunedCannotBeRead) {
  database->shared().exec("CREATE TABLE a(id INTEGER PRIMARY KEY)", error);
  for (int i = 0; i < 5; ++i) commit("INSERT INTO a VALUES(NULL)");
  ASSERT_TRUE(database->log().prune(database->shared(), 3, error));
  std::vector<LogRecord> records;
  EXPECT_FALSE(database->log().read(database->shared(), 1, 1 << 20, records));
  EXPECT_TRUE(database->log().read(database->shared(), 3, 1 << 20, records));
  EXPECT_EQ(records.size(), 2u);
  EXPECT_FALSE(database->log().find(database->shared(), ChangeLog::kFirstLsn));
}

TEST_F(ChangeTest, AFileCopyIsOfOneInstantAndKeepsRowids) {
  database->shared().exec("CREATE TABLE b(x)", error);
  commit("INSERT INTO b VALUES(1),(2),(3); DELETE FROM b WHERE x = 1");
  FileCopy pages;
  ASSERT_TRUE(pages.begin(*database, dir.path() / "base.db", error));
  commit("INSERT INTO b VALUES(4)");
  while (pages.more()) {}
  ASSERT_TRUE(pages.finish(error)) << error.message;
  const auto base = Handle::open(dir.path() / "base.db", {}, facts, error);
  EXPECT_EQ(rows(*base, "SELECT rowid, x FROM b"), "2,2,3,3,");
}

TEST_F(ChangeTest, SessionsCannotTouchTheServersOwnTables) {
  EXPECT_FALSE(database->shared().prepare("DELETE FROM pg_wal_records", error));
  EXPECT_EQ(error.sqlstate, "42501");
  EXPECT_FALSE(database->shared().prepare("PRAGMA journal_mode=DELETE", error));
  EXPECT_TRUE(database->shared().prepare("SELECT count(*) FROM pg_wal_records", error));
}

}  // namespace
}  // namespace chaos::pg
