// Replication and promotion as psql sees them.
#include "support/compat.hpp"
#include "support/process.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <fstream>

namespace chaos::test {
namespace {

constexpr const char* kReplication = "Replication";

constexpr const char* kSuperuser = "-At -U postgres";

std::string psql(const LoneNode& node, const std::string& sql, const std::string& flags = "-At") {
  return sh("psql -h " + node.address() + " -U shop " + flags + " -c \"" + sql + "\"").out;
}

std::string followed_by(const LoneNode& primary, const std::string& more = {}) {
  return R"({"peers":[{"name":"primary","role":"postgres","address":")" + primary.address() + R"(","duty":"DUTY_ACTIVE"}])" + more + "}";
}

std::string lag_fault(double lab_s) {
  return R"(,"faults":[{"id":"f1","target":{"node":"replica-1"},"probability":1,"lag":{"delay_lab_s":)" + std::to_string(lab_s) + "}}]";
}

void place(const LoneNode& node, int id) { psql(node, "insert into orders(id, item_id, quantity) values (" + std::to_string(id) + ", 7, 2)"); }
bool holds(const LoneNode& node, int orders) {
  return eventually([&] { return psql(node, "select count(*) from orders") == std::to_string(orders) + "\n"; });
}

std::string epoch(const std::string& interval) { return "extract(epoch from " + interval + ")"; }

class Replication : public testing::Test {
 protected:
  LoneNode primary{"postgres", 5432, R"({"config":{"postgres":{"items":100}}})"};
};

TEST_F(Replication, PositionsAreRealAndHeldBackChangesAreThePast) {
  compat("PostgreSQL", kReplication, "pg_stat_replication: state, sent_lsn, write_lsn, flush_lsn, replay_lsn");
  compat("PostgreSQL", kReplication, "pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn(), pg_last_xact_replay_timestamp()");
  LoneNode replica("replica", 5432, followed_by(primary, lag_fault(3600)));
  ASSERT_TRUE(holds(replica, 0));
  ASSERT_TRUE(eventually([&] { return psql(primary, "select state from pg_stat_replication") == "streaming\n"; }));
  place(primary, 1);
  const std::string written = psql(primary, "select pg_current_wal_lsn()");
  ASSERT_TRUE(eventually([&] { return psql(replica, "select pg_last_wal_receive_lsn()") == written; })) << psql(replica, "select pg_last_wal_receive_lsn()");
  EXPECT_EQ(psql(replica, "select count(*) from orders"), "0\n") << "reads see the past";
  const std::string behind = "select pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())";
  const int bytes = std::stoi(psql(replica, behind));
  EXPECT_GT(bytes, 32);
  const auto seen = [&](const std::string& column) { return psql(primary, "select " + column + " from pg_stat_replication"); };
  EXPECT_TRUE(eventually([&] { return seen("flush_lsn") == written; })) << seen("*");
  EXPECT_EQ(seen("sent_lsn"), written);
  EXPECT_EQ(seen("write_lsn"), written);
  EXPECT_EQ(seen("pg_wal_lsn_diff(sent_lsn, replay_lsn)"), std::to_string(bytes) + "\n");
  compat("PostgreSQL", kReplication, "pg_stat_wal_receiver: status, written_lsn, flushed_lsn, latest_end_lsn, received_tli, sender_host");
  EXPECT_EQ(psql(replica, "select status, flushed_lsn, latest_end_lsn, received_tli, sender_host from pg_stat_wal_receiver"),
            "streaming|" + written.substr(0, written.size() - 1) + "|" + written.substr(0, written.size() - 1) + "|1|" + primary.address() + "\n");
  EXPECT_EQ(psql(primary, "select count(*) from pg_stat_wal_receiver"), "0\n");
  EXPECT_EQ(psql(primary, "select count(*) from pg_stat_activity where backend_type = 'walsender' and xact_start is null"), "1\n");
}

TEST_F(Replication, LagsAreMeasuredWhileThereIsTrafficAndForgottenInQuiet) {
  compat("PostgreSQL", kReplication, "pg_stat_replication: write_lag, flush_lag, replay_lag are measured from the standby's answers, and empty again in quiet");
  LoneNode replica("replica", 5432, followed_by(primary));
  ASSERT_TRUE(holds(replica, 0));
  const auto seen = [&](const std::string& what) { return psql(primary, "select " + what + " from pg_stat_replication"); };
  const std::string known = "write_lag is not null and flush_lag is not null and replay_lag is not null and sent_lsn = replay_lsn";
  ASSERT_TRUE(eventually([&] { return seen("state") == "streaming\n"; }));
  place(primary, 1);
  ASSERT_TRUE(eventually([&] { return seen(known) == "t\n"; })) << seen("*");
  EXPECT_EQ(seen(epoch("write_lag") + " > 0 and " + epoch("replay_lag") + " >= " + epoch("write_lag") + " and " + epoch("replay_lag") + " < 20"), "t\n") << seen("*");
  EXPECT_TRUE(eventually([&] { return seen("coalesce(write_lag, flush_lag, replay_lag) is null") == "t\n"; }, std::chrono::seconds(40))) << seen("*");
}

TEST_F(Replication, AReplayThatIsHeldBackLagsMoreAndMoreWhatIsReceivedDoesNot) {
  LoneNode replica("replica", 5432, followed_by(primary, lag_fault(3600)));
  ASSERT_TRUE(holds(replica, 0));
  const auto seen = [&](const std::string& what) { return psql(primary, "select " + what + " from pg_stat_replication"); };
  int orders = 0;
  const auto late = [&] {
    place(primary, ++orders);      // each is answered
    return seen(epoch("replay_lag") + " > 0.5 and " + epoch("flush_lag") + " < " + epoch("replay_lag") + " / 2") == "t\n";
  };
  EXPECT_TRUE(eventually(late)) << seen("*");
}

TEST_F(Replication, PausedReplayHoldsAndResumes) {
  compat("PostgreSQL", kReplication, "pg_wal_replay_pause(), pg_wal_replay_resume(), pg_is_wal_replay_paused(), pg_get_wal_replay_pause_state()");
  LoneNode replica("replica", 5432, followed_by(primary));
  ASSERT_TRUE(holds(replica, 0));
  EXPECT_EQ(psql(replica, "select pg_get_wal_replay_pause_state()"), "not paused\n");
  psql(replica, "select pg_wal_replay_pause()");
  EXPECT_EQ(psql(replica, "select pg_get_wal_replay_pause_state()"), "not paused\n") << "as shop, which may not";
  psql(replica, "select pg_wal_replay_pause()", kSuperuser);
  EXPECT_EQ(psql(replica, "select pg_is_wal_replay_paused(), pg_get_wal_replay_pause_state()"), "t|paused\n");
  place(primary, 1);
  const std::string written = psql(primary, "select pg_current_wal_lsn()");
  ASSERT_TRUE(eventually([&] { return psql(replica, "select pg_last_wal_receive_lsn()") == written; }));
  EXPECT_EQ(psql(replica, "select count(*) from orders"), "0\n");
  psql(replica, "select pg_wal_replay_resume()", kSuperuser);
  EXPECT_TRUE(holds(replica, 1));
  EXPECT_NE(psql(primary, "select pg_wal_replay_pause()", "-U postgres -v VERBOSITY=verbose").find("55000: recovery is not in progress"), std::string::npos);
}

TEST_F(Replication, APromotedReplicaAppliesWhatItReceivedTakesWritesAndStaysPrimary) {
  compat("PostgreSQL", kReplication, "pg_promote([wait [, wait_seconds]])");
  LoneNode replica("replica", 5432, followed_by(primary, lag_fault(3600)));
  ASSERT_TRUE(holds(replica, 0));
  place(primary, 1);
  const std::string written = psql(primary, "select pg_current_wal_lsn()");
  ASSERT_TRUE(eventually([&] { return psql(replica, "select pg_last_wal_receive_lsn()") == written; }));
  compat("PostgreSQL", kReplication, "writes on a standby: 25006");
  EXPECT_NE(psql(replica, "insert into orders(item_id) values (1)", "-v VERBOSITY=verbose").find("25006"), std::string::npos);
  primary.process().signal(SIGKILL);
  primary.process().wait();

  EXPECT_NE(psql(replica, "select pg_promote()", "-v VERBOSITY=verbose").find("42501: permission denied for function pg_promote"), std::string::npos);
  EXPECT_EQ(psql(replica, "select pg_is_in_recovery()"), "t\n") << "who may not promote has not done it";
  EXPECT_EQ(psql(replica, "select pg_promote()", kSuperuser), "t\n");
  EXPECT_EQ(psql(replica, "select pg_is_in_recovery()"), "f\n");
  EXPECT_EQ(psql(replica, "show in_hot_standby"), "off\n");
  EXPECT_EQ(psql(replica, "select count(*) from orders"), "1\n") << "received, held back, and applied before it became primary";
  EXPECT_EQ(psql(replica, "select pg_current_wal_lsn()"), written) << "its log goes on where the old one was";
  EXPECT_EQ(psql(replica, "insert into orders(item_id) values (3) returning id"), "34\nINSERT 0 1\n") << "32 numbers that the old primary may have given out are left out";
  EXPECT_NE(psql(replica, "select pg_promote()", "-U postgres -v VERBOSITY=verbose").find("55000"), std::string::npos);
  replica.kill_and_restart();
  EXPECT_EQ(psql(replica, "select pg_is_in_recovery()"), "f\n");
  EXPECT_EQ(psql(replica, "insert into orders(item_id) values (4) returning id"), "35\nINSERT 0 1\n");
}

TEST_F(Replication, WhatIsNotOfferedIsRefusedInItsOwnWords) {
  compat("PostgreSQL", kReplication, "a replica of a replica", Compat::refused, "0A000: each standby follows the primary itself");
  compat("PostgreSQL", kReplication, "replication slots, logical replication", Compat::refused, "0A000; a standby that was away for more than 50,000 transactions copies anew");
  LoneNode replica("replica", 5432, followed_by(primary));
  ASSERT_TRUE(holds(replica, 0));
  const auto walsender = [](const LoneNode& node, const std::string& command) {
    return sh("psql 'host=" + node.address() + " user=replicator dbname=shop replication=true' -At -v VERBOSITY=verbose -c '" + command + "'").out;
  };
  EXPECT_NE(walsender(replica, "IDENTIFY_SYSTEM").find("cascading replication is not supported"), std::string::npos) << walsender(replica, "IDENTIFY_SYSTEM");
  EXPECT_NE(walsender(primary, "START_REPLICATION SLOT a PHYSICAL 0/1000000").find("0A000"), std::string::npos);
  EXPECT_NE(walsender(primary, "TIMELINE_HISTORY 7").find("58P01"), std::string::npos);
  EXPECT_EQ(psql(primary, "select count(*) from pg_replication_slots"), "0\n");
  EXPECT_NE(psql(replica, "select pg_promote(true, 0)", "-U postgres -v VERBOSITY=verbose").find("22003"), std::string::npos);
  EXPECT_EQ(psql(replica, "select pg_is_in_recovery()"), "t\n");
}

TEST_F(Replication, AnotherReplicaFollowsThePromotedOneWithoutANewCopy) {
  compat("PostgreSQL", kReplication, "IDENTIFY_SYSTEM, TIMELINE_HISTORY, BASE_BACKUP, START_REPLICATION", Compat::differs,
         "records are row changes instead of PostgreSQL's pages, and a base backup is one file instead of a tar: only this server's own standbys can use them");
  LoneNode first("replica", 5432, followed_by(primary));
  LoneNode second("replica", 5432, followed_by(primary));
  place(primary, 1);
  ASSERT_TRUE(holds(first, 1) && holds(second, 1));
  primary.process().signal(SIGKILL);
  primary.process().wait();
  ASSERT_EQ(psql(first, "select pg_promote(true, 10)", kSuperuser), "t\n");
  place(first, 2);
  std::ofstream(second.data() / "state.json") << followed_by(first);
  second.process().signal(SIGHUP);
  EXPECT_TRUE(holds(second, 2)) << second.log();
  EXPECT_NE(second.log().find("timeline_followed"), std::string::npos) << second.log();
  EXPECT_EQ(second.log().find("base_copy_taken", second.log().find("timeline_followed")), std::string::npos);
  const std::string identified = sh("psql 'host=" + first.address() + " user=replicator dbname=shop replication=true' -At -c 'IDENTIFY_SYSTEM'").out;
  EXPECT_NE(identified.find("|2|0/"), std::string::npos) << identified;
  const std::string history = sh("psql 'host=" + first.address() + " user=replicator dbname=shop replication=true' -At -c 'TIMELINE_HISTORY 2'").out;
  EXPECT_NE(history.find("00000002.history|1"), std::string::npos) << history;
}

// What it has received counts, not only what it has applied: the promoted one never had it.
TEST_F(Replication, AReplicaThatWasAheadOfThePromotedOneTakesAFreshCopy) {
  LoneNode first("replica", 5432, followed_by(primary));
  LoneNode second("replica", 5432, followed_by(primary));
  place(primary, 1);
  ASSERT_TRUE(holds(first, 1) && holds(second, 1));
  first.process().signal(SIGKILL);
  first.process().wait();
  psql(second, "select pg_wal_replay_pause()", kSuperuser);
  place(primary, 2);
  const std::string written = psql(primary, "select pg_current_wal_lsn()");
  ASSERT_TRUE(eventually([&] { return psql(second, "select pg_last_wal_receive_lsn()") == written; }));
  ASSERT_EQ(psql(second, "select count(*) from orders"), "1\n") << "received, and not applied";
  primary.process().signal(SIGKILL);
  primary.process().wait();
  first.kill_and_restart();
  ASSERT_EQ(psql(first, "select pg_promote(true, 10)", kSuperuser), "t\n") << first.log();
  place(first, 3);

  std::ofstream(second.data() / "state.json") << followed_by(first);
  second.process().signal(SIGHUP);
  EXPECT_TRUE(eventually([&] { return psql(second, "select group_concat(id) from (select id from orders order by id) as ids") == "1,3\n"; }))
      << psql(second, "select id from orders") << second.log();
  const std::string log = second.log();
  const auto forked = log.find("timeline_forked");
  ASSERT_NE(forked, std::string::npos) << log;
  EXPECT_NE(log.find("base_copy_taken", forked), std::string::npos) << log;
  EXPECT_EQ(log.find("timeline_followed"), std::string::npos) << log;
  psql(second, "select pg_wal_replay_resume()", kSuperuser);
  place(first, 4);
  EXPECT_TRUE(holds(second, 3)) << "it streams from there";
}

TEST_F(Replication, AFormerPrimaryRejoinsWithAFreshCopyAndSaysWhatItDiscards) {
  LoneNode replica("replica", 5432, followed_by(primary));
  place(primary, 1);
  ASSERT_TRUE(holds(replica, 1));
  ASSERT_EQ(psql(replica, "select pg_promote()", kSuperuser), "t\n");
  place(primary, 2);
  place(primary, 3);
  place(replica, 2);
  psql(replica, "update orders set quantity = 9 where id = 2");
  const std::string state = followed_by(replica, R"(,"primary":{"name":"replica-1","term":1})");
  std::ofstream(primary.data() / "state.json") << state;
  primary.kill_and_restart();
  EXPECT_TRUE(eventually([&] { return psql(primary, "select count(*), max(quantity) from orders") == "2|9\n"; })) << psql(primary, "select * from orders");
  EXPECT_EQ(psql(primary, "select pg_is_in_recovery()"), "t\n");
  EXPECT_NE(primary.log().find("\"transactions\":2"), std::string::npos) << primary.log();
  EXPECT_EQ(psql(replica, "select state from pg_stat_replication"), "streaming\n");
}

}  // namespace
}  // namespace chaos::test
