#include "postgres/store/transaction.hpp"

#include <gtest/gtest.h>

namespace chaos::pg {
namespace {

class TransactionTest : public testing::Test {
 protected:
  bool control(Verb verb, std::string name = "") {
    Plan plan;
    plan.verb = verb;
    plan.name = std::move(name);
    plan.tag = verb == Verb::commit ? "COMMIT" : "OTHER";
    return transaction.control(plan, act, tag, notice, error);
  }
  Transaction transaction;
  TransactionAct act = TransactionAct::nothing;
  std::string tag;
  ServerError notice, error;
};

TEST_F(TransactionTest, CommitEndsWhatBeginBegan) {
  EXPECT_TRUE(control(Verb::begin));
  EXPECT_EQ(transaction.wire_state(), TransactionState::open);
  EXPECT_TRUE(control(Verb::commit));
  EXPECT_EQ(act, TransactionAct::commit);
  EXPECT_EQ(transaction.wire_state(), TransactionState::idle);
}

TEST_F(TransactionTest, AFailedOneTakesNothingAndCommitRollsItBack) {
  control(Verb::begin);
  transaction.fail();
  EXPECT_EQ(transaction.wire_state(), TransactionState::failed);
  EXPECT_FALSE(transaction.admits(error));
  EXPECT_EQ(error.sqlstate, "25P02");
  EXPECT_FALSE(control(Verb::savepoint, "a"));
  EXPECT_TRUE(control(Verb::commit));
  EXPECT_EQ(act, TransactionAct::rollback);
  EXPECT_EQ(tag, "ROLLBACK");
}

TEST_F(TransactionTest, TheIsolationLevelStandsFromTheFirstQueryOn) {
  Plan plan;
  plan.verb = Verb::set_transaction;
  plan.names_isolation = plan.snapshot = plan.serializable = true;
  EXPECT_TRUE(transaction.control(plan, act, tag, notice, error));
  EXPECT_EQ(notice.sqlstate, "25P01");
  EXPECT_FALSE(transaction.serializable());
  control(Verb::begin);
  EXPECT_TRUE(transaction.control(plan, act, tag, notice, error));
  EXPECT_TRUE(transaction.serializable() && transaction.snapshot());
  transaction.query();
  EXPECT_TRUE(transaction.control(plan, act, tag, notice, error)) << "the same again";
  plan.snapshot = plan.serializable = false;
  EXPECT_FALSE(transaction.control(plan, act, tag, notice, error));
  EXPECT_EQ(error.sqlstate, "25001");
  control(Verb::rollback);
  control(Verb::begin);
  EXPECT_TRUE(transaction.control(plan, act, tag, notice, error));
}

TEST_F(TransactionTest, ReadOnlyMayBeSetAtAnyTimeReadWriteBeforeAnyQuery) {
  Plan plan;
  plan.verb = Verb::set_transaction;
  plan.names_access = plan.read_only = true;
  control(Verb::begin);
  transaction.query();
  EXPECT_TRUE(transaction.control(plan, act, tag, notice, error));
  EXPECT_TRUE(transaction.read_only());
  plan.read_only = false;
  EXPECT_FALSE(transaction.control(plan, act, tag, notice, error));
  EXPECT_EQ(error.sqlstate, "25001");
}

TEST_F(TransactionTest, GoingBackToASavepointHeals) {
  control(Verb::begin);
  EXPECT_TRUE(control(Verb::savepoint, "a"));
  transaction.fail();
  EXPECT_TRUE(control(Verb::rollback_to, "a"));
  EXPECT_EQ(act, TransactionAct::rollback_to);
  EXPECT_TRUE(transaction.admits(error));
}

TEST_F(TransactionTest, OutOfPlaceCommandsWarnOrFail) {
  EXPECT_TRUE(control(Verb::commit));
  EXPECT_EQ(notice.sqlstate, "25P01");
  EXPECT_FALSE(control(Verb::savepoint, "a"));
  EXPECT_EQ(error.sqlstate, "25P01");
  control(Verb::begin);
  EXPECT_TRUE(control(Verb::begin));
  EXPECT_EQ(notice.sqlstate, "25001");
  EXPECT_FALSE(control(Verb::release, "none"));
  EXPECT_EQ(error.sqlstate, "3B001");
}

TEST_F(TransactionTest, AFailureOutsideOfATransactionLeavesNothing) {
  transaction.fail();
  EXPECT_TRUE(transaction.admits(error));
  transaction.begin_implicit();
  EXPECT_EQ(transaction.wire_state(), TransactionState::idle);
  EXPECT_TRUE(control(Verb::begin));
  EXPECT_EQ(transaction.phase(), Transaction::Phase::open);
}

TEST_F(TransactionTest, CommitEndsAnImplicitTransactionAndWarnsThatNobodyBeganIt) {
  transaction.begin_implicit();
  EXPECT_TRUE(control(Verb::commit));
  EXPECT_EQ(act, TransactionAct::commit);
  EXPECT_EQ(notice.sqlstate, "25P01");
  EXPECT_FALSE(transaction.active());
}

TEST_F(TransactionTest, AndChainBeginsTheNextOneWithTheSameModes) {
  Plan plan;
  plan.verb = Verb::commit;
  plan.tag = "COMMIT";
  plan.chain = true;
  EXPECT_FALSE(transaction.control(plan, act, tag, notice, error));
  EXPECT_EQ(error.sqlstate + " " + error.message, "25P01 COMMIT AND CHAIN can only be used in transaction blocks");
  Plan begin;
  begin.verb = Verb::begin;
  begin.snapshot = begin.read_only = true;
  transaction.control(begin, act, tag, notice, error);
  const Transaction before = transaction;
  EXPECT_TRUE(transaction.control(plan, act, tag, notice, error));
  transaction.chain(before);
  EXPECT_EQ(transaction.wire_state(), TransactionState::open);
  EXPECT_TRUE(transaction.snapshot() && transaction.read_only());
  EXPECT_FALSE(transaction.serializable());
}

}  // namespace
}  // namespace chaos::pg
