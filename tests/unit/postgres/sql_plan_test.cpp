#include "postgres/sql_plan.hpp"

#include <gtest/gtest.h>

namespace chaos::pg {
namespace {

Plan plan_of(std::string_view sql) {
  std::vector<StatementText> statements;
  ServerError error;
  Plan plan;
  EXPECT_TRUE(split_statements(sql, statements, error)) << sql;
  EXPECT_TRUE(make_plan(statements.at(0), plan, error)) << sql << ": " << error.message;
  return plan;
}

std::string sqlite(std::string_view sql) {
  const Plan plan = plan_of(sql);
  return plan.sql.empty() ? "" : plan.sql[0];
}

std::string refusal(std::string_view sql) {
  std::vector<StatementText> statements;
  ServerError error;
  Plan plan;
  EXPECT_TRUE(split_statements(sql, statements, error));
  EXPECT_FALSE(make_plan(statements.at(0), plan, error)) << sql;
  return error.sqlstate;
}

TEST(SqlPlan, ParametersAreNumberedAndTypedByTheirCasts) {
  const Plan plan = plan_of("select * from items where id = $2::int8 and name = $1");
  EXPECT_EQ(plan.sql[0], "select * from items where id = CAST ( ?2 AS INTEGER ) and name = ?1");
  EXPECT_EQ(plan.parameters, 2);
  EXPECT_EQ(plan.types, (std::vector<std::int32_t>{0, oid::kInt8}));
}

TEST(SqlPlan, CastsBindToTheirOperand) {
  EXPECT_EQ(sqlite("select a.b::text"), "select CAST ( a.b AS TEXT )");
  EXPECT_EQ(sqlite("select (1 + 2)::float8"), "select CAST ( ( 1 + 2 ) AS REAL )");
  EXPECT_EQ(sqlite("select count(*)::int"), "select CAST ( count ( * ) AS INTEGER )");
  EXPECT_EQ(sqlite("select '1'::character varying(20)::int4"), "select CAST ( CAST ( '1' AS TEXT ) AS INTEGER )");
  EXPECT_EQ(sqlite("select cast(x as timestamp with time zone)"), "select CAST ( ( x ) AS TEXT )");
}

TEST(SqlPlan, SchemasAreDroppedAndOperatorsRenamed) {
  EXPECT_EQ(sqlite("select 1 from public.items where a ilike 'x%'"), "select 1 from items where a MATCH 'x%'");
  EXPECT_EQ(sqlite("select 1 where a operator(pg_catalog.~) '^b$' collate pg_catalog.default"), "select 1 where a REGEXP '^b$'");
  EXPECT_EQ(sqlite("select 1 where a !~ 'b'"), "select 1 where a NOT REGEXP 'b'");
}

TEST(SqlPlan, AnyOfAnArrayIsAList) {
  EXPECT_EQ(sqlite("select 1 where id = any($1)"), "select 1 where id IN ( SELECT value FROM json_each ( pg_array_json ( ?1 ) ) )");
  EXPECT_EQ(sqlite("select 1 where id = any(array[1, 2]) and a = 3"), "select 1 where id IN ( 1 , 2 ) and a = 3");
}

TEST(SqlPlan, TimesAreAddedAndSubtractedByFunctions) {
  EXPECT_EQ(sqlite("select now() - query_start"), "select age ( now ( ) , query_start )");
  EXPECT_EQ(sqlite("select a - interval '5 min'"), "select pg_time_add ( a , '-' , pg_interval('5 min') )");
  EXPECT_EQ(sqlite("select stock - 1"), "select stock - 1");
}

TEST(SqlPlan, KnowsWhatReadsTheServersMemory) {
  EXPECT_TRUE(plan_of("select * from pg_stat_activity").catalog);
  EXPECT_TRUE(plan_of("select pg_is_in_recovery()").catalog);
  EXPECT_FALSE(plan_of("select pg_sleep(1)").catalog);
  EXPECT_FALSE(plan_of("select * from items").catalog);
}

TEST(SqlPlan, LocksAndLimits) {
  const Plan plan = plan_of("select * from items limit all for update skip locked");
  EXPECT_EQ(plan.sql[0], "select * from items");
  EXPECT_TRUE(plan.locks);
}

TEST(SqlPlan, Definitions) {
  EXPECT_EQ(sqlite("create table t(id bigserial primary key, at timestamp with time zone default now()) with (fillfactor=90)"),
            "create table t ( id integer primary key autoincrement , at timestamptz DEFAULT ( now ( ) ) )");
  EXPECT_EQ(sqlite("create table t(id bigint generated always as identity primary key)"),
            "create table t ( id integer primary key autoincrement )");
  EXPECT_EQ(sqlite("alter table only t add constraint x primary key (a, b)"), "CREATE UNIQUE INDEX \"t_pkey\" ON \"t\"( a , b )");
  EXPECT_EQ(plan_of("drop table if exists a, b cascade").sql,
            (std::vector<std::string>{"DROP TABLE IF EXISTS \"a\"", "DROP TABLE IF EXISTS \"b\""}));
  EXPECT_EQ(plan_of("truncate table a").tag, "TRUNCATE TABLE");
}

TEST(SqlPlan, VerbsAndTags) {
  EXPECT_EQ(plan_of("with x as (select 1) insert into t select * from x").verb, Verb::insert);
  EXPECT_EQ(plan_of("with x as (delete from t returning a) select * from x").verb, Verb::select);
  EXPECT_EQ(plan_of("insert into t values (1)").tag, "INSERT 0");
  EXPECT_EQ(plan_of("start transaction isolation level repeatable read").snapshot, true);
  EXPECT_EQ(plan_of("begin read only").read_only, true);
  EXPECT_EQ(plan_of("rollback to savepoint a").name, "a");
  EXPECT_EQ(plan_of("release b").verb, Verb::release);
  EXPECT_EQ(plan_of("set session lock_timeout = '5s'").value, "5s");
  EXPECT_EQ(plan_of("show time zone").name, "timezone");
  EXPECT_EQ(plan_of("vacuum analyze items").verb, Verb::nothing);
  EXPECT_EQ(plan_of("explain (analyze) select 1").sql[0], "EXPLAIN QUERY PLAN select 1");
}

TEST(SqlPlan, SqlitesOwnCommandsAreNotForClients) {
  EXPECT_EQ(refusal("pragma journal_mode"), "42601");
  EXPECT_EQ(refusal("attach 'x' as y"), "42601");
  EXPECT_EQ(refusal("create trigger x"), "42601");
  EXPECT_EQ(refusal("create temp table x(a int)"), "0A000");
  EXPECT_EQ(refusal("copy items from stdin"), "0A000");
}

}  // namespace
}  // namespace chaos::pg
