// The dialect, as psql sees it. What is expected here is what PostgreSQL 15 prints.
#include "protocol/postgres_client.hpp"

namespace chaos::test {
namespace {

class PostgresSql : public PostgresNode {};

TEST_F(PostgresSql, BooleansStayBooleansThroughJoinsViewsAndCase) {
  compat("PostgreSQL", "SQL", "boolean: true, false, IS TRUE, comparisons, t and f through joins, views, subqueries, WITH and CASE");
  psql("create table flags(id int primary key, active boolean not null default true);"
       "insert into flags values (1, 't'), (2, false), (3, default);"
       "create view shown as select id, active, id > 1 as big, case when active then id = 1 else active end as c from flags;");
  EXPECT_EQ(ask("select * from shown order by id"), "1|t|f|t\n2|f|t|f\n3|t|t|f");
  EXPECT_EQ(ask("select s.big, f.active, s.id = f.id from shown s join flags f on f.id = s.id where f.id = 2"), "t|f|t");
  EXPECT_EQ(ask("with w(b) as (select active from flags where id = 2) select b, not b, b is true, coalesce(b, true) from w"), "f|t|f|f");
  EXPECT_EQ(ask("select x.b from (select id in (1, 3) as b from flags order by id) x"), "t\nf\nt");
  EXPECT_EQ(ask("select bool_and(active), bool_or(active), exists(select 1 from flags where active), true::text from flags"), "f|t|t|true");
  EXPECT_EQ(ask("select count(*) from flags where active"), "2");
}

TEST_F(PostgresSql, CastsAreCheckedAndRounded) {
  compat("PostgreSQL", "SQL", "casts :: and CAST: int2, int4, int8, float, numeric, bool, text, date, timestamptz, interval, bytea, regclass");
  EXPECT_EQ(ask("select '1'::int, 2.5::int, 3.5::int, '3.14'::float8, 'yes'::bool, 12::text, cast('7' as bigint) + 1"), "1|3|4|3.14|t|12|8");
  EXPECT_EQ(ask("select '2026-03-01 10:00+02'::timestamptz, '2026-03-01'::date, '90 min'::interval, '2026-03-01 10:00'::timestamp"),
            "2026-03-01 08:00:00+00|2026-03-01|01:30:00|2026-03-01 10:00:00");
  const std::string out = psql("select 'abc'::int; select 3000000000::int; select 'maybe'::bool; select 'x'::timestamptz; select 1/0;");
  EXPECT_TRUE(has(out, "22P02: invalid input syntax for type integer: \"abc\"")) << out;
  EXPECT_TRUE(has(out, "22003: integer out of range")) << out;
  EXPECT_TRUE(has(out, "22P02: invalid input syntax for type boolean: \"maybe\"")) << out;
  EXPECT_TRUE(has(out, "22007: invalid input syntax for type timestamp with time zone: \"x\"")) << out;
  EXPECT_TRUE(has(out, "22012: division by zero")) << out;
}

// Each expectation is what PostgreSQL 15 answered to the same statements.
TEST_F(PostgresSql, NumericIsRoundedDividedAndBounded) {
  compat("PostgreSQL", "SQL", "numeric and numeric(p, s): division, rounding half away from zero where it is cast or stored, 22003 with its DETAIL");
  const std::string stored = psql("create table nums(id int, small numeric(10,2), bal numeric, f float8, i int);"
                                  "insert into nums values (1, 1.005, 0.1, 2.5, 2.5), (2, 2.675, 10, 3.5, 3.5), (3, -20.555, 12345678.9, 0.1, -2.5), (4, 10, null, 0.2, 7);"
                                  "insert into nums(small) values (123456789.5); update nums set bal = bal + 0.2 where id = 1; update nums set i = f where id = 1;"
                                  "insert into nums(id, small, i) select id + 10, small * 1.05, f from nums where id < 3;"
                                  "with w as (select 7 as n) insert into nums(id, small, i) select n + 20, n / 3.0, n / 2.0 from w;");
  EXPECT_TRUE(has(stored, "22003: numeric field overflow\nDETAIL:  A field with precision 10, scale 2 must round to an absolute value less than 10^8.")) << stored;
  const std::pair<const char*, const char*> answers[]{
      {"select small, bal, i from nums where id < 5 order by id", "1.01|0.3|2\n2.68|10|4\n-20.56|12345678.9|-3\n10.00||7"},
      {"select bal = 0.3 from nums where id = 1", "t"},
      {"select id, small, i from nums where id > 10 order by id", "11|1.06|2\n12|2.81|4\n27|2.33|4"},
      {"select 2::numeric/3 > 0.66, 1::numeric/4 = 0.25, '2'::numeric/3 > 0.66, round(2::numeric/3, 4)", "t|t|t|0.6667"},
      {"select round(sum(i)::numeric/7, 3), small/4 = 2.5 from nums where id = 4 group by small", "1.000|t"},
      {"select 20.555::numeric(10,2), 0.1::numeric + 0.2::numeric, 0.1 + 0.2, 1.1 * 1.1, 2 * 1.50", "20.56|0.3|0.3|1.21|3.00"},
      {"select sum(x) from (values (0.1), (0.2)) as v(x)", "0.3"},
      {"select 2.5::int, -2.5::numeric::int, 2.5::float8::int, 3.5::float8::int", "3|-3|2|4"},
      {"select round(2.675, 2), round(1.005, 2), round(1234.567, -2), trunc(2.679, 2), round(5, 2)", "2.68|1.01|1200|2.67|5.00"},
      {"select 'a' || bal, bal::text, 1.50::text, 10::numeric::text from nums where id = 2", "a10|10|1.50|10"},
      {"select 7 / 2, 9223372036854775807 - 1, 0.1::float8 + 0.2::float8", "3|9223372036854775806|0.30000000000000004"}};
  for (const auto& [sql, answer] : answers) EXPECT_EQ(ask(sql), answer) << sql;
}

TEST_F(PostgresSql, NumericKeepsFifteenDigits) {
  compat("PostgreSQL", "SQL", "numeric", Compat::differs,
         "15 digits; longer constants are refused when cast or stored (0A000), results are rounded; a quotient shows as many digits as it has; sums and products that "
         "are compared before they are stored or cast are doubles (0.1 + 0.2 = 0.3 is false, (0.1 + 0.2)::numeric = 0.3 true); sum(bigint) / n is a division of whole numbers; "
         "a column before % is cut to a whole number, use mod(); arrays, format and json show 10.0; tables made by an older version keep their whole numbers whole; "
         "a float8 column's cast to a whole number rounds halves away from zero");
  const std::string out = psql("create table wide(n numeric, s numeric(30,2)); insert into wide values (12345678901234567890.123456789, 1);"
                               "insert into wide values (1, 12345678901234.5678); insert into wide values (1, 1234567890123.45678);"
                               "select '12345678901234567890.5'::numeric; select 10.5 % 3; select s from wide;");
  EXPECT_TRUE(has(out, "0A000: numeric values of more than 15 digits are not supported: \"12345678901234567890.123456789\"")) << out;
  EXPECT_TRUE(has(out, "\"12345678901234.5678\"")) << out;
  EXPECT_TRUE(has(out, "\"12345678901234567890.5\"")) << out;
  EXPECT_TRUE(has(out, "0A000: % of numeric values is not supported: use mod()")) << out;
  EXPECT_TRUE(has(out, "1234567890123.46")) << out;
  EXPECT_EQ(ask("select 1::numeric/3, 0.1 + 0.2 = 0.3, (0.1 + 0.2)::numeric = 0.3"), "0.333333333333333|f|t");
}

TEST_F(PostgresSql, TimesAreAddedSubtractedAndTakenApart) {
  compat("PostgreSQL", "SQL", "now(), clock_timestamp(), intervals, age, extract, date_part, date_trunc, AT TIME ZONE");
  compat("PostgreSQL", "SQL", "time zones", Compat::differs, "the session's time zone is UTC; times with an offset are read");
  EXPECT_EQ(ask("select timestamptz '2026-03-01 10:00+00' - interval '5 minutes', timestamptz '2026-03-01 10:00+00' - timestamptz '2026-02-27 09:00+00'"),
            "2026-03-01 09:55:00+00|2 days 01:00:00");
  EXPECT_EQ(ask("select date '2026-03-01' - 7, date '2026-03-01' - date '2026-02-01', timestamp '2026-01-31' + interval '1 month'"),
            "2026-02-22|28|2026-02-28 00:00:00");
  EXPECT_EQ(ask("select interval '1 year 2 months', interval '1 hour' * 3, age(timestamptz '2026-03-01', timestamptz '2025-01-15')"),
            "1 year 2 mons|03:00:00|1 year 1 mon 17 days");
  EXPECT_EQ(ask("select extract(epoch from interval '1 hour'), extract(year from date '2026-03-01'), date_part('hour', timestamptz '2026-03-01 17:05+00')"), "3600.000000|2026|17");
  EXPECT_EQ(ask("select date_trunc('hour', timestamptz '2026-03-01 17:05:09+00'), date_trunc('month', timestamp '2026-03-15 10:00')"),
            "2026-03-01 17:00:00+00|2026-03-01 00:00:00");
  EXPECT_EQ(ask("select now() = current_timestamp, clock_timestamp() >= now(), now() - interval '5 minutes' < now(), current_date = now()::date"), "t|t|t|t");
  EXPECT_EQ(ask("select count(*) from pg_stat_activity where now() - query_start < interval '1 minute' and query_start is not null"), "1");
}

TEST_F(PostgresSql, ArraysSeriesAndDerivedTables) {
  compat("PostgreSQL", "SQL", "= ANY(array), <> ALL(array), ARRAY[..], generate_series, unnest, VALUES AS t(a, b)");
  compat("PostgreSQL", "SQL", "arrays", Compat::differs, "one dimension, kept as text; operators other than = ANY and <> ALL are missing");
  EXPECT_EQ(ask("select 5 = any('{1,5}'), 5 = any(array[1,2]), 5 <> all(array[1,2]), 'a' = any('{a,b}'::text[]), array[1,2,3], (array[10,20])[2]"), "t|f|t|t|{1,2,3}|20");
  EXPECT_EQ(ask("select i, i * 2 from generate_series(1, 9, 4) as i"), "1|2\n5|10\n9|18");
  EXPECT_EQ(ask("select generate_series(1, 3)"), "1\n2\n3");
  EXPECT_EQ(ask("select x, y from (values (1, 'a'), (2, 'b')) as t(x, y) order by x desc"), "2|b\n1|a");
  EXPECT_EQ(ask("select count(*) from items where id = any(array(select 3))"), "1");
  compat("PostgreSQL", "SQL", "SELECT DISTINCT ON of the outermost query");
  psql("create table seen(who text, at int, good boolean); insert into seen values ('b', 1, true), ('a', 5, false), ('a', 9, true), ('b', 3, false);");
  EXPECT_EQ(ask("select distinct on (who) who, at, good, at > 5 as late from seen order by who desc, at desc limit 5"), "b|3|f|f\na|9|t|t");
}

TEST_F(PostgresSql, AggregatesStringsAndFormats) {
  compat("PostgreSQL", "SQL", "FILTER, string_agg with ORDER BY, percentile_cont, bool_and, array_agg, stddev, window functions");
  compat("PostgreSQL", "SQL", "coalesce, greatest, least, nullif, ||, ILIKE, ~, quote_ident, format, to_char, to_timestamp, split_part, md5");
  EXPECT_EQ(ask("select count(*) filter (where id < 11), string_agg(id::text, ',' order by id desc) filter (where id < 4), percentile_cont(0.5) within group (order by id) from items"),
            "10|3,2,1|50.5");
  EXPECT_EQ(ask("select string_agg(name, '-' order by name desc) from items where id < 4"), "Item 3-Item 2-Item 1");
  EXPECT_EQ(ask("select greatest(1, null, 3), least(2, null, 1), coalesce(null, 'x'), 7 / 2, -7 / 2, 7.0 / 2 > 3"), "3|1|x|3|-3|t");
  EXPECT_EQ(ask("select 'abc' ilike 'A%', 'abc' ~ '^a', 'abc' ~* 'B', 'abc' !~ 'z', 'a' || 'b' || 1"), "t|t|t|t|ab1");
  EXPECT_EQ(ask("select quote_ident('Foo'), quote_literal('it''s'), format('%s-%I-%L', 1, 'A b', 'x'), split_part('a.b.c', '.', 2), md5('a')"),
            "\"Foo\"|'it''s'|1-\"A b\"-'x'|b|0cc175b9c0f1b6a831c399e269772661");
  EXPECT_EQ(ask("select to_char(timestamptz '2026-03-01 17:05:09+00', 'YYYY-MM-DD HH24:MI:SS'), to_char(1234.5, 'FM9,999.00'), to_timestamp(1700000000)"),
            "2026-03-01 17:05:09|1,234.50|2023-11-14 22:13:20+00");
  EXPECT_EQ(ask("select row_number() over (order by id desc), id from items order by id limit 1"), "100|1");
  EXPECT_EQ(ask("select round(2.567, 2), round(avg(id), 1) from items"), "2.57|50.5");
}

TEST_F(PostgresSql, ChangesReturnRowsAndMeetConflicts) {
  compat("PostgreSQL", "SQL", "serial, DEFAULT, RETURNING, INSERT .. ON CONFLICT, UPDATE .. FROM, DELETE .. USING, WITH, LIMIT, OFFSET, FETCH FIRST, CREATE TABLE AS");
  EXPECT_EQ(psql("create table t(id serial primary key, name varchar(10) not null, price numeric(10,2) default 1.5);"
                 "insert into t(name) values ('one'), ('two') returning id, price;"
                 "insert into t(id, name) values (1, 'uno') on conflict (id) do update set name = excluded.name returning id, name;"
                 "insert into t(id, name) values (1, 'x') on conflict do nothing;"
                 "update t set price = s.p from (select 2 as i, 7 as p) s where t.id = s.i returning t.id, t.price;"
                 "insert into t values (default, 'three', default) returning *;"
                 "select id from t order by id offset 1 fetch first 1 row only;"
                 "create table copied as select id, price > 2 as dear from t;"
                 "select * from copied order by id;"
                 "delete from t using copied c where c.id = t.id and c.dear returning t.id, t.name;"),
            "CREATE TABLE\n1|1.50\n2|1.50\nINSERT 0 2\n1|uno\nINSERT 0 1\nINSERT 0 0\n2|7.00\nUPDATE 1\n3|three|1.50\nINSERT 0 1\n2\nSELECT 3\n1|f\n2|t\n3|f\n2|two\nDELETE 1\n");
}

TEST_F(PostgresSql, WhatIsMissingIsRefusedClearly) {
  compat("PostgreSQL", "SQL", "LATERAL, WITH that changes rows, DO, CREATE FUNCTION, CREATE SEQUENCE, GRANT, temporary tables", Compat::refused, "0A000, with what it is in the message");
  const std::string out = psql("with d as (delete from items returning id) select * from d; select * from items i, lateral (select 1) x; do $$ begin end $$; create function f() returns int as 'x'; create temp table x(a int); grant all on items to x;");
  for (const char* part : {"0A000: data-modifying statements in WITH are not supported", "0A000: LATERAL is not supported", "0A000: DO is not supported", "0A000: CREATE FUNCTION is not supported", "0A000: temporary tables are not supported",
                           "0A000: GRANT is not supported"}) {
    EXPECT_TRUE(has(out, part)) << out;
  }
}

}  // namespace
}  // namespace chaos::test
