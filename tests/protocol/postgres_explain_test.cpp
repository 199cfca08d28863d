// EXPLAIN, and the index that cures a slow scan.
#include "protocol/postgres_client.hpp"

namespace chaos::test {
namespace {

class PostgresExplain : public PostgresNode {
 protected:
  // Milliseconds that psql's \timing shows for the last statement.
  double timed(const std::string& sql) const {
    const std::string out = psql("\\timing on\n" + sql + "\n");
    const std::size_t at = out.rfind("Time: ");
    return at == std::string::npos ? -1 : std::atof(out.c_str() + at + 6);
  }
};

TEST_F(PostgresExplain, AMissingIndexIsASlowScanAndCreateIndexConcurrentlyCuresIt) {
  compat("PostgreSQL", "EXPLAIN", "Seq Scan and Index Scan as SQLite really runs them; CREATE INDEX [CONCURRENTLY] changes plan and time");
  psql("create table big as select i as id, i % 1000 as owner, 'some text that makes the row longer ' || i as note from generate_series(1, 200000) i;");
  const std::string query = "select count(*), max(id) from big where owner = 7;";
  const std::string before = ask("explain " + query);
  EXPECT_TRUE(has(before, "Aggregate  (cost=")) << before;
  EXPECT_TRUE(has(before, "->  Seq Scan on big  (cost=0.00..")) << before;
  EXPECT_TRUE(has(before, "Filter: (owner = 7)")) << before;
  const double scan = std::min({timed(query), timed(query), timed(query)});
  EXPECT_EQ(ask("create index concurrently big_owner on big(owner)"), "CREATE INDEX");
  const std::string after = ask("explain " + query);
  EXPECT_TRUE(has(after, "Index Scan using big_owner on big")) << after;
  EXPECT_TRUE(has(after, "Index Cond: (owner = 7)")) << after;
  const double search = std::min({timed(query), timed(query), timed(query)});
  EXPECT_GT(scan, 4 * search) << "ms: " << scan << " before, " << search << " after";
  EXPECT_EQ(ask(query), "200|199007");
}

TEST_F(PostgresExplain, AnalyzeRunsAndTellsRealRowsAndTime) {
  compat("PostgreSQL", "EXPLAIN", "ANALYZE: real rows and times to the first row and to the end, Rows Removed by Filter, Planning Time, Execution Time; pg_stat_user_tables and _indexes count the run");
  compat("PostgreSQL", "EXPLAIN", "ANALYZE of joins and of a plain count(*), BUFFERS", Compat::differs, "nodes below a join, and the scan below an aggregate over a whole table, show the estimate alone; buffers are not told");
  const std::string out = ask("explain analyze select * from items where stock > 100 order by price_cents");
  const std::string rows = ask("select count(*) from items where stock > 100");
  EXPECT_TRUE(has(out, "Sort  (cost=")) << out;
  EXPECT_TRUE(has(out, "Sort Key: price_cents")) << out;
  EXPECT_TRUE(has(out, "rows=" + rows + " loops=1)")) << out;
  EXPECT_TRUE(has(out, "Planning Time: ")) << out;
  EXPECT_TRUE(has(out, "Execution Time: ")) << out;
  EXPECT_EQ(psql("begin; explain analyze delete from items where id = 5; select count(*) from items; rollback; select count(*) from items;", "-Atq").find("Delete on items"), 0u);
  EXPECT_EQ(ask("select count(*) from items"), "100");
}

TEST_F(PostgresExplain, AnalyzeTellsWhatTheFilterTookAndWhenTheFirstRowCame) {
  psql("create table big as select i as id, i % 1000 as owner from generate_series(1, 20000) i;");
  const std::string plan = file("read.py", R"(import json, sys
def walk(node):
    yield node
    for child in node.get("Plans", []): yield from walk(child)
for node in walk(json.load(open(sys.argv[1]))[0]["Plan"]):
    first, end = node["Actual Startup Time"], node["Actual Total Time"]
    print(node["Node Type"], node["Actual Rows"], node.get("Rows Removed by Filter"), 0 < first <= end, first < end or not node["Node Type"].endswith("Scan"))
)");
  const auto nodes = [&](const std::string& sql) { return sh("/usr/bin/python3 " + plan + " " + file("plan.json", ask("explain (analyze, format json) " + sql))).out; };
  EXPECT_EQ(nodes("select * from big where owner = 7"), "Seq Scan 20 19980 True True\n");
  EXPECT_EQ(nodes("select count(*) from big where owner = 7"), "Aggregate 1 None True True\nSeq Scan 20 19980 True True\n");
  EXPECT_TRUE(has(nodes("select * from big where owner = 7 order by id desc limit 2"), "Limit 2 None True True\nSort 2 None True True\nSeq Scan 20 19980 True True\n"));
  EXPECT_EQ(nodes("select * from big where owner = 7 limit 3"), "Limit 3 None True True\nSeq Scan 3 2004 True True\n");
  psql("create index on big(owner);");
  EXPECT_TRUE(has(ask("explain analyze select * from big where owner = 7 and id > 15000"), "Rows Removed by Filter: 15\n"));
  EXPECT_EQ(ask("select seq_scan, seq_tup_read, idx_scan, idx_tup_fetch from pg_stat_user_tables where relname = 'big'"), "4|62007|1|5");
  EXPECT_EQ(ask("select idx_scan, idx_tup_read from pg_stat_user_indexes where indexrelname = 'big_owner_idx'"), "1|5");
}

TEST_F(PostgresExplain, JoinsAndJson) {
  compat("PostgreSQL", "EXPLAIN", "Nested Loop, Sort, Limit, HashAggregate, FORMAT JSON, COSTS OFF");
  const std::string join = ask("explain (costs off) select i.name from orders o join items i on i.id = o.item_id where o.id = 3");
  EXPECT_TRUE(has(join, "Nested Loop\n  ->  Index Scan using orders_pkey on orders o")) << join;
  EXPECT_TRUE(has(join, "  ->  Index Scan using items_pkey on items i")) << join;
  const std::string json = ask("explain (format json, analyze) select * from items where id = 1");
  const std::string read = sh("/usr/bin/python3 -c 'import json,sys; p=json.load(open(sys.argv[1]))[0]; print(p[\"Plan\"][\"Node Type\"], p[\"Plan\"][\"Index Name\"], p[\"Plan\"][\"Actual Rows\"])' " +
                              file("plan.json", json)).out;
  EXPECT_EQ(read, "Index Scan items_pkey 1\n") << json;
}

TEST_F(PostgresExplain, MaintenanceHasRealEffects) {
  compat("PostgreSQL", "Maintenance", "TRUNCATE, ANALYZE, REINDEX, CHECKPOINT");
  compat("PostgreSQL", "Maintenance", "VACUUM", Compat::differs, "refreshes the planner's statistics; free pages are used again without it, and FULL does not shrink the file");
  psql("create table t(a int, b int); insert into t select i, i % 10 from generate_series(1, 1000) i; create index t_b on t(b);");
  EXPECT_EQ(psql("checkpoint", "-At -U postgres"), "CHECKPOINT\n");
  EXPECT_EQ(psql("vacuum analyze t; analyze; reindex table t; truncate table t; select count(*) from t;"), "VACUUM\nANALYZE\nREINDEX\nTRUNCATE TABLE\n0\n");
  EXPECT_EQ(ask("select stat from sqlite_stat1 where idx = 't_b'"), "1000 100");
  EXPECT_TRUE(has(psql("vacuum nowhere;"), "42P01: relation \"nowhere\" does not exist"));
}

}  // namespace
}  // namespace chaos::test
