// SET, SHOW, ALTER SYSTEM and pg_reload_conf() through psql.
#include "support/compat.hpp"
#include "support/process.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace chaos::test {
namespace {

class PostgresSettings : public testing::Test {
 protected:
  PostgresSettings() : node("postgres", 5432, R"({"config":{"postgres":{"items":100}}})") {}
  std::string psql(const std::string& script, const std::string& user = "postgres") {
    const std::string file = (dir.path() / "script.sql").string();
    std::ofstream(file) << script << "\n";
    return sh("psql -h " + node.address() + " -U " + user + " -d shop -XqAt -v VERBOSITY=verbose -f " + file).out;
  }
  bool refuses(const std::string& sql, const std::string& error, const std::string& user = "postgres") {
    const std::string out = psql(sql, user);
    const bool found = out.find("ERROR:  " + error) != std::string::npos;
    EXPECT_TRUE(found) << sql << ": " << out;
    return found;
  }

  TempDir dir;
  LoneNode node;
};

TEST_F(PostgresSettings, ASessionSetsShowsAndResets) {
  compat("PostgreSQL", "Settings", "SET, SHOW, RESET, SHOW ALL, current_setting(), set_config()");
  EXPECT_EQ(psql("set statement_timeout = '90s'; show statement_timeout; select setting, unit, source from pg_settings where name = 'statement_timeout';"
                 "reset statement_timeout; show statement_timeout"), "90s\n90000|ms|session\n0\n");
  EXPECT_NE(psql("show all").find("lock_timeout|0|Sets the maximum allowed duration of any wait for a lock."), std::string::npos);
  EXPECT_EQ(psql("select set_config('application_name', 'me', false); show application_name; select application_name from pg_stat_activity where pid = pg_backend_pid()"), "me\nme\nme\n");
  EXPECT_GT(std::stol(psql("select count(*) from pg_settings where short_desc is not null and context in ('internal','postmaster','sighup','superuser','user')")), 50);
}

TEST_F(PostgresSettings, WhatIsSetInATransactionEndsWithIt) {
  compat("PostgreSQL", "Settings", "SET LOCAL; SET undone by ROLLBACK", Compat::works, "ROLLBACK TO a savepoint does not undo a SET");
  EXPECT_EQ(psql("begin; set local statement_timeout = '7s'; show statement_timeout; commit; show statement_timeout"), "7s\n0\n");
  EXPECT_EQ(psql("begin; set statement_timeout = '7s'; rollback; show statement_timeout"), "0\n");
  EXPECT_EQ(psql("begin; set statement_timeout = '7s'; commit; show statement_timeout"), "7s\n");
  EXPECT_NE(psql("set local statement_timeout = '7s'").find("WARNING:  25P01: SET LOCAL can only be used in transaction blocks"), std::string::npos);
}

TEST_F(PostgresSettings, TransactionsBeginAsTheirDefaultsSay) {
  compat("PostgreSQL", "Settings", "default_transaction_read_only, default_transaction_isolation");
  refuses("set default_transaction_read_only = on; insert into orders(item_id) values (1)", "25006: cannot execute INSERT in a read-only transaction");
  refuses("set default_transaction_read_only = on; begin; insert into orders(item_id) values (1)", "25006: cannot execute INSERT in a read-only transaction");
  EXPECT_EQ(psql("set default_transaction_read_only = on; begin read write; insert into orders(item_id) values (1); rollback"), "");
  // A snapshot does not see what others commit after its first statement.
  const std::string insert = "\\! psql -h " + node.address() + " -U shop -d shop -Xqc 'insert into orders(item_id) values (1)'\n";
  EXPECT_EQ(psql("set default_transaction_isolation = 'repeatable read'; begin; select count(*) from orders;\n" + insert + "select count(*) from orders; commit; select count(*) from orders"), "0\n0\n1\n");
  EXPECT_EQ(psql("begin; select count(*) from orders;\n" + insert + "select count(*) from orders; commit"), "1\n2\n");
}

TEST_F(PostgresSettings, BadValuesAreRefusedAsThere) {
  compat("PostgreSQL", "Settings", "22023, 42704, 55P02, 42501 with PostgreSQL's texts");
  compat("PostgreSQL", "Settings", "TimeZone other than UTC, DateStyle other than ISO, planner switches", Compat::refused, "22023 or 0A000, never accepted without effect");
  compat("PostgreSQL", "Settings", "ALTER DATABASE SET, ALTER ROLE SET", Compat::refused, "0A000; ALTER SYSTEM and SET do it");
  refuses("set statement_timeout = -1", "22023: -1 ms is outside the valid range for parameter \"statement_timeout\" (0 .. 2147483647)");
  refuses("set statement_timeout = '5 foo'", "22023: invalid value for parameter \"statement_timeout\": \"5 foo\"\nHINT:  Valid units for this parameter are \"us\", \"ms\", \"s\", \"min\", \"h\", and \"d\".");
  refuses("set default_transaction_isolation = 'x'", "22023: invalid value for parameter \"default_transaction_isolation\": \"x\"\nHINT:  Available values: serializable, repeatable read, read committed, read uncommitted.");
  refuses("set max_connections = 5", "55P02: parameter \"max_connections\" cannot be changed without restarting the server");
  refuses("set block_size = 1", "55P02: parameter \"block_size\" cannot be changed");
  refuses("set fsync = off", "55P02: parameter \"fsync\" cannot be changed now");
  refuses("set foo = 1", "42704: unrecognized configuration parameter \"foo\"");
  refuses("set timezone = 'Europe/Paris'", "22023: invalid value for parameter \"TimeZone\": \"Europe/Paris\"");
  refuses("set datestyle = 'german'", "22023: invalid value for parameter \"DateStyle\": \"german\"");
  refuses("set enable_seqscan = off", "0A000: parameter \"enable_seqscan\" cannot be changed in this server");
  refuses("set log_min_duration_statement = 0", "42501: permission denied to set parameter \"log_min_duration_statement\"", "shop");
  refuses("alter system set max_connections = 5000000", "22023: 5000000 is outside the valid range for parameter \"max_connections\"");
  refuses("alter system set foo = 1", "42704: unrecognized configuration parameter \"foo\"");
  refuses("alter system set work_mem = '5MB'", "42501: permission denied to set parameter \"work_mem\"", "shop");
  refuses("alter database shop set statement_timeout = 5", "0A000: settings of a database or a role are not supported");
}

TEST_F(PostgresSettings, AlterSystemWaitsForAReloadOrARestartAndSurvivesIt) {
  compat("PostgreSQL", "Settings", "ALTER SYSTEM SET, RESET, RESET ALL; pg_reload_conf(); postgresql.auto.conf; pending_restart");
  EXPECT_EQ(psql("alter system set statement_timeout = '5min'; show statement_timeout"), "0\n");
  EXPECT_EQ(psql("select count(pg_reload_conf()); show statement_timeout; select source from pg_settings where name = 'statement_timeout' and sourcefile like '%postgresql.auto.conf'"),
            "1\n5min\nconfiguration file\n");
  psql("alter system set max_connections = 3; alter system set superuser_reserved_connections = 0; select pg_reload_conf()");
  EXPECT_EQ(psql("select setting, pending_restart from pg_settings where name = 'max_connections'"), "100|t\n");
  std::ifstream file(node.data() / "data" / "postgresql.auto.conf");
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_NE(text.str().find("max_connections = '3'\n"), std::string::npos) << text.str();
  node.kill_and_restart();
  EXPECT_EQ(psql("select setting, pending_restart from pg_settings where name = 'max_connections'"), "3|f\n");
  // Three that stay, then one more. Those that came before may still be there for a moment.
  const std::string program = (dir.path() / "full.py").string();
  std::ofstream(program) << "import psycopg2\nkept = []\n"
                            "def one():\n  return psycopg2.connect(host='" << node.address() << "', user='shop', dbname='shop')\n"
                            "while len(kept) < 3:\n  try: kept.append(one())\n  except psycopg2.OperationalError: pass\n"
                            "try: one()\nexcept psycopg2.OperationalError as error: print(error)\n";
  const std::string refused = sh("/usr/bin/python3 " + program).out;
  EXPECT_NE(refused.find("FATAL:  sorry, too many clients already"), std::string::npos) << refused;
  EXPECT_TRUE(eventually([&] { return node.log().find("53300") != std::string::npos; }));
  EXPECT_TRUE(eventually([&] { return psql("alter system reset all; select count(pg_reload_conf()); show statement_timeout") == "1\n0\n"; }));
}

TEST_F(PostgresSettings, SlowStatementsAndErrorsAreLogged) {
  compat("PostgreSQL", "Settings", "log_min_duration_statement", Compat::works, "in the node's log, with PostgreSQL's text, at most 100 lines a second");
  psql("set log_min_duration_statement = '50ms'; select pg_sleep(0.1); select 17 + 4");
  EXPECT_TRUE(eventually([&] { return node.log().find("  statement: select pg_sleep(0.1)") != std::string::npos; })) << node.log();
  EXPECT_EQ(node.log().find("  statement: select 17 + 4"), std::string::npos);
  psql("select nonsense");
  EXPECT_TRUE(eventually([&] { return node.log().find("nonsense\\\" does not exist") != std::string::npos; })) << node.log();
}

TEST_F(PostgresSettings, TheCacheIsAsLargeAsSharedBuffersSays) {
  compat("PostgreSQL", "Settings", "shared_buffers", Compat::works, "the size of SQLite's page cache of the shared connection");
  EXPECT_EQ(psql("show shared_buffers"), "1MB\n");
  psql("create table big(id integer primary key, filler text); insert into big select generate_series, 'a row that is about a hundred bytes long, so that ten thousand of them are a megabyte or a little more' from generate_series(1, 15000)");
  const auto reads = [&] { return std::stol(psql("select pg_stat_reset(); select count(filler) from big; select count(filler) from big; select blks_read from pg_stat_database where datname = 'shop'").substr(1 + 6 + 6)); };
  const long small = reads();
  psql("alter system set shared_buffers = '32MB'");
  node.kill_and_restart();
  reads();
  EXPECT_LT(reads(), small / 4);
}

}  // namespace
}  // namespace chaos::test
