#include "postgres/state/lock_words.hpp"

#include <gmock/gmock.h>

namespace chaos::pg {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class LockManagerTest : public testing::Test {
 protected:
  LockWant row(std::int64_t id, LockMode mode = LockMode::exclusive) { return {{LockKind::row, locks.table("items"), id}, mode}; }
  LockWant relation(LockMode mode) { return {locks.relation("items"), mode}; }
  void wait(Pid pid, const LockWant& want) { locks.wait(pid, want, 5, [this, pid] { told.push_back(pid); }); }

  LockManager locks;
  std::vector<Pid> told;
};

TEST_F(LockManagerTest, TableModesExcludeEachOtherAsInPostgresqlsTable) {
  const auto row_of = [](LockMode mode) {
    std::string out;
    for (int i = 1; i <= 8; ++i) out += conflicts(mode, static_cast<LockMode>(i)) ? 'x' : '.';
    return out;
  };
  EXPECT_EQ(row_of(LockMode::access_share), ".......x");
  EXPECT_EQ(row_of(LockMode::row_share), "......xx");
  EXPECT_EQ(row_of(LockMode::row_exclusive), "....xxxx");
  EXPECT_EQ(row_of(LockMode::share_update_exclusive), "...xxxxx");
  EXPECT_EQ(row_of(LockMode::share), "..xx.xxx");
  EXPECT_EQ(row_of(LockMode::share_row_exclusive), "..xxxxxx");
  EXPECT_EQ(row_of(LockMode::exclusive), ".xxxxxxx");
  EXPECT_EQ(row_of(LockMode::access_exclusive), "xxxxxxxx");
}

TEST_F(LockManagerTest, ARowGoesToThoseWhoWaitInTheirOrder) {
  ASSERT_TRUE(locks.acquire(1, row(7)));
  EXPECT_TRUE(locks.acquire(1, row(7, LockMode::access_exclusive)));   // one's own is no obstacle
  EXPECT_FALSE(locks.acquire(2, row(7)));
  EXPECT_TRUE(locks.acquire(2, row(8)));
  wait(2, row(7));
  wait(3, row(7));
  EXPECT_TRUE(locks.first_in_line(2));
  EXPECT_FALSE(locks.first_in_line(3));
  EXPECT_THAT(locks.blockers(2), ElementsAre(1));
  EXPECT_THAT(locks.blockers(3), ElementsAre(2));
  locks.release_transaction(1);
  EXPECT_FALSE(locks.waiting(2));
  EXPECT_TRUE(locks.waiting(3));
  EXPECT_TRUE(locks.first_in_line(3));
  EXPECT_THAT(told, ElementsAre(2, 3));      // granted; nobody in front any more
  locks.give_up(3);
  EXPECT_FALSE(locks.waiting(3));
  locks.release_transaction(2);
  EXPECT_TRUE(locks.quiet(9));
  EXPECT_THAT(locks.entries(), IsEmpty());
}

TEST_F(LockManagerTest, SharersAreGrantedTogetherAndAStrongOneInTheQueueHoldsUpThoseBehindIt) {
  ASSERT_TRUE(locks.acquire(1, relation(LockMode::access_share)));
  wait(2, relation(LockMode::access_exclusive));
  EXPECT_FALSE(locks.acquire(3, relation(LockMode::access_share)));
  EXPECT_TRUE(locks.acquire(1, relation(LockMode::row_exclusive)));     // it holds one already: it need not queue
  wait(3, relation(LockMode::access_share));
  wait(4, relation(LockMode::access_share));
  EXPECT_THAT(locks.blockers(3), ElementsAre(2));
  locks.give_up(2);
  EXPECT_FALSE(locks.waiting(3));
  EXPECT_FALSE(locks.waiting(4));
}

// Two share a row, a third wants it for itself, then one of the two does: behind the third it would be a deadlock.
TEST_F(LockManagerTest, WhoHoldsAPartGoesBeforeThoseWhoWaitForIt) {
  for (const Pid pid : {1, 2}) ASSERT_TRUE(locks.acquire(pid, row(7, LockMode::share)));
  wait(3, row(7));
  told.clear();
  wait(1, row(7));
  EXPECT_THAT(told, ElementsAre(3)) << "it is no longer the first";
  EXPECT_THAT(locks.blockers(1), ElementsAre(2));
  EXPECT_THAT(locks.circle(1), IsEmpty());
  locks.release_transaction(2);
  EXPECT_FALSE(locks.waiting(1));
  EXPECT_TRUE(locks.waiting(3));
  wait(4, row(7, LockMode::share));
  EXPECT_THAT(locks.blockers(4), ElementsAre(3)) << "one that holds nothing waits its turn";
}

TEST_F(LockManagerTest, ACircleOfWaitsIsFoundFromEachOfItsMembersAndFromNobodyElse) {
  for (const Pid pid : {1, 2, 3}) ASSERT_TRUE(locks.acquire(pid, row(pid)));
  wait(1, row(2));
  wait(2, row(3));
  EXPECT_THAT(locks.circle(2), IsEmpty());
  wait(3, row(1));
  wait(4, row(1));
  EXPECT_THAT(locks.circle(3), ElementsAre(3, 1, 2));
  EXPECT_THAT(locks.circle(1), ElementsAre(1, 2, 3));
  EXPECT_THAT(locks.circle(4), IsEmpty());
}

TEST_F(LockManagerTest, WhatASavepointTookGoesBackWithIt) {
  locks.acquire(1, row(1));
  const std::size_t mark = locks.mark(1);
  locks.acquire(1, row(2));
  locks.release_since(1, mark);
  EXPECT_TRUE(locks.acquire(2, row(2)));
  EXPECT_FALSE(locks.acquire(2, row(1)));
}

TEST_F(LockManagerTest, QuietIsWhoeverHoldsAllThereIs) {
  EXPECT_TRUE(locks.quiet(1));
  locks.acquire(1, row(1));
  EXPECT_TRUE(locks.quiet(1));
  EXPECT_FALSE(locks.quiet(2));
  locks.acquire(2, row(2));
  EXPECT_FALSE(locks.quiet(1));
  locks.release_transaction(2);
  EXPECT_TRUE(locks.quiet(1));
}

TEST_F(LockManagerTest, DeletedRowsOfOthersAreFound) {
  LockWant gone = row(5, LockMode::access_exclusive);
  gone.gone = true;
  locks.acquire(1, gone);
  LockTag found;
  EXPECT_FALSE(locks.row_gone(1, gone.tag.table, found));
  ASSERT_TRUE(locks.row_gone(2, gone.tag.table, found));
  EXPECT_EQ(found, gone.tag);
}

TEST_F(LockManagerTest, PgLocksShowsTheTupleWithTheFirstInLineAndItsWaitForTheTransaction) {
  Backends backends;
  Backend holder, first, second;
  for (Backend* backend : {&holder, &first, &second}) {
    backends.enter(*backend, 1);
    backend->transaction_us = 1'000'000;
  }
  holder.transaction_id = 731;
  first.transaction_id = 732;
  locks.acquire(holder.pid, row(130));
  locks.acquire(holder.pid, relation(LockMode::row_exclusive));
  wait(first.pid, row(130));
  wait(second.pid, row(130));
  std::vector<std::string> shown;
  for (const LockRow& r : lock_rows(locks, backends)) {
    shown.push_back(std::to_string(r.pid - holder.pid) + " " + std::string(r.type) + " " + r.relation + (r.transaction_id ? std::to_string(*r.transaction_id) : "") +
                    (r.tuple ? "(" + std::to_string(*r.page) + "," + std::to_string(*r.tuple) + ")" : "") + " " + std::string(mode_name(r.mode)) + (r.granted ? "" : " waits"));
  }
  EXPECT_THAT(shown, ElementsAre("0 relation items RowExclusiveLock", "0 transactionid 731 ExclusiveLock", "0 virtualxid  ExclusiveLock",
                                 testing::AnyOf("1 transactionid 731 ShareLock waits", "1 transactionid 732 ExclusiveLock"),
                                 testing::AnyOf("1 transactionid 731 ShareLock waits", "1 transactionid 732 ExclusiveLock"),
                                 "1 tuple items(1,3) ExclusiveLock", "1 virtualxid  ExclusiveLock", "2 tuple items(1,3) ExclusiveLock waits",
                                 "2 virtualxid  ExclusiveLock"));
  EXPECT_EQ(lock_text(locks, backends, row(130), first.pid), "ShareLock on transaction 731");
  EXPECT_EQ(lock_text(locks, backends, row(130), second.pid), "ExclusiveLock on tuple (1,3) of relation items");
  for (Backend* backend : {&holder, &first, &second}) backends.leave(*backend, 2);
}

}  // namespace
}  // namespace chaos::pg
