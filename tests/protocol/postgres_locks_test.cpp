// Sessions of real clients that get in each other's way: psycopg2, psql, pgbench.
#include "support/compat.hpp"
#include "support/needs.hpp"
#include "support/process.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace chaos::test {
namespace {

const char* const kState = R"({"config":{"postgres":{"items":100,"station":{"slots":64,"service_ms":0}}}})";
const std::string kSection = "Transactions and locks";

void shown(const std::string& feature, Compat verdict = Compat::works, const std::string& note = {}) {
  compat("PostgreSQL", kSection, feature, verdict, note);
}

class PostgresLocks : public testing::Test {
 protected:
  PostgresLocks() : node("postgres", 5432, kState) {}
  void SetUp() override { CHAOS_NEEDS(sh("/usr/bin/python3 -c 'import psycopg2'").exit == 0, "psycopg2"); }
  // A scenario of support/postgres_sessions.py: it looks at what each session is told. (The system's Python has psycopg2.)
  void play(const std::string& scenario) const {
    const Output output = sh("/usr/bin/python3 " CHAOSLAB_SOURCE_DIR "/tests/support/postgres_sessions.py " + node.address() + " " + scenario, 60);
    EXPECT_EQ(output.out, "ok\n") << node.log();
  }
  std::string psql(const std::string& sql, const std::string& flags = "-At") const {
    return sh("psql -h " + node.address() + " -U shop " + flags + " -c \"" + sql + "\"").out;
  }
  LoneNode node;
};

TEST_F(PostgresLocks, ARowIsWaitedForAndTheOthersAreNot) {
  shown("row locks: writers of other rows go on, those of the same row wait in their order and see what was committed");
  shown("pg_locks (relation, transactionid, tuple, virtualxid; granted, waitstart)", Compat::differs,
        "page and tuple come from the row's number in SQLite; fastpath is always false; a reading statement in autocommit shows no AccessShareLock");
  shown("pg_blocking_pids(pid)");
  shown("wait_event of type Lock (transactionid, tuple, relation, advisory) in pg_stat_activity");
  play("rows");
}

TEST_F(PostgresLocks, ADeadlockEndsOneOfThem) {
  shown("deadlock detection after deadlock_timeout (40P01, DETAIL names processes and transactions)");
  play("deadlock");
  EXPECT_NE(node.log().find("deadlock_detected"), std::string::npos);
}

TEST_F(PostgresLocks, WhoHoldsAPartGoesBeforeThoseWhoWaitForIt) {
  shown("a session that shares a row or table and wants it for itself does not queue behind those who wait for it");
  play("upgrades");
}

TEST_F(PostgresLocks, ADuplicateWaitsForItsOwnKeyAlone) { play("other_keys"); }

TEST_F(PostgresLocks, LongWaitsAreLogged) {
  compat("PostgreSQL", "Settings", "log_lock_waits", Compat::works, "in the node's log, after deadlock_timeout and when the lock is there");
  play("logged_wait");
  for (const char* event : {"\"event\":\"lock_wait\"", "\"event\":\"lock_acquired\""}) {
    EXPECT_TRUE(eventually([&] { return node.log().find(event) != std::string::npos; })) << event << node.log();
  }
  EXPECT_NE(node.log().find("ShareLock on transaction"), std::string::npos) << node.log();
}

TEST_F(PostgresLocks, NothingIsLostWhileSessionsAreCancelledAndKilled) {
  const Output output = sh("/usr/bin/python3 " CHAOSLAB_SOURCE_DIR "/tests/support/postgres_bank.py " + node.address() + " 1 40", 120);
  EXPECT_EQ(output.out.substr(0, 3), "ok ") << output.out << node.log();
}

TEST_F(PostgresLocks, SleepersHoldNobodyUp) {
  play("sleepers");
}

TEST_F(PostgresLocks, TimeOutsStrikeInALockWaitToo) {
  shown("statement_timeout (57014), lock_timeout (55P03), both while waiting for a lock");
  shown("idle_in_transaction_session_timeout (25P03), idle_session_timeout (57P05)");
  play("timeouts");
  const std::string script = "set application_name = 'idler'; begin; set idle_in_transaction_session_timeout = 50;\n\\! until psql -h " + node.address() + " -U postgres -Atc \"select count(*) from pg_stat_activity where application_name = 'idler'\" | grep -qx 0; do sleep 0.02; done\nselect 1;";
  std::ofstream(node.data() / "idle.sql") << script;
  const std::string out = sh("psql -h " + node.address() + " -U shop -v VERBOSITY=verbose -f " + (node.data() / "idle.sql").string()).out;
  EXPECT_NE(out.find("FATAL:  25P03: terminating connection due to idle-in-transaction timeout"), std::string::npos) << out;
}

TEST_F(PostgresLocks, AWaitingSessionCanBeCancelledAndItsBlockerEnded) {
  shown("pg_cancel_backend, pg_terminate_backend and the cancel request of a session that waits for a lock");
  play("cancel_and_terminate");
}

TEST_F(PostgresLocks, KeysOfOpenTransactionsAreWaitedFor) {
  shown("an INSERT with a key that an open transaction inserted or deleted waits, then fails (23505) or succeeds", Compat::differs,
        "unique indexes on expressions and partial ones are only checked when the second transaction goes on");
  play("keys");
}

TEST_F(PostgresLocks, SerialNumbersAreHandedOutOnce) {
  shown("serial numbers of open and of rolled back transactions are not handed out twice");
  play("numbers");
}

TEST_F(PostgresLocks, SelectForUpdate) {
  shown("SELECT ... FOR UPDATE, FOR NO KEY UPDATE, FOR SHARE, FOR KEY SHARE [OF table] [NOWAIT | SKIP LOCKED]", Compat::differs,
        "NOWAIT in a subquery is refused; rows of a subquery in FROM are not locked");
  play("for_update");
}

TEST_F(PostgresLocks, LockTable) {
  shown("LOCK TABLE in all eight modes, NOWAIT; ALTER TABLE waits for open transactions, and readers wait behind it");
  play("lock_table");
}

TEST_F(PostgresLocks, WhatAnOpenTransactionDidStaysWhileOthersWrite) {
  shown("SAVEPOINT, ROLLBACK TO, definitions inside of a transaction while others write", Compat::differs,
        "a transaction that has changed more than 64 KB holds other writers up for a moment after each of its statements");
  play("parked");
}

TEST_F(PostgresLocks, SerializationFailures) {
  shown("REPEATABLE READ and SERIALIZABLE (40001)", Compat::differs,
        "stricter than PostgreSQL: SERIALIZABLE looks at tables that were read, not at rows; a table that both changed cannot be read again");
  play("snapshots");
}

TEST_F(PostgresLocks, SetTransactionSetsTheModesOfThisTransaction) {
  shown("SET TRANSACTION ISOLATION LEVEL, READ ONLY, READ WRITE; SET SESSION CHARACTERISTICS; SHOW transaction_isolation, transaction_read_only");
  EXPECT_EQ(psql("begin; set transaction isolation level serializable, read only; show transaction_isolation; show transaction_read_only; commit; "
                 "show transaction_isolation", "-Atq"), "serializable\non\nread committed\n");
  EXPECT_EQ(psql("begin; set transaction_isolation to 'repeatable read'; show transaction isolation level; commit", "-Atq"), "repeatable read\n");
  EXPECT_EQ(psql("set session characteristics as transaction isolation level repeatable read; begin; show transaction_isolation; commit", "-Atq"), "repeatable read\n");
  const std::string verbose = "-v VERBOSITY=verbose -Atq";
  EXPECT_TRUE(has(psql("begin; select 1; set transaction isolation level serializable", verbose), "25001: SET TRANSACTION ISOLATION LEVEL must be called before any query"));
  EXPECT_TRUE(has(psql("begin; set transaction read only; insert into orders(item_id, quantity, state) values (1, 1, 'x')", verbose), "25006"));
  const Output outside = sh("echo 'set transaction read only; select 40 + 2' | psql -h " + node.address() + " -U shop " + verbose);
  EXPECT_TRUE(has(outside.out, "25P01: SET TRANSACTION can only be used in transaction blocks") && has(outside.out, "42\n")) << outside.out;
}

TEST_F(PostgresLocks, AdvisoryLocks) {
  shown("pg_advisory_lock, _shared, pg_advisory_xact_lock, pg_try_..., pg_advisory_unlock, pg_advisory_unlock_all");
  play("advisory");
}

TEST_F(PostgresLocks, NothingIsLostUnderContention) { play("transfers"); }

// The slow query of an incident, its cure, and the writers meanwhile.
TEST_F(PostgresLocks, AnIndexBuiltConcurrentlyCuresAScanWhileOthersWork) {
  psql("create table visits(id bigserial primary key, code int, note text); with recursive n(i) as (select 1 union all select i + 1 from n where i < 200000) "
       "insert into visits(code, note) select i % 50000, 'note ' || i from n");
  const std::string query = "select count(*), min(id) from visits where code = 4321";
  const auto milliseconds = [&] {
    const std::string out = sh("psql -h " + node.address() + " -U shop -At -c '\\timing on' -c \"" + query + "\" | grep Time").out;
    return std::atof(out.substr(out.find(':') + 1).c_str());
  };
  EXPECT_NE(psql("explain " + query).find("Seq Scan on visits"), std::string::npos) << psql("explain " + query);
  const double scan = std::min({milliseconds(), milliseconds(), milliseconds()});
  const Child build({"/bin/bash", "-c", "psql -h " + node.address() + " -U shop -c 'create index concurrently visits_code_idx on visits(code)'"}, node.data() / "build.log");
  const std::string indexed = "select count(*) from pg_indexes where indexname = 'visits_code_idx'";
  while (psql(indexed) == "0\n") EXPECT_EQ(psql("update items set stock = stock + 1 where id = 1"), "UPDATE 1\n");   // waits for SQLite's writer at most
  EXPECT_NE(psql("explain " + query).find("using visits_code_idx on visits"), std::string::npos) << psql("explain " + query);
  const double found = std::min({milliseconds(), milliseconds(), milliseconds()});
  EXPECT_GT(scan / found, 5) << scan << " ms, then " << found << " ms";
  EXPECT_EQ(psql(query), "4|4321\n");
  shown("CREATE INDEX CONCURRENTLY cures a sequential scan; readers go on, writers of other tables too", Compat::differs,
        "writers wait while SQLite builds the index, as with CREATE INDEX");
}

// TPC-B as pgbench brings it; each client's five statements in a transaction, one row that all of them update.
TEST_F(PostgresLocks, PgbenchTpcbLosesNoUpdate) {
  CHAOS_NEEDS(!tool("pgbench").empty(), "pgbench is not installed");
  const std::string made = sh(tool("pgbench") + " -i -q -h " + node.address() + " -U shop shop 2>&1", 60).out;
  EXPECT_NE(made.find("done in"), std::string::npos) << made;
  for (const std::string mode : {"simple", "prepared"}) {
    const Output output = sh(tool("pgbench") + " -h " + node.address() + " -U shop -n -s 1 -c 8 -j 2 -t 100 -M " + mode + " shop 2>&1", 60);
    EXPECT_NE(output.out.find("number of transactions actually processed: 800/800"), std::string::npos) << output.out;
  }
  const std::string sums = psql("select (select sum(abalance) from pgbench_accounts), (select sum(tbalance) from pgbench_tellers), (select sum(bbalance) from "
                                "pgbench_branches), (select sum(delta) from pgbench_history), (select count(*) from pgbench_history)");
  const std::string sum = sums.substr(0, sums.find('|'));
  EXPECT_EQ(sums, sum + "|" + sum + "|" + sum + "|" + sum + "|1600\n");
  shown("pgbench -c 8 (TPC-B): no lost update, sum(abalance) = sum(tbalance) = sum(bbalance) = sum(delta)");
}

}  // namespace
}  // namespace chaos::test
