// What PostgreSQL keeps to superusers, asked for by the shop's own role and by one.
#include "protocol/postgres_client.hpp"

namespace chaos::test {
namespace {

class PostgresPrivileges : public PostgresNode {
 protected:
  std::string as(const std::string& user, const std::string& sql) const {
    return sh("psql -X -h " + node.address() + " -U " + user + " -d shop -v VERBOSITY=verbose -At -f " + file("privileges.sql", sql)).out;
  }
  void denied(const std::string& sql, const std::string& words) const {
    EXPECT_TRUE(has(as("shop", sql), "ERROR:  42501: " + words)) << sql << "\n" << as("shop", sql);
    EXPECT_FALSE(has(as("postgres", sql), "42501")) << sql;
  }
};

TEST_F(PostgresPrivileges, FunctionsThatAreGrantedToNobody) {
  compat("PostgreSQL", "Privileges", "42501 for who is no superuser: pg_promote, pg_wal_replay_*, pg_reload_conf, pg_rotate_logfile, pg_stat_reset*, pg_stat_statements_reset");
  for (const char* call : {"pg_promote()", "pg_promote(false, 5)", "pg_wal_replay_pause()", "pg_wal_replay_resume()", "pg_reload_conf()", "pg_rotate_logfile()", "pg_stat_reset()",
                           "pg_stat_reset_shared('bgwriter')", "pg_stat_reset_single_table_counters(1)", "pg_stat_statements_reset()"}) {
    denied("select " + std::string(call), "permission denied for function " + std::string(call).substr(0, std::string(call).find('(')));
  }
  EXPECT_TRUE(has(as("postgres", "select pg_promote()"), "55000: recovery is not in progress\nHINT:  Recovery control functions can only be executed during recovery."));
}

TEST_F(PostgresPrivileges, StatementsAndSettings) {
  compat("PostgreSQL", "Privileges", "42501 for who is no superuser: ALTER SYSTEM, CHECKPOINT, SHOW data_directory, pg_authid, a walsender");
  compat("PostgreSQL", "Privileges", "GRANT, REVOKE, SET ROLE, CREATE ROLE", Compat::refused, "0A000: roles are those whose names were seen; postgres is the superuser, shop a member of pg_signal_backend");
  denied("checkpoint", "must be superuser or have privileges of pg_checkpoint to do CHECKPOINT");
  denied("alter system reset all", "permission denied to perform ALTER SYSTEM RESET ALL");
  denied("show data_directory", "must be superuser or have privileges of pg_read_all_settings to examine \"data_directory\"");
  denied("select current_setting('data_directory')", "must be superuser or have privileges of pg_read_all_settings");
  denied("select rolpassword from pg_authid", "permission denied for table pg_authid");
  denied("select passwd from pg_shadow", "permission denied for view pg_shadow");
  EXPECT_EQ(as("shop", "select count(*) from pg_settings where name = 'data_directory'"), "0\n");
  EXPECT_EQ(as("postgres", "select count(*) from pg_settings where name = 'data_directory' and setting like '/%'"), "1\n");
  for (const char* refused : {"set role postgres", "grant select on items to app", "create role x"}) EXPECT_TRUE(has(as("shop", refused), "0A000")) << refused;
  const auto walsender = [&](const std::string& user) { return sh("psql 'host=" + node.address() + " user=" + user + " replication=true' -At -v VERBOSITY=verbose -c IDENTIFY_SYSTEM").out; };
  EXPECT_TRUE(has(walsender("shop"), "must be superuser or replication role to start walsender")) << walsender("shop");
  EXPECT_TRUE(has(walsender("replicator"), "|1|0/")) << walsender("replicator");
}

TEST_F(PostgresPrivileges, WhatASuperuserResetsBeginsAnew) {
  compat("PostgreSQL", "Functions", "pg_stat_reset(), pg_stat_reset_single_table_counters(), pg_stat_reset_shared(); pg_rotate_logfile(): false and its WARNING, as with logging_collector off");
  ask("select count(*) from items where stock > 0");
  ask("select count(*) from orders where quantity > 1");
  const std::string scans = "select (select seq_scan > 0 from pg_stat_user_tables where relname = 'items'), (select seq_scan > 0 from pg_stat_user_tables where relname = 'orders')";
  EXPECT_EQ(ask(scans), "t|t");
  as("postgres", "select pg_stat_reset_single_table_counters('items'::regclass)");
  EXPECT_EQ(ask(scans), "f|t");
  const std::string times = "select b.stats_reset > a.stats_reset from pg_stat_bgwriter b, pg_stat_archiver a";
  EXPECT_EQ(ask(times), "f");
  as("postgres", "select pg_stat_reset_shared('bgwriter')");
  EXPECT_EQ(ask(times), "t");
  EXPECT_TRUE(has(as("postgres", "select pg_stat_reset_shared('x')"), "22023: unrecognized reset target: \"x\"\nHINT:  Target must be"));
  EXPECT_TRUE(as("postgres", "\\set VERBOSITY terse\nselect pg_rotate_logfile()").ends_with("WARNING:  rotation not possible because log collection not active\nf\n"));
  EXPECT_TRUE(as("shop", "\\set VERBOSITY terse\nselect pg_terminate_backend(1)").ends_with("WARNING:  PID 1 is not a PostgreSQL backend process\nf\n"));
}

}  // namespace
}  // namespace chaos::test
