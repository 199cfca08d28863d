#include "postgres/sql/sql_plan.hpp"

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
  EXPECT_EQ(plan.sql[0], "select * from items where id = pg_int8 ( ?2 ) and name = ?1");
  EXPECT_EQ(plan.parameters, 2);
  EXPECT_EQ(plan.types, (std::vector<std::int32_t>{0, oid::kInt8}));
}

TEST(SqlPlan, CastsBindToTheirOperand) {
  EXPECT_EQ(sqlite("select a.b::text"), "select CAST ( pg_shown ( a.b ) AS TEXT )");
  EXPECT_EQ(sqlite("select (1 + 2)::float8"), "select pg_float8 ( ( pg_plus ( 1 , 2 ) ) )");
  EXPECT_EQ(sqlite("select count(*)::int"), "select pg_int4 ( count ( * ) )");
  EXPECT_EQ(sqlite("select '1'::character varying(20)::int4"), "select pg_int4 ( CAST ( '1' AS TEXT ) )");
  EXPECT_EQ(sqlite("select cast(x as timestamp with time zone)"), "select pg_timestamptz ( ( x ) )");
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
  EXPECT_EQ(sqlite("select now() - query_start"), "select pg_minus ( now ( ) , query_start )");
  EXPECT_EQ(sqlite("select a - interval '5 min'"), "select pg_minus ( a , pg_interval('5 min') )");
  EXPECT_EQ(sqlite("select a * b - c / 2 + d"), "select pg_plus ( pg_minus ( a * b , c / 2 ) , d )");
  EXPECT_EQ(sqlite("select -a - -1, count(*) - 1"), "select pg_minus ( - a , - 1 ) , pg_minus ( count ( * ) , 1 )");
}

TEST(SqlPlan, DivisorsAreLookedAt) {
  EXPECT_EQ(sqlite("select a / b, a % 7, 1 / 0"), "select a / pg_divisor ( b ) , a % 7 , 1 / pg_divisor ( 0 )");
  EXPECT_EQ(sqlite("select 2 * interval '1 min'"), "select pg_times ( 2 , pg_interval('1 min') )");
}

TEST(SqlPlan, RowsAreCutInEitherOrder) {
  EXPECT_EQ(sqlite("select 1 offset 2 rows fetch first 3 rows only"), "select 1 limit 3 offset 2");
  EXPECT_EQ(sqlite("select 1 limit 5 for update"), "select 1 limit 5");
  EXPECT_EQ(sqlite("select 1 offset 2"), "select 1 limit -1 offset 2");
}

TEST(SqlPlan, SeriesAndDerivedTablesAreNamedByTheirAlias) {
  EXPECT_EQ(sqlite("select i from generate_series(1, 3) as i"),
            "select i from ( SELECT generate_series AS \"i\" FROM generate_series ( 1 , 3 ) ) AS \"i\"");
  EXPECT_EQ(sqlite("select x from (values (1)) as t(x)"), "select x from ( WITH \"t\"(\"x\") AS ( values ( 1 ) ) SELECT * FROM \"t\" ) AS \"t\"");
  EXPECT_EQ(sqlite("insert into t select generate_series(1, 3)"),
            "insert into t select pg_rows.\"generate_series\" from ( SELECT generate_series AS \"generate_series\" FROM generate_series ( 1 , 3 ) ) AS pg_rows");
}

TEST(SqlPlan, OrderedAggregates) {
  EXPECT_EQ(sqlite("select percentile_cont(0.95) within group (order by x desc)"), "select pg_percentile_cont ( 0.95 , x , 1 )");
  EXPECT_EQ(sqlite("select string_agg(a, ',' order by b)"), "select pg_string_agg ( a , ',' , b , 0 )");
}

TEST(SqlPlan, CopyReadsItsOptions) {
  const Plan plan = plan_of("copy items (id, name) from stdin with (format csv, header, delimiter ';', null '-')");
  EXPECT_EQ(plan.verb, Verb::copy_in);
  EXPECT_EQ(plan.copy->columns, (std::vector<std::string>{"\"id\"", "\"name\""}));
  EXPECT_TRUE(plan.copy->format.csv && plan.copy->format.header);
  EXPECT_EQ(plan.copy->format.delimiter, ';');
  EXPECT_EQ(plan.copy->format.null_text, "-");
  EXPECT_EQ(plan_of("copy (select 1) to stdout").verb, Verb::copy_out);
}

TEST(SqlPlan, StatementsWithinStatements) {
  EXPECT_EQ(plan_of("prepare p(int) as select $1").inner->types, std::vector<std::int32_t>{oid::kInt4});
  EXPECT_EQ(plan_of("execute p(1, 'a')").inner->sql[0], "select 1 , 'a'");
  EXPECT_EQ(plan_of("declare c cursor for select 1").verb, Verb::declare);
  EXPECT_EQ(plan_of("fetch forward 10 from c").count, 10);
  EXPECT_EQ(plan_of("create table a as select 1 as b").verb, Verb::create_as);
  EXPECT_EQ(plan_of("create table if not exists a(b int)").skips.at(0).notice.message, "relation \"a\" already exists, skipping");
}

