#include "postgres/base/pg_time.hpp"
#include "postgres/base/sql_error.hpp"
#include "postgres/replication/replication_command.hpp"
#include "postgres/replication/wal_sender.hpp"
#include "postgres/sql/sql_types.hpp"
#include "postgres/state/session_settings.hpp"

#include <gtest/gtest.h>

namespace chaos::pg {
namespace {

TEST(SqlError, SqlitesMessagesBecomeSqlstates) {
  EXPECT_EQ(sqlite_error(SQLITE_ERROR, "no such table: x").sqlstate, "42P01");
  EXPECT_EQ(sqlite_error(SQLITE_ERROR, "no such table: x").message, "relation \"x\" does not exist");
  EXPECT_EQ(sqlite_error(SQLITE_ERROR, "near \"selec\": syntax error").message, "syntax error at or near \"selec\"");
  EXPECT_EQ(sqlite_error(SQLITE_CONSTRAINT_UNIQUE, "UNIQUE constraint failed: t.a, t.b").message,
            "duplicate key value violates unique constraint \"t_a_key\"");
  EXPECT_EQ(sqlite_error(SQLITE_CONSTRAINT_PRIMARYKEY, "UNIQUE constraint failed: items.id").sqlstate, "23505");
  EXPECT_EQ(sqlite_error(SQLITE_CONSTRAINT_NOTNULL, "NOT NULL constraint failed: t.a").message,
            "null value in column \"a\" of relation \"t\" violates not-null constraint");
  EXPECT_EQ(sqlite_error(SQLITE_BUSY_SNAPSHOT, "").sqlstate, "40001");
  EXPECT_EQ(sqlite_error(SQLITE_FULL, "").sqlstate, "53100");
}

TEST(SqlError, SomeFailuresAreTheServers) {
  EXPECT_TRUE(server_fault("XX000"));
  EXPECT_TRUE(server_fault("53300"));
  EXPECT_FALSE(server_fault("23505"));
  EXPECT_FALSE(server_fault("42601"));
}

TEST(SqlTypes, ColumnNamesAreThoseOfPostgres) {
  EXPECT_EQ(column_name("id"), "id");
  EXPECT_EQ(column_name("count ( * )"), "count");
  EXPECT_EQ(column_name("CAST ( a AS TEXT )"), "a");
  EXPECT_EQ(column_name("1 + 1"), "?column?");
  EXPECT_EQ(column_name("'x'"), "?column?");
  EXPECT_EQ(column_name("f ( a ) + g ( b )"), "?column?");
}

TEST(SqlTypes, DeclarationsAndBooleans) {
  EXPECT_EQ(type_of_declaration("INTEGER"), oid::kInt4);
  EXPECT_EQ(type_of_declaration("varchar(20)"), oid::kVarchar);
  EXPECT_EQ(type_of_declaration("timestamptz"), oid::kTimestampTz);
  EXPECT_EQ(type_of_declaration("whatever"), oid::kText);
  EXPECT_EQ(bool_text("1"), "t");
  EXPECT_EQ(bool_text("false"), "f");
}

TEST(PgTime, TimestampsThereAndBack) {
  EXPECT_EQ(format_timestamp(0), "1970-01-01 00:00:00+00");
  EXPECT_EQ(format_timestamp(1772384709250000), "2026-03-01 17:05:09.25+00");
  EXPECT_EQ(parse_timestamp("2026-03-01 17:05:09.25+00"), 1772384709250000);
  EXPECT_EQ(parse_timestamp("2026-03-01"), 1772323200000000);
  EXPECT_FALSE(parse_timestamp("2026-02-30"));
  EXPECT_FALSE(parse_timestamp("soon"));
}

TEST(PgTime, IntervalsThereAndBack) {
  EXPECT_EQ(format_interval(300'000'000), "00:05:00");
  EXPECT_EQ(format_interval(-1'500'000), "-00:00:01.5");
  EXPECT_EQ(format_interval(90'000'000'000), "1 day 01:00:00");
  EXPECT_EQ(parse_interval("5 minutes"), 300'000'000);
  EXPECT_EQ(parse_interval("1 day 01:00:00"), 90'000'000'000);
  EXPECT_EQ(parse_interval("10s"), 10'000'000);
  EXPECT_FALSE(parse_interval("5 parsecs"));
}

TEST(Settings, OnlyKnownOnesCanBeSet) {
  ServerConfig config;
  config.set_own("max_connections", "20");
  SessionSettings settings(config);
  ServerError error;
  EXPECT_TRUE(settings.set("Statement_Timeout", "5s", error));
  EXPECT_EQ(settings.get("statement_timeout"), "5s");
  EXPECT_FALSE(settings.set("statement_timeout", "never", error));
  EXPECT_EQ(error.sqlstate, "22023");
  EXPECT_FALSE(settings.set("max_connections", "5", error));
  EXPECT_EQ(error.sqlstate, "55P02");
  EXPECT_FALSE(settings.set("nonsense", "5", error));
  EXPECT_EQ(error.sqlstate, "42704");
  EXPECT_TRUE(settings.reset("", error));
  EXPECT_EQ(settings.get("statement_timeout"), "0");
  EXPECT_EQ(settings.get("max_connections"), "20");
}

TEST(Settings, TimesHaveUnits) {
  EXPECT_EQ(SessionSettings::milliseconds("1500"), 1500);
  EXPECT_EQ(SessionSettings::milliseconds("2 min"), 120000);
  EXPECT_FALSE(SessionSettings::milliseconds("-1"));
  EXPECT_FALSE(SessionSettings::milliseconds("1 fortnight"));
}

TEST(ReplicationCommands, AreReadWithoutCase) {
  ReplicationCommand command;
  ServerError error;
  ASSERT_TRUE(parse_replication_command("start_replication PHYSICAL 1/2A TIMELINE 1", command, error));
  EXPECT_EQ(command.kind, ReplicationCommand::Kind::start_replication);
  EXPECT_EQ(command.start, 0x10000002Au);
  ASSERT_TRUE(parse_replication_command("BASE_BACKUP ( LABEL 'x' );", command, error));
  EXPECT_EQ(command.kind, ReplicationCommand::Kind::base_backup);
  EXPECT_FALSE(parse_replication_command("START_REPLICATION SLOT a LOGICAL 0/0", command, error));
  EXPECT_EQ(error.sqlstate, "0A000");
  EXPECT_FALSE(parse_replication_command("DROP TABLE x", command, error));
}

TEST(ReplicationCommands, ARecordOnTheWireHasAHeaderOfThirtyTwoBytes) {
  const std::string bytes = write_record({7, 0x1000050, 99, "payload"});
  EXPECT_EQ(bytes.size(), ChangeLog::kHeader + 7);
  WireRecord record;
  ASSERT_TRUE(read_record(bytes, record));
  EXPECT_EQ(record.seq, 7);
  EXPECT_EQ(record.lsn, 0x1000050u);
  EXPECT_EQ(record.payload, "payload");
  EXPECT_FALSE(read_record(std::string_view(bytes).substr(0, 20), record));
}

TEST(LagTracker, AnAnswerIsMeasuredFromTheLastSampleItReaches) {
  LagTracker lag;
  EXPECT_FALSE(lag.heard(100, 1000)) << "nothing was sent";
  lag.ended(100, 1000);
  lag.ended(100, 1500);      // no sample: the log has not grown
  lag.ended(200, 3000);
  EXPECT_EQ(lag.heard(200, 3400), 400);
  EXPECT_FALSE(lag.heard(200, 9000)) << "said again: nothing new to measure";
}

TEST(LagTracker, OneThatStandsBetweenTwoSamplesGrowsLate) {
  LagTracker lag;
  lag.ended(100, 1000);
  lag.ended(200, 3000);
  EXPECT_EQ(lag.heard(50, 5000), 4000) << "before the first one: its age";
  EXPECT_EQ(lag.heard(100, 5000), 4000);
  EXPECT_EQ(lag.heard(150, 6000), 4000) << "half way from 1000 to 3000";
  EXPECT_EQ(lag.heard(150, 9000), 7000);
  EXPECT_FALSE(lag.heard(90, 9000)) << "backwards";
  EXPECT_EQ(lag.heard(200, 9000), 6000);
  lag.ended(300, 20'000);
  EXPECT_EQ(lag.heard(200, 20'500), 500) << "the time without traffic before a burst is no lag";
}

TEST(LagTracker, AFullOneReplacesItsNewestSample) {
  LagTracker lag;
  for (std::size_t i = 1; i <= LagTracker::kMost + 5; ++i) lag.ended(i, static_cast<std::int64_t>(i));
  EXPECT_EQ(lag.heard(LagTracker::kMost - 1, 10'000), 10'000 - static_cast<std::int64_t>(LagTracker::kMost) + 1);
  EXPECT_EQ(lag.heard(LagTracker::kMost + 5, 10'000), 10'000 - static_cast<std::int64_t>(LagTracker::kMost) - 5);
}

TEST(ReplicaProgress, LagsComeFromAnswersAndAreForgottenAtTheSecondOneThatAllIsApplied) {
  ReplicaProgress progress;
  progress.log_ends(200, 1000);
  progress.sent(1, 100);
  progress.sent(2, 200);
  EXPECT_FALSE(progress.write_lag_us);
  progress.confirmed({200, 200, 100, 0, false}, 1500);
  EXPECT_EQ(progress.applied_seq, 1);
  EXPECT_EQ(progress.write_lag_us, 500);
  EXPECT_EQ(progress.flush_lag_us, 500);
  EXPECT_EQ(progress.replay_lag_us, 500) << "not there yet: late by at least that";
  progress.confirmed({200, 200, 200, 0, false}, 1800);
  EXPECT_EQ(progress.write_lag_us, 500) << "stays";
  EXPECT_EQ(progress.replay_lag_us, 800);
  EXPECT_EQ(progress.applied_seq, 2);
  progress.confirmed({200, 200, 200, 0, false}, 11'800);
  EXPECT_FALSE(progress.write_lag_us || progress.flush_lag_us || progress.replay_lag_us) << "idle since the answer before";
}

TEST(Retention, KeepsWhatReplicasMayNeed) {
  const LogRetention retention{.keep = 100, .most = 500};
  EXPECT_EQ(retention.prune_to(1000, 1000), 900);   // none is behind: the last 100 stay
  EXPECT_EQ(retention.prune_to(1000, 700), 700);    // one is behind: what it lacks stays
  EXPECT_EQ(retention.prune_to(1000, 10), 500);     // but not without bound
}

}  // namespace
}  // namespace chaos::pg
