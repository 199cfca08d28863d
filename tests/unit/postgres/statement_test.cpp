// Statements on a database file, from their text to their rows or their error.
#include "postgres/sql/sql_coerce.hpp"
#include "postgres/store/row_run.hpp"
#include "postgres/store/schema_types.hpp"
#include "postgres/store/table_info.hpp"
#include "support/process.hpp"
#include "unit/postgres/fake_facts.hpp"

#include <gtest/gtest.h>

namespace chaos::pg {
namespace {

class Statement : public testing::Test {
 protected:
  Statement() : handle(Handle::open(dir.path() / "test.db", {}, facts, error)) {}

  // The rows as text with '|' between values, lines apart; or the SQLSTATE.
  std::string run(std::string_view sql, const std::vector<BoundValue>& values = {}) {
    std::vector<StatementText> statements;
    std::vector<std::int32_t> types;
    error = {};
    EXPECT_TRUE(split_statements(sql, statements, error)) << sql;
    HandleSchema schema(*handle);
    EXPECT_TRUE(coerce_values(statements.at(0).tokens, schema, types, error)) << error.message;
    Plan plan;
    if (!make_plan(statements[0], plan, error)) return error.sqlstate;
    std::string text;
    for (const std::string& each : plan.sql) {
      RowRun rows;
      std::string out;
      if (!rows.open(*handle, plan, each, values, error)) return error.sqlstate;
      if (rows.run(out, 1 << 20, {}) != RowRun::Step::done) return error = rows.error(), error.sqlstate;
      text += lines(out);
    }
    return text;
  }

  static std::string lines(const std::string& messages) {
    std::string text;
    for (std::string_view rest = messages; !rest.empty();) {
      const auto length = static_cast<std::size_t>(Reader(rest.substr(1, 4)).int32());
      std::vector<std::optional<std::string>> row;
      EXPECT_TRUE(parse_data_row(rest.substr(5, length - 4), row));
      for (std::size_t i = 0; i < row.size(); ++i) text += (i > 0 ? "|" : "") + row[i].value_or("null");
      text += "\n";
      rest.remove_prefix(length + 1);
    }
    return text;
  }

