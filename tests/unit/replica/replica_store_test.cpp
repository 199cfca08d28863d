#include "postgres/replication/replica_store.hpp"

#include "postgres/store/database.hpp"
#include "support/loop.hpp"
#include "support/process.hpp"
#include "unit/postgres/fake_facts.hpp"

namespace chaos::pg {
namespace {

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class ReplicaStoreTest : public testing::Test {
 protected:
  // The bytes of a primary's database with a table t of one row.
  std::string base() {
    const std::filesystem::path file = dir.path() / "primary.db";
    auto database = pg::Database::open(file, facts, 77, error);
    EXPECT_TRUE(database->shared().exec("CREATE TABLE IF NOT EXISTS t(a INTEGER PRIMARY KEY); INSERT OR IGNORE INTO t VALUES(1)", error));
    database.reset();
    return bytes_of(file);
  }
  bool take_copy(ReplicaStore& store, std::uint64_t lsn) {
    return store.begin_copy(error) && store.write_copy(base(), error) && store.finish_copy(lsn, 5, error);
  }
  bool apply(ReplicaStore& store, const std::vector<ReceivedChange>& changes) {
    bool done = store.begin_apply(error);
    for (const ReceivedChange& change : changes) done = done && store.apply(change, error);
    return store.end_apply(done, changes.back(), error);
  }
  static ReceivedChange put(std::uint64_t lsn, std::int64_t row, std::int64_t seq = 0) {
    ReceivedChange change{lsn, static_cast<std::int64_t>(lsn), {}, seq};
    pg::append_change(change.payload, {pg::ChangeOp::put, "t", row, {row}});
    return change;
  }

  test::TempDir dir;
  pg::FakeFacts facts;
  pg::ServerError error;
};

TEST_F(ReplicaStoreTest, WithoutACopyThereIsNothingToOpen) {
  ReplicaStore store(dir.path(), facts);
  EXPECT_FALSE(store.open(error));
  EXPECT_FALSE(store.is_open());
}

TEST_F(ReplicaStoreTest, ACopyAndHowFarItIsSurvive) {
  {
    ReplicaStore store(dir.path(), facts);
    ASSERT_TRUE(take_copy(store, 100)) << error.message;
    EXPECT_EQ(store.applied(), 100u);
    ASSERT_TRUE(apply(store, {put(110, 2), put(120, 3)})) << error.message;
    EXPECT_EQ(store.applied(), 120u);
  }
  ReplicaStore again(dir.path(), facts);
  ASSERT_TRUE(again.open(error));
  EXPECT_EQ(again.applied(), 120u);
  EXPECT_EQ(again.applied_at_us(), 120);
  EXPECT_EQ(again.system_id(), 77u >> 1 | 1);
}

TEST_F(ReplicaStoreTest, ANewCopyTakesThePlaceOfTheOld) {
  ReplicaStore store(dir.path(), facts);
  ASSERT_TRUE(take_copy(store, 100));
  const std::filesystem::path first = store.file();
  ASSERT_TRUE(take_copy(store, 200));
  EXPECT_NE(store.file(), first);
  EXPECT_FALSE(std::filesystem::exists(first));
  EXPECT_EQ(store.applied(), 200u);
}

TEST_F(ReplicaStoreTest, ACopyThatWasNotFinishedIsNotUsed) {
  {
    ReplicaStore store(dir.path(), facts);
    ASSERT_TRUE(take_copy(store, 100));
    ASSERT_TRUE(store.begin_copy(error) && store.write_copy("half of it", error));
  }
  ReplicaStore again(dir.path(), facts);
  ASSERT_TRUE(again.open(error));
  EXPECT_EQ(again.applied(), 100u);
}

TEST_F(ReplicaStoreTest, WhatWasWrittenAndNotAppliedSurvives) {
  const ReceivedChange first = put(110, 2, 1), second = put(120, 3, 2);
  {
    ReplicaStore store(dir.path(), facts);
    ASSERT_TRUE(take_copy(store, 100)) << error.message;
    ASSERT_TRUE(store.write({&first, &second}, error)) << error.message;
    EXPECT_EQ(store.written(), 120u);
    ASSERT_TRUE(apply(store, {first}));
  }
  ReplicaStore again(dir.path(), facts);
  ASSERT_TRUE(again.open(error));
  EXPECT_EQ(again.applied(), 110u);
  EXPECT_EQ(again.written(), 120u);
  const auto waiting = again.waiting();
  ASSERT_EQ(waiting.size(), 1u);
  EXPECT_EQ(waiting[0].lsn, 120u);
  EXPECT_EQ(waiting[0].payload, second.payload);
}

TEST_F(ReplicaStoreTest, ATransactionInPartsIsReadFromItsLogAndSeenByReadersWhenItIsWhole) {
  ReceivedChange first = put(0x1000110, 2, 1), last = put(0x1000120, 3, 2);
  first.payload.insert(0, 1, kGoesOn);
  first.more = true;
  ReplicaStore store(dir.path(), facts);
  ASSERT_TRUE(take_copy(store, 0x1000100) && store.write({&first, &last}, error)) << error.message;
  const auto waiting = store.waiting();
  ASSERT_EQ(waiting.size(), 2u);
  EXPECT_TRUE(waiting[0].more && waiting[0].payload.empty());
  EXPECT_TRUE(!waiting[1].more && waiting[1].payload == last.payload);

  const auto reader = Handle::open(store.file(), {256, 4}, facts, error);
  const auto rows = [&] {
    const auto query = reader->internal("SELECT count(*) FROM t", error);
    return sqlite3_step(query.get()) == SQLITE_ROW ? sqlite3_column_int(query.get(), 0) : -1;
  };
  ASSERT_TRUE(store.begin_apply(error) && store.apply(waiting[0], error)) << error.message;
  EXPECT_TRUE(store.applying());
  EXPECT_EQ(rows(), 1) << "what was before";
  ASSERT_TRUE(store.apply(waiting[1], error) && store.end_apply(true, waiting[1], error)) << error.message;
  EXPECT_EQ(rows(), 3);
  EXPECT_EQ(store.applied(), 0x1000120u);
}

TEST_F(ReplicaStoreTest, ThePromotedOnesLogEndsBeforeATransactionThatDidNotArriveWhole) {
  ReceivedChange whole = put(0x1000110, 2, 1), part = put(0x1000120, 3, 2);
  part.payload.insert(0, 1, kGoesOn);
  part.more = true;
  std::filesystem::path file;
  {
    ReplicaStore store(dir.path(), facts);
    ASSERT_TRUE(take_copy(store, 0x1000100) && store.write({&whole, &part}, error) && apply(store, {whole})) << error.message;
    file = store.file();
    ASSERT_TRUE(store.promote("r1/1", error)) << error.message;
  }
  const auto database = Database::open(file, facts, 5, error);
  ASSERT_TRUE(database) << error.message;
  EXPECT_EQ(database->log().end(), 0x1000110u);
  EXPECT_EQ(database->log().last_seq(), 1);
}

TEST_F(ReplicaStoreTest, APromotedCopyIsAPrimarysDatabaseWhoseLogGoesOnOnANewTimeline) {
  const ReceivedChange change = put(0x1000110, 2, 7);
  std::filesystem::path file;
  {
    ReplicaStore store(dir.path(), facts);
    ASSERT_TRUE(take_copy(store, 0x1000100) && store.follow_timeline(2, {{1, 0x1000050}}, error)) << error.message;
    ASSERT_TRUE(store.write({&change}, error) && apply(store, {change}));
    file = store.file();
    ASSERT_TRUE(store.promote("r1/3", error)) << error.message;
    EXPECT_FALSE(store.is_open());
  }
  const auto database = Database::open(file, facts, 5, error);
  ASSERT_TRUE(database) << error.message;
  EXPECT_EQ(database->log().timeline(), 3);
  EXPECT_EQ(database->log().end(), 0x1000110u);
  EXPECT_EQ(database->log().last_seq(), 7);
  EXPECT_EQ(database->log().system_id(), 77u >> 1 | 1) << "a standby of the old primary can follow it";
  EXPECT_EQ(ChangeLog::history(database->shared()), (std::vector<TimelineEnd>{{1, 0x1000050}, {2, 0x1000110}}));
  ReplicaStore again(dir.path(), facts);
  ASSERT_TRUE(again.open(error));
  EXPECT_FALSE(again.in_recovery());
  EXPECT_EQ(again.term(), "r1/3");
}

TEST_F(ReplicaStoreTest, ASequenceOfAPromotedCopySkipsWhatALostPrimaryMayHaveGivenOut) {
  std::filesystem::path file;
  {
    ReplicaStore store(dir.path(), facts);
    ASSERT_TRUE(take_copy(store, 0x1000100));
    file = store.file();
    const auto handle = Handle::open(file, {256, 4}, facts, error);
    ASSERT_TRUE(handle->exec("CREATE TABLE a(id INTEGER PRIMARY KEY AUTOINCREMENT); CREATE TABLE b(id INTEGER PRIMARY KEY AUTOINCREMENT);"
                             "INSERT INTO a VALUES(33); INSERT INTO b VALUES(34)", error));
    ASSERT_TRUE(store.promote("r1/1", error)) << error.message;
  }
  const auto database = Database::open(file, facts, 5, error);
  const auto next = database->shared().internal("SELECT group_concat(seq) FROM (SELECT seq FROM sqlite_sequence ORDER BY name)", error);
  ASSERT_EQ(sqlite3_step(next.get()), SQLITE_ROW);
  EXPECT_STREQ(reinterpret_cast<const char*>(sqlite3_column_text(next.get(), 0)), "33,66") << "PostgreSQL logs 32 numbers ahead: 33 of them, then 33 more";
}

TEST_F(ReplicaStoreTest, ChangesThatDoNotFitAreRefusedWhole) {
  ReplicaStore store(dir.path(), facts);
  ASSERT_TRUE(take_copy(store, 100));
  ReceivedChange strange{130, 130, {}};
  pg::append_change(strange.payload, {pg::ChangeOp::put, "t", 9, {std::int64_t{9}, std::int64_t{9}}});
  EXPECT_FALSE(apply(store, {put(110, 2), strange}));
  EXPECT_EQ(store.applied(), 100u);
  EXPECT_TRUE(apply(store, {put(110, 2)})) << error.message;
}

}  // namespace
}  // namespace chaos::pg
