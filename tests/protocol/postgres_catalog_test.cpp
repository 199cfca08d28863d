// psql's backslash commands and the catalog behind them. The expected texts are what PostgreSQL 15 prints of the same tables.
#include "support/compat.hpp"
#include "support/process.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace chaos::test {
namespace {

class PostgresCatalog : public testing::Test {
 protected:
  PostgresCatalog() : node("postgres", 5432, R"({"config":{"postgres":{"items":100}}})") {
    psql("create index orders_item on orders(item_id); create unique index orders_u on orders(item_id, id desc) where quantity > 1; "
         "create view v as select * from orders");
  }
  // Commands as a script, so that backslashes need no quotes.
  std::string psql(const std::string& script, const std::string& flags = "", const std::string& user = "postgres") {
    const std::string file = (dir.path() / "script.sql").string();
    std::ofstream(file) << script << "\n";
    return sh("psql -h " + node.address() + " -U " + user + " -d shop -X " + flags + " -f " + file).out;
  }
  std::string value(const std::string& sql) { return psql(sql, "-At"); }
  bool holds(const std::string& condition) { return value("select case when " + condition + " then 'yes' else 'no' end") == "yes\n"; }

  TempDir dir;
  LoneNode node;
};

TEST_F(PostgresCatalog, ATableIsDescribedAsPostgresDescribesIt) {
  compat("PostgreSQL", "psql", "\\d TABLE, \\d INDEX, \\d VIEW", Compat::works, "the same text as PostgreSQL 15 prints");
  EXPECT_EQ(psql("\\d orders"),
            "                                       Table \"public.orders\"\n"
            "   Column   |           Type           | Collation | Nullable |              Default               \n"
            "------------+--------------------------+-----------+----------+------------------------------------\n"
            " id         | integer                  |           | not null | nextval('orders_id_seq'::regclass)\n"
            " item_id    | integer                  |           | not null | \n"
            " quantity   | integer                  |           | not null | 1\n"
            " state      | text                     |           | not null | 'new'::text\n"
            " created_at | timestamp with time zone |           | not null | now()\n"
            "Indexes:\n"
            "    \"orders_pkey\" PRIMARY KEY, btree (id)\n"
            "    \"orders_item\" btree (item_id)\n"
            "    \"orders_u\" UNIQUE, btree (item_id, id DESC) WHERE quantity > 1\n\n");
  EXPECT_EQ(psql("\\d orders_item"),
            "      Index \"public.orders_item\"\n"
            " Column  |  Type   | Key? | Definition \n"
            "---------+---------+------+------------\n"
            " item_id | integer | yes  | item_id\n"
            "btree, for table \"public.orders\"\n\n");
  EXPECT_TRUE(has(psql("\\d v"), "View \"public.v\"")) << psql("\\d v");
  EXPECT_TRUE(has(psql("\\d pg_stat_activity"), " backend_type     | text                     |"));
  EXPECT_TRUE(has(psql("\\d nosuch"), "Did not find any relation named \"nosuch\"."));
}

TEST_F(PostgresCatalog, RelationsAreListedWithTheirSizes) {
  compat("PostgreSQL", "psql", "\\d, \\dt, \\di, \\dv, \\ds and with +", Compat::works,
         "sizes are those of SQLite's pages; the index of a whole-number primary key is the table itself and has 0 bytes");
  EXPECT_EQ(psql("\\d"),
            "             List of relations\n"
            " Schema |     Name      |   Type   | Owner \n"
            "--------+---------------+----------+-------\n"
            " public | items         | table    | shop\n"
            " public | orders        | table    | shop\n"
            " public | orders_id_seq | sequence | shop\n"
            " public | v             | view     | shop\n"
            "(4 rows)\n\n");
  EXPECT_TRUE(has(psql("\\di"), " public | orders_u    | index | shop  | orders\n"));
  const std::string tables = psql("\\dt+");
  EXPECT_TRUE(has(tables, "permanent   | heap          | ")) << tables;
  EXPECT_TRUE(has(psql("\\di+"), "btree"));
  // A size is of real pages: it grows with the rows.
  const long before = std::stol(value("select pg_relation_size('orders')"));
  psql("insert into orders(item_id, state) select generate_series, 'a state that takes some room' from generate_series(1, 5000)");
  EXPECT_GT(std::stol(value("select pg_relation_size('orders')")), before + 5000 * 30);
  EXPECT_TRUE(holds("pg_total_relation_size('orders') = pg_table_size('orders') + pg_indexes_size('orders')"));
  EXPECT_EQ(value("select pg_relation_size('nowhere')").find("psql:"), 0u);
}

TEST_F(PostgresCatalog, DatabasesRolesAndSchemas) {
  compat("PostgreSQL", "psql", "\\l, \\l+", Compat::differs, "one database, shop; postgres leads to it as well");
  compat("PostgreSQL", "psql", "\\du, \\dn, \\dx, \\df, \\db, \\dp, \\dT");
  EXPECT_TRUE(has(psql("\\l"), " shop | shop  | UTF8     | C.UTF-8 | C.UTF-8 |            | libc            | \n"));
  EXPECT_TRUE(has(psql("\\l+"), "pg_default"));
  const std::string roles = psql("\\du");
  EXPECT_TRUE(has(roles, " postgres  | Superuser, Create role, Create DB, Replication, Bypass RLS |")) << roles;
  EXPECT_TRUE(has(roles, " shop      | ")) << roles;
  EXPECT_TRUE(has(psql("\\dn"), " public | pg_database_owner\n"));
  EXPECT_TRUE(has(psql("\\dx"), " pg_stat_statements | 1.10    | public | track planning"));
  EXPECT_TRUE(has(psql("\\df"), "(0 rows)"));
  EXPECT_TRUE(has(psql("\\db"), " pg_default | postgres | "));
  EXPECT_TRUE(has(psql("\\dp"), " public | orders        | table    | "));
  const std::string refused = sh("psql -h " + node.address() + " -U shop -d elsewhere -c 'select 1'").out;
  EXPECT_TRUE(has(refused, "FATAL:  database \"elsewhere\" does not exist")) << refused;
}

TEST_F(PostgresCatalog, PsqlsOwnCommandsWork) {
  compat("PostgreSQL", "psql", "\\x, \\conninfo, \\timing, \\watch, \\dconfig");
  EXPECT_TRUE(has(psql("\\x\nselect 1 as a, 'two' as b"), "-[ RECORD 1 ]\na | 1\nb | two\n"));
  EXPECT_EQ(psql("\\conninfo"), "You are connected to database \"shop\" as user \"postgres\" on host \"" + node.address() + "\" at port \"5432\".\n");
  EXPECT_TRUE(has(psql("\\timing on\nselect 1"), "Time: "));
  EXPECT_TRUE(has(psql("\\dconfig max_connections"), " max_connections | 100\n"));
  // \watch asks again and again until its client is interrupted.
  const std::string watched = sh("timeout -s INT 2 psql -h " + node.address() + " -U shop -d shop -X -c '\\pset format unaligned' -f - <<< 'select now() \\watch 0.2' || true").out;
  std::size_t answers = 0;
  for (std::size_t at = watched.find("(1 row)"); at != std::string::npos; at = watched.find("(1 row)", at + 1)) ++answers;
  EXPECT_GE(answers, 2u) << watched;
}

TEST_F(PostgresCatalog, TheStandardsViewsTellTheSame) {
  compat("PostgreSQL", "Views", "information_schema.tables, .columns, .views, .schemata");
  compat("PostgreSQL", "Views", "pg_class, pg_attribute, pg_index, pg_constraint, pg_attrdef, pg_namespace, pg_am, pg_type, pg_sequences");
  compat("PostgreSQL", "Views", "pg_tables, pg_views, pg_indexes, pg_database, pg_roles, pg_user, pg_tablespace, pg_extension");
  EXPECT_EQ(value("select table_name, table_type from information_schema.tables where table_schema = 'public' order by 1"),
            "items|BASE TABLE\norders|BASE TABLE\nv|VIEW\n");
  EXPECT_EQ(value("select column_name, data_type, is_nullable, column_default from information_schema.columns where table_name = 'orders' order by ordinal_position"),
            "id|integer|NO|nextval('orders_id_seq'::regclass)\nitem_id|integer|NO|\nquantity|integer|NO|1\nstate|text|NO|'new'::text\n"
            "created_at|timestamp with time zone|NO|now()\n");
  EXPECT_EQ(value("select indexdef from pg_indexes where indexname = 'orders_u'"),
            "CREATE UNIQUE INDEX orders_u ON public.orders USING btree (item_id, id DESC) WHERE (quantity > 1)\n");
  EXPECT_EQ(value("select conname, contype, pg_get_constraintdef(oid) from pg_constraint order by 1"),
            "items_pkey|p|PRIMARY KEY (id)\norders_pkey|p|PRIMARY KEY (id)\n");
  EXPECT_EQ(value("select relname, relkind from pg_class where oid = 'orders'::regclass"), "orders|r\n");
  EXPECT_EQ(value("select usename, usesuper from pg_user where usename in ('postgres', 'shop') order by 1"), "postgres|t\nshop|f\n");
  EXPECT_EQ(value("select typname from pg_type where oid = 1184"), "timestamptz\n");
  psql("insert into orders(item_id) values (1), (2)");
  EXPECT_EQ(value("select last_value from pg_sequences where sequencename = 'orders_id_seq'"), "2\n");
}

TEST_F(PostgresCatalog, FunctionsAboutTheServerAnswerFromWhatItIs) {
  compat("PostgreSQL", "Functions", "version(), current_database(), current_user, session_user, pg_backend_pid(), inet_server_addr(), inet_client_addr()");
  compat("PostgreSQL", "Functions", "pg_size_pretty(), pg_database_size(), pg_relation_size(), pg_table_size(), pg_indexes_size(), pg_total_relation_size()");
  compat("PostgreSQL", "Functions", "pg_postmaster_start_time(), pg_conf_load_time(), txid_current(), pg_is_in_recovery(), pg_current_wal_lsn(), pg_wal_lsn_diff()");
  EXPECT_EQ(value("select current_database(), current_user, session_user"), "shop|postgres|postgres\n");
  EXPECT_EQ(value("select inet_server_addr()"), node.address() + "\n");
  EXPECT_EQ(value("select pg_size_pretty(10239), pg_size_pretty(10240), pg_size_pretty(10485247), pg_size_pretty(20971520)"), "10239 bytes|10 kB|10239 kB|20 MB\n");
  EXPECT_TRUE(holds("pg_database_size('shop') > 8192 and pg_postmaster_start_time() <= pg_conf_load_time() and now() - pg_postmaster_start_time() < interval '5 minutes'"));
  const long transaction = std::stol(value("select txid_current()"));
  psql("insert into orders(item_id) values (1)");
  EXPECT_EQ(std::stol(value("select txid_current()")), transaction + 1);
  EXPECT_EQ(value("select pg_is_in_recovery()"), "f\n");
  EXPECT_EQ(value("select count(*) from pg_stat_activity where pid = pg_backend_pid() and state = 'active' and backend_type = 'client backend' and "
                  "query_id is not null and leader_pid is null and xact_start is not null"), "1\n");
}

TEST_F(PostgresCatalog, SessionsOfOthersAreReachedByTheirRoleAndByASuperuserOnly) {
  compat("PostgreSQL", "Functions", "pg_terminate_backend(), pg_cancel_backend()");
  compat("PostgreSQL", "Functions", "pg_sleep()", Compat::works, "other sessions and /metrics are served meanwhile");
  Child sleeper({"/usr/bin/psql", "-h", node.address(), "-U", "postgres", "-d", "shop", "-c", "select pg_sleep(60)"}, dir.path() / "log");
  ASSERT_TRUE(eventually([&] { return value("select count(*) from pg_stat_activity where query like 'select pg_sleep(60%' and state = 'active'") == "1\n"; }));
  const std::string target = "((select pid from pg_stat_activity where query like 'select pg_sleep(60%'))";
  EXPECT_TRUE(has(psql("select pg_terminate_backend" + target, "-At -v VERBOSITY=verbose", "shop"), "42501: must be a superuser to terminate superuser process"));
  EXPECT_EQ(value("select pg_cancel_backend" + target), "t\n");
  EXPECT_EQ(sleeper.wait(), 1);
  EXPECT_TRUE(has(sh("cat " + (dir.path() / "log").string()).out, "canceling statement due to user request"));
  EXPECT_TRUE(value("select pg_terminate_backend(999999)").ends_with("WARNING:  PID 999999 is not a PostgreSQL backend process\nf\n"));
}

}  // namespace
}  // namespace chaos::test