TEST(SqlPlan, KnowsWhatReadsTheServersMemory) {
  EXPECT_TRUE(plan_of("select * from pg_stat_activity").catalog);
  EXPECT_TRUE(plan_of("select pg_is_in_recovery()").catalog);
  EXPECT_FALSE(plan_of("select pg_sleep(1)").catalog);
  EXPECT_FALSE(plan_of("select * from items").catalog);
}

TEST(SqlPlan, LocksAndLimits) {
  const Plan plan = plan_of("select * from items limit all for update skip locked");
  EXPECT_EQ(plan.sql[0], "select * from items where pg_row_free ( 'items' , \"items\".rowid , 8 )");
  EXPECT_TRUE(plan.row_locks);
}

TEST(SqlPlan, Definitions) {
  EXPECT_EQ(sqlite("create table t(id bigserial primary key, at timestamp with time zone default now()) with (fillfactor=90)"),
            "create table t ( id integer primary key autoincrement , at timestamptz DEFAULT ( now ( ) ) )");
  EXPECT_EQ(sqlite("create table t(id bigint generated always as identity primary key)"),
            "create table t ( id integer primary key autoincrement )");
  EXPECT_EQ(sqlite("alter table only t add constraint x primary key (a, b)"), "CREATE UNIQUE INDEX \"x\" ON \"t\"( a , b )");
  EXPECT_EQ(plan_of("drop table if exists a, b cascade").sql,
            (std::vector<std::string>{"DROP TABLE IF EXISTS \"a\"", "DROP TABLE IF EXISTS \"b\""}));
  EXPECT_EQ(plan_of("truncate table a").tag, "TRUNCATE TABLE");
}

TEST(SqlPlan, VerbsAndTags) {
  EXPECT_EQ(plan_of("with x as (select 1) insert into t select * from x").verb, Verb::insert);
  EXPECT_EQ(plan_of("with x as (select 1) select * from x").verb, Verb::select);
  EXPECT_EQ(plan_of("insert into t values (1)").tag, "INSERT 0");
  EXPECT_EQ(plan_of("start transaction isolation level repeatable read").snapshot, true);
  EXPECT_EQ(plan_of("begin read only").read_only, true);
  EXPECT_EQ(plan_of("rollback to savepoint a").name, "a");
  EXPECT_EQ(plan_of("release b").verb, Verb::release);
  EXPECT_EQ(plan_of("set session lock_timeout = '5s'").value, "5s");
  EXPECT_EQ(plan_of("show time zone").name, "timezone");
  EXPECT_EQ(plan_of("vacuum analyze items").sql, std::vector<std::string>{"ANALYZE \"items\""});
  EXPECT_TRUE(plan_of("vacuum").alone);
  EXPECT_TRUE(plan_of("explain (analyze) select 1").explain->analyze);
  EXPECT_EQ(plan_of("explain select 1").inner->sql[0], "select 1");
}

TEST(SqlPlan, WhatTakesAQueryTakesNothingElse) {
  for (const char* sql : {"prepare p as execute p", "prepare p as prepare q as select 1", "prepare p as begin", "declare c cursor for insert into t values (1)",
                          "explain explain select 1", "explain begin", "copy (explain select 1) to stdout", "copy (begin) to stdout", "create table t as begin"}) {
    EXPECT_EQ(refusal(sql), "42601") << sql;
  }
  for (const char* sql : {"explain execute p", "create table t as execute p"}) EXPECT_EQ(refusal(sql), "0A000") << sql;
  EXPECT_EQ(plan_of("prepare p as delete from t").inner->verb, Verb::erase);
  EXPECT_EQ(plan_of("declare c cursor for with a as (select 1) select * from a").inner->verb, Verb::select);
  EXPECT_EQ(plan_of("create table t as table s").inner->verb, Verb::select);
}

TEST(SqlPlan, DiscardAndDeallocateSayWhatTheyDid) {
  EXPECT_EQ(plan_of("discard all").tag, "DISCARD ALL");
  EXPECT_EQ(plan_of("discard temporary").tag, "DISCARD TEMP");
  EXPECT_EQ(refusal("discard me"), "42601");
  EXPECT_EQ(plan_of("deallocate all").tag, "DEALLOCATE ALL");
  EXPECT_EQ(plan_of("deallocate prepare p").tag, "DEALLOCATE");
}

TEST(SqlPlan, SqlitesOwnCommandsAreNotForClients) {
  EXPECT_EQ(refusal("pragma journal_mode"), "42601");
  EXPECT_EQ(refusal("attach 'x' as y"), "42601");
  EXPECT_EQ(refusal("execute p("), "42601");
  EXPECT_EQ(refusal("create index nowhere."), "42601");
  EXPECT_EQ(refusal("create trigger x"), "0A000");
  EXPECT_EQ(refusal("create temp table x(a int)"), "0A000");
  EXPECT_EQ(refusal("copy items from '/etc/passwd'"), "42501");
  EXPECT_EQ(refusal("with x as (delete from t returning a) select * from x"), "0A000");
  EXPECT_EQ(refusal("do $$ begin end $$"), "0A000");
  EXPECT_EQ(refusal("select * from items i, lateral (select 1) x"), "0A000");
}

}  // namespace
}  // namespace chaos::pg
