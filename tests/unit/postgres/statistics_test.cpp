#include "postgres/catalog/catalog.hpp"
#include "postgres/sql/catalog_types.hpp"
#include "postgres/sql/query_id.hpp"
#include "postgres/state/change_record.hpp"
#include "postgres/state/statistics.hpp"
#include "postgres/store/relations.hpp"
#include "postgres/store/schema.hpp"
#include "unit/postgres/fake_facts.hpp"

#include "support/process.hpp"

#include <gtest/gtest.h>

namespace chaos::pg {
namespace {

std::int64_t id_of(std::string_view sql) {
  std::vector<StatementText> statements;
  ServerError error;
  EXPECT_TRUE(split_statements(sql, statements, error));
  return query_id(statements.at(0).tokens, false);
}

TEST(QueryIds, ConstantsMakeNoDifference) {
  EXPECT_EQ(id_of("select * from t where a = 1"), id_of("SELECT * FROM t\n WHERE a = 'x'"));
  EXPECT_NE(id_of("select * from t where a = 1"), id_of("select * from t where b = 1"));
}

TEST(QueryIds, TheTextIsShownWithoutItsConstants) {
  EXPECT_EQ(normalized_query("select 'it''s', 5, a5 from t where x=E'\\'' and y = $1 and z = 1.5"), "select $2, $3, a5 from t where x=$4 and y = $1 and z = $5");
  EXPECT_EQ(normalized_query("select $x$ 1 $x$ || 2"), "select $1 || $2");
  EXPECT_EQ(normalized_query("select 'open"), "select 'open");
}

TEST(StatementStatsTest, FiguresAreThoseOfTheRuns) {
  StatementStats stats(7);
  const auto text = [] { return std::string("q"); };
  for (const double ms : {1.0, 2.0, 6.0}) stats.record({1, 2}, ms, 4, text);
  const StatementCounts& counts = stats.all().at({1, 2});
  EXPECT_EQ(counts.calls, 3);
  EXPECT_EQ(counts.rows, 12);
  EXPECT_DOUBLE_EQ(counts.total_ms, 9);
  EXPECT_DOUBLE_EQ(counts.min_ms, 1);
  EXPECT_DOUBLE_EQ(counts.max_ms, 6);
  EXPECT_DOUBLE_EQ(counts.mean_ms, 3);
  EXPECT_NEAR(counts.stddev_ms(), 2.160247, 1e-6);
}

TEST(StatementStatsTest, TheLeastUsedGoWhenThereAreTooMany) {
  StatementStats stats(7, 40);
  const auto text = [] { return std::string("q"); };
  for (std::int64_t i = 0; i < 40; ++i) {
    for (std::int64_t n = 0; n <= i; ++n) stats.record({1, i + 1}, 1, 0, text);
  }
  stats.record({1, 99}, 1, 0, text);
  EXPECT_EQ(stats.all().size(), 39u);                // a twentieth went, one came
  EXPECT_FALSE(stats.all().contains({1, 1}));
  EXPECT_TRUE(stats.all().contains({1, 40}));
  EXPECT_EQ(stats.evictions(), 1);
  stats.reset({1, 40}, 8);
  EXPECT_FALSE(stats.all().contains({1, 40}));
  EXPECT_EQ(stats.reset_us(), 7);
  stats.reset({}, 9);
  EXPECT_TRUE(stats.all().empty());
  EXPECT_EQ(stats.reset_us(), 9);
}

TEST(ScanPlans, LinesOfThePlanAreTakenApart) {
  EXPECT_EQ(read_scan("SCAN orders").table, "orders");
  EXPECT_TRUE(read_scan("SEARCH items USING INTEGER PRIMARY KEY (rowid=?)").keyed);
  EXPECT_EQ(read_scan("SEARCH o USING INDEX orders_item (item_id=?)").index, "orders_item");
  EXPECT_EQ(read_scan("SCAN o USING COVERING INDEX orders_item").index, "orders_item");
  EXPECT_EQ(read_scan("SEARCH o USING AUTOMATIC COVERING INDEX (item_id=?)").index, "");
  EXPECT_EQ(read_scan("SCAN pg_stat_activity VIRTUAL TABLE INDEX 0:").table, "");
  EXPECT_EQ(read_scan("USE TEMP B-TREE FOR ORDER BY").table, "");
}

TEST(ScanPlans, AliasesStandForTheirTables) {
  std::vector<StatementText> statements;
  ServerError error;
  ASSERT_TRUE(split_statements("select * from orders o join items as i on i.id = o.item_id", statements, error));
  const auto scans = read_scans({"SCAN o", "SEARCH i USING INTEGER PRIMARY KEY (rowid=?)", "SCAN sub"}, statements[0].tokens,
                                [](const std::string& name) { return name == "orders" || name == "items"; });
  ASSERT_EQ(scans.size(), 2u);
  EXPECT_EQ(scans[0].table, "orders");
  EXPECT_EQ(scans[1].table, "items");
}

TEST(StatisticsTest, CommittedChangesAndScansAreCounted) {
  Statistics statistics(1);
  statistics.table("t").live = 10;
  std::string changes;
  append_change(changes, {ChangeOp::insert, "t", 1, {std::int64_t{1}}});
  append_change(changes, {ChangeOp::put, "t", 1, {std::int64_t{2}}});
  append_change(changes, {ChangeOp::erase, "t", 2, {}});
  append_change(changes, {ChangeOp::insert, "u", 1, {std::string_view("x")}});
  statistics.committed(changes);
  EXPECT_EQ(statistics.table("t").inserted, 1);
  EXPECT_EQ(statistics.table("t").updated, 1);
  EXPECT_EQ(statistics.table("t").deleted, 1);
  EXPECT_EQ(statistics.table("t").live, 10);
  EXPECT_EQ(statistics.table("u").inserted, 1);
  statistics.scanned({{"t", "", false}, {"t", "i", false}, {"t", "", true}}, {100, 3, true});
  EXPECT_EQ(statistics.table("t").seq_scan, 1);
  EXPECT_EQ(statistics.table("t").seq_tup_read, 100);
  EXPECT_EQ(statistics.table("t").idx_scan, 2);
  EXPECT_EQ(statistics.index("i").rows, 3);
  EXPECT_EQ(statistics.index(key_index("t")).scans, 1);
  statistics.reset(5);
  EXPECT_EQ(statistics.table("t").seq_scan, 0);
  EXPECT_EQ(statistics.table("t").live, 10);
}

TEST(CatalogTypes, DeclarationsAndTexts) {
  EXPECT_EQ(type_text(declared_type("varchar(20)").oid, declared_type("varchar(20)").modifier), "character varying(20)");
  EXPECT_EQ(type_text(declared_type("NUMERIC(10, 2)").oid, declared_type("NUMERIC(10, 2)").modifier), "numeric(10,2)");
  EXPECT_EQ(type_text(declared_type("char(3)").oid, declared_type("char(3)").modifier), "character(3)");
  EXPECT_EQ(type_text(declared_type("timestamptz").oid), "timestamp with time zone");
  EXPECT_EQ(type_text(1007), "integer[]");
  EXPECT_EQ(type_text(424242), "???");
}

class CatalogTest : public testing::Test {
 protected:
  CatalogTest() {
    ServerError error;
    handle = Handle::open(dir.path() / "shop.db", {}, facts, error);
    EXPECT_TRUE(handle && make_schema(*handle, 5, error)) << error.message;
  }
  test::TempDir dir;
  FakeFacts facts;
  std::unique_ptr<Handle> handle;
};

TEST_F(CatalogTest, EveryTableCanBeScannedAndNamesColumnsThatItHas) {
  for (const CatalogDefinition& d : catalog()) {
    ServerError error;
    const auto query = handle->internal("SELECT * FROM " + std::string(d.table->name), error);
    ASSERT_TRUE(query) << d.table->name << ": " << error.message;
    while (sqlite3_step(query.get()) == SQLITE_ROW) {}
    for (const CatalogRow& row : d.table->rows(*handle)) {
      for (const CatalogField& field : row) {
        const bool there = std::any_of(d.columns.begin(), d.columns.end(), [&](const CatalogColumn& c) { return c.name == field.column; });
        EXPECT_TRUE(there) << d.table->name << "." << field.column;
      }
    }
  }
}

TEST_F(CatalogTest, RelationsAreThoseThatPostgresWouldHave) {
  ServerError error;
  ASSERT_TRUE(handle->exec("CREATE TABLE t(a text PRIMARY KEY, b integer UNIQUE, \"C d\" integer DEFAULT 'x'); CREATE INDEX t_e ON t(lower(a), b DESC) WHERE b > 1", error)) << error.message;
  std::string names;
  for (const Relation& r : relations(*handle)) names += r.name + std::string(1, ' ') + r.kind + (r.primary ? "p" : r.unique ? "u" : "") + ",";
  EXPECT_EQ(names, "items r,orders r,t r,t_pkey ip,t_b_key iu,t_e i,items_pkey ip,orders_pkey ip,orders_id_seq S,");
  EXPECT_EQ(index_definition(*handle, *relation_of(*handle, "t_e"), false), "CREATE INDEX t_e ON public.t USING btree (lower(a), b DESC) WHERE (b > 1)");
  EXPECT_EQ(columns_of(*handle, *relation_of(*handle, "orders"))[0].preset, "nextval('orders_id_seq'::regclass)");
  EXPECT_EQ(quote_ident("C d"), "\"C d\"");
}

}  // namespace
}  // namespace chaos::pg
