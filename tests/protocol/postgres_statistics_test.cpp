// The statistics views against what was done: every figure is compared with the work that made it.
#include "support/compat.hpp"
#include "support/process.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace chaos::test {
namespace {

class PostgresStatistics : public testing::Test {
 protected:
  PostgresStatistics() : node("postgres", 5432, R"({"config":{"postgres":{"items":100}}})") {}
  std::string psql(const std::string& script, const std::string& user = "postgres") {
    const std::string file = (dir.path() / "script.sql").string();
    std::ofstream(file) << script << "\n";
    return sh("psql -h " + node.address() + " -U " + user + " -d shop -XqAt -f " + file).out;
  }
  long number(const std::string& sql) {
    const std::string text = psql(sql);
    try {
      return std::stol(text);
    } catch (const std::exception&) {
      ADD_FAILURE() << sql << ": " << text;
      return -1;
    }
  }
  std::string table(const std::string& columns, const std::string& name = "orders") {
    return psql("select " + columns + " from pg_stat_user_tables where relname = '" + name + "'");
  }

  TempDir dir;
  LoneNode node;
};

TEST_F(PostgresStatistics, TablesCountTheirScansAndRows) {
  compat("PostgreSQL", "Views", "pg_stat_user_tables, pg_stat_all_tables", Compat::differs,
         "an index look-up within a join counts once a statement; changes count when their transaction commits; nothing is ever dead");
  compat("PostgreSQL", "Views", "pg_stat_user_indexes, pg_stat_all_indexes");
  psql("insert into orders(item_id) select generate_series % 10 from generate_series(1, 50); update orders set quantity = 2 where id <= 20; delete from orders where id > 40");
  psql("begin; delete from orders; rollback");
  EXPECT_EQ(table("n_tup_ins, n_tup_upd, n_tup_del, n_live_tup"), "50|20|10|40\n");
  psql("select pg_stat_reset()");
  psql("select sum(quantity) from orders where item_id = 3; select sum(quantity) from orders o where o.item_id = 4");
  EXPECT_EQ(table("seq_scan, seq_tup_read, idx_scan"), "2|80|0\n");
  psql("select item_id from orders where id = 7; select * from orders where id = 8");
  EXPECT_EQ(table("seq_scan, idx_scan, idx_tup_fetch"), "2|2|2\n");
  psql("create index orders_item on orders(item_id); select sum(quantity) from orders where item_id = 3");
  EXPECT_EQ(table("seq_scan, idx_scan"), "2|3\n");
  EXPECT_EQ(psql("select indexrelname, idx_scan from pg_stat_user_indexes where relname = 'orders' order by 1"), "orders_item|1\norders_pkey|2\n");
  EXPECT_EQ(table("seq_scan, seq_tup_read", "items"), "0|0\n");
  EXPECT_EQ(table("vacuum_count, analyze_count, last_analyze", "items"), "0|0|\n");
  psql("vacuum orders; analyze orders; analyze items");
  EXPECT_EQ(table("vacuum_count, analyze_count, n_mod_since_analyze"), "1|1|0\n");
  EXPECT_EQ(psql("select count(*) from pg_stat_user_tables where last_analyze > now() - interval '1 minute' and (last_vacuum is null) = (relname = 'items')"), "2\n");
}

TEST_F(PostgresStatistics, TheDatabaseCountsTransactionsRowsBlocksAndSessions) {
  compat("PostgreSQL", "Views", "pg_stat_database, pg_stat_database_conflicts", Compat::differs, "SHOW and SET are no transactions; SQLite's page cache stands for shared buffers");
  const std::string get = " from pg_stat_database where datname = 'shop'";
  const long commits = number("select xact_commit" + get), rollbacks = number("select xact_rollback" + get), inserted = number("select tup_inserted" + get);
  psql("insert into orders(item_id) values (1); insert into orders(item_id) values (2); begin; insert into orders(item_id) values (3); rollback");
  EXPECT_EQ(number("select tup_inserted" + get), inserted + 2);
  EXPECT_EQ(number("select xact_rollback" + get), rollbacks + 1);
  EXPECT_EQ(number("select xact_commit" + get), commits + 2 + 5);         // each figure that was asked for was a transaction too
  EXPECT_GT(number("select blks_hit" + get), 0);
  const long sessions = number("select sessions" + get), killed = number("select sessions_killed" + get);
  psql("select pg_terminate_backend(pg_backend_pid())");
  EXPECT_EQ(number("select sessions_killed" + get), killed + 1);
  EXPECT_TRUE(eventually([&] { return has(node.log(), "57P01") && has(node.log(), "connection_terminated"); })) << node.log();
  EXPECT_EQ(number("select sessions" + get), sessions + 4);
  const double idle = number("select idle_in_transaction_time" + get);
  psql("begin; select 1;\n\\! until psql -h " + node.address() + " -U shop -d shop -XAtc \"select max(now() - state_change) > interval '300 ms' from pg_stat_activity "
       "where state = 'idle in transaction'\" | grep -qx t; do :; done\ncommit;");
  EXPECT_GE(number("select idle_in_transaction_time" + get), idle + 300);
  EXPECT_EQ(number("select numbackends" + get), 1);
}

TEST_F(PostgresStatistics, StatementsAreCountedByWhatTheyAreNotByTheirConstants) {
  compat("PostgreSQL", "Views", "pg_stat_statements, pg_stat_statements_info, pg_stat_statements_reset()", Compat::differs,
         "query ids are this server's own; 1000 statements at most; planning, block and WAL figures are 0");
  psql("select pg_stat_statements_reset()");
  for (int i = 1; i <= 5; ++i) psql("select name from items where id = " + std::to_string(i) + " and name <> 'it''s'", "shop");
  psql("select pg_sleep(0.2)", "shop");
  EXPECT_EQ(psql("select query, calls, rows, userid from pg_stat_statements where query like 'select name%'"),
            "select name from items where id = $1 and name <> $2|5|5|16384\n");
  EXPECT_EQ(psql("select calls from pg_stat_statements where query = 'select pg_sleep($1)' and total_exec_time >= 200 and min_exec_time = max_exec_time and "
                 "mean_exec_time = total_exec_time and stddev_exec_time = 0"), "1\n");
  EXPECT_EQ(psql("select count(*) from pg_stat_statements where query like 'select name%' and min_exec_time <= mean_exec_time and mean_exec_time <= max_exec_time "
                 "and abs(total_exec_time - 5 * mean_exec_time) < 0.001"), "1\n");
  // A running statement has the id under which it is counted.
  const std::string ids = "select count(*) from pg_stat_activity a join pg_stat_statements s on s.queryid = a.query_id where a.pid = pg_backend_pid()";
  EXPECT_EQ(psql(ids), "0\n");
  EXPECT_EQ(psql(ids), "1\n");
  psql("select pg_stat_statements_reset()");
  EXPECT_EQ(psql("select count(*) from pg_stat_statements where query like 'select name%'"), "0\n");
  EXPECT_NE(psql("select pg_stat_statements_reset()", "shop").find("permission denied for function pg_stat_statements_reset"), std::string::npos);
}

TEST_F(PostgresStatistics, ViewsOfWhatThisServerDoesNotDoAreThereAndSayNothing) {
  compat("PostgreSQL", "Views", "pg_stat_bgwriter, pg_stat_archiver", Compat::differs, "there is no background writer and no archiver: zeros");
  compat("PostgreSQL", "Views", "pg_replication_slots", Compat::differs, "empty: a replica asks for what it lacks by itself");
  compat("PostgreSQL", "Views", "pg_proc, pg_trigger, pg_policy, pg_publication, pg_enum, pg_matviews", Compat::differs, "empty: this server has none of these");
  EXPECT_EQ(psql("select checkpoints_timed, buffers_alloc from pg_stat_bgwriter; select archived_count, last_archived_time from pg_stat_archiver"), "0|0\n0|\n");
  EXPECT_EQ(psql("select count(*) from pg_replication_slots; select count(*) from pg_proc; select count(*) from pg_matviews"), "0\n0\n0\n");
}

TEST_F(PostgresStatistics, AReplicationSessionIsOfNoDatabaseAndHasNoTransaction) {
  compat("PostgreSQL", "Views", "pg_stat_activity", Compat::works, "no auxiliary processes are listed, since there are none");
  compat("PostgreSQL", "Views", "pg_stat_replication, pg_stat_wal_receiver");
  LoneNode replica("replica", 5432, R"({"peers":[{"name":"postgres-1","role":"postgres","address":")" + node.address() + R"(","duty":"DUTY_ACTIVE"}]})");
  EXPECT_TRUE(eventually([&] { return psql("select state from pg_stat_replication") == "streaming\n"; }));
  EXPECT_EQ(psql("select usename, datname, xact_start, backend_type, state from pg_stat_activity where backend_type = 'walsender'"), "replicator|||walsender|active\n");
  EXPECT_EQ(psql("select count(*) from pg_stat_replication r join pg_stat_activity a using (pid) where a.client_port = r.client_port and sync_state = 'async'"), "1\n");
  EXPECT_EQ(psql("select count(*) from pg_stat_wal_receiver"), "0\n");
  EXPECT_EQ(sh("psql -h " + replica.address() + " -U shop -d shop -XAt -c \"select status, sender_host, sender_port from pg_stat_wal_receiver\"").out,
            "streaming|" + node.address() + "|5432\n");
}

}  // namespace
}  // namespace chaos::test