  test::TempDir dir;
  FakeFacts facts;
  ServerError error;
  std::unique_ptr<Handle> handle;
};

TEST_F(Statement, LiteralsAndParametersTakeTheTypeOfTheirColumn) {
  run("create table t(id serial primary key, active boolean default true, made timestamptz, name varchar(4), n int)");
  EXPECT_EQ(run("insert into t(active, made, name) values ('f', '2026-03-01 10:00+02', 'abcd') returning active, made"), "f|2026-03-01 08:00:00+00\n");
  EXPECT_EQ(run("insert into t values (default, default, null, 'x', 7) returning *"), "2|t|null|x|7\n");
  EXPECT_EQ(run("insert into t values (5) returning id, active"), "5|t\n");
  EXPECT_EQ(run("update t set active = 'no', n = $1 where id = $2 returning active, n", {{"8", oid::kInt4}, {"2", oid::kInt4}}), "f|8\n");
  EXPECT_EQ(run("insert into t(name) values ('abcde')"), "22001");
  EXPECT_EQ(run("insert into t(n) values ('x')"), "22P02");
  EXPECT_EQ(run("insert into t(n) values (99999999999)"), "22003");
  EXPECT_EQ(run("insert into t(made) values ('soon')"), "22007");
}

TEST_F(Statement, ViolatedConstraintsAreNamed) {
  run("create table t(id int primary key, name text unique, n int check (n < 10))");
  run("create unique index t_n on t(n)");
  run("insert into t values (1, 'a', 1)");
  EXPECT_EQ(run("insert into t values (1, 'b', 2)"), "23505");
  EXPECT_EQ(error.constraint, "t_pkey");
  EXPECT_EQ(run("insert into t(id, name) values (2, 'a')"), "23505");
  EXPECT_EQ(error.constraint, "t_name_key");
  EXPECT_EQ(error.detail, "Key (name)=(a) already exists.");
  EXPECT_EQ(run("insert into t(id, n) values (3, $1)", {{"1", oid::kInt4}}), "23505");
  EXPECT_EQ(error.constraint, "t_n");
  EXPECT_EQ(error.detail, "Key (n)=(1) already exists.");
  EXPECT_EQ(run("insert into t(id, n) values (4, 50)"), "23514");
  EXPECT_EQ(error.message, "new row for relation \"t\" violates check constraint \"t_n_check\"");
}

TEST_F(Statement, ErrorsPointIntoTheQuery) {
  EXPECT_EQ(run("select 1::int, nocolumn from (select 2) x"), "42703");
  EXPECT_EQ(error.position, 16);
  EXPECT_EQ(run("select * from nowhere"), "42P01");
  EXPECT_EQ(error.position, 15);
}

TEST_F(Statement, AFullDiskIsToldAsSuch) {
  run("create table t(a text)");
  ASSERT_TRUE(handle->exec("PRAGMA max_page_count = 1", error));      // no more than there are
  EXPECT_EQ(run("insert into t select repeat('x', 1000) from generate_series(1, 1000)"), "53100");
  EXPECT_EQ(error.hint, "Check free disk space.");
  EXPECT_EQ(run("select count(*) from t"), "0\n");
}

TEST_F(Statement, ColumnsAreDescribedAnewAfterAChangeOfTheSchema) {
  run("create table t(a boolean)");
  run("insert into t values (true)");
  EXPECT_EQ(run("select * from t"), "t\n");
  run("alter table t add column b boolean default false");
  EXPECT_EQ(run("select * from t"), "t|f\n");
}

TEST_F(Statement, RowCountsBelowZeroAreRefusedWhenTheyAreKnown) {
  run("create table t(n int)");
  run("insert into t values (1), (2), (3)");
  EXPECT_EQ(run("select n from t limit 2 - 3"), "2201W");
  EXPECT_EQ(run("select n from t offset -1"), "2201X");
  EXPECT_EQ(run("select n from t limit $1 offset $2", {{"1", oid::kInt8, 0}, {"1", oid::kInt8, 0}}), "2\n");
  EXPECT_EQ(run("select n from t limit $1", {{"-1", oid::kInt8, 0}}), "2201W");
  EXPECT_EQ(run("select n from t limit null offset null"), "1\n2\n3\n");
  EXPECT_EQ(run("select n from t limit 'x'"), "22P02");
}

TEST_F(Statement, AFunctionThatIsNotThereIsNamedWithItsArguments) {
  run("create table t(n int, s text)");
  EXPECT_EQ(run("select nope(n, s, 1.5, 'x') from t"), "42883");
  EXPECT_EQ(error.message, "function nope(integer, text, numeric, unknown) does not exist");
  EXPECT_EQ(error.position, 8);
  EXPECT_EQ(run("update t set n = nope(s)"), "42883");
  EXPECT_EQ(error.message, "function nope(text) does not exist");
  EXPECT_EQ(run("select 1 from pg_catalog.nope(true) x"), "42883");
  EXPECT_EQ(error.message, "function pg_catalog.nope(boolean) does not exist");
  EXPECT_EQ(run("select 1 from nope"), "42P01");
}

TEST(Integers, FitTheirColumnsOrAreOutOfRange) {
  const std::vector<int> bytes{2, 4, 8, 0};
  const auto told = [&](std::vector<ChangeValue> values) {
    ServerError error;
    const Change change{ChangeOp::put, "t", 1, std::move(values)};
    return integers_fit(bytes, change, error) ? "" : error.sqlstate + " " + error.message;
  };
  const auto whole = [](std::int64_t n) { return ChangeValue{n}; };
  EXPECT_EQ(told({whole(-32768), whole(2147483647), whole(INT64_MIN), whole(1)}), "");
  EXPECT_EQ(told({std::monostate{}, std::monostate{}, std::monostate{}}), "");
  EXPECT_EQ(told({whole(32768)}), "22003 smallint out of range");
  EXPECT_EQ(told({whole(0), whole(-2147483649)}), "22003 integer out of range");
  EXPECT_EQ(told({whole(0), whole(0), 9.3e18}), "22003 bigint out of range");
  EXPECT_EQ(told({whole(0), whole(0), whole(0), 9.3e18}), "");
}

TEST(Numerics, FitTheirColumnsAndAreRounded) {
  const std::vector<int> limits{(5 << 16 | 2) + 4, 0};
  const auto told = [&](ChangeValue value) {
    ServerError error;
    const Change change{ChangeOp::put, "t", 1, {value, 0.001}};
    return numerics_fit(limits, change, error) ? "" : error.sqlstate + " " + error.detail;
  };
  EXPECT_EQ(told(999.99), "");
  EXPECT_EQ(told(std::int64_t{10}), "");
  EXPECT_EQ(told(std::monostate{}), "");
  EXPECT_EQ(told(1000.0), "22003 A field with precision 5, scale 2 must round to an absolute value less than 10^3.");
  EXPECT_EQ(told(1.005), "0A000 ");
}

}  // namespace
}  // namespace chaos::pg
