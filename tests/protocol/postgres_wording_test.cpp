// What PostgreSQL says of statements that cannot be: the code, the words and the place, as psql shows them.
#include "protocol/postgres_client.hpp"

namespace chaos::test {
namespace {

class PostgresWording : public PostgresNode {
 protected:
  void expect_all(const std::string& script, std::initializer_list<const char*> parts) const {
    const std::string out = psql(script);
    for (const char* part : parts) EXPECT_TRUE(has(out, part)) << part << "\n" << out;
  }
};

TEST_F(PostgresWording, RowsOfTheWrongLength) {
  compat("PostgreSQL", "Errors", "42601 of INSERT with more or fewer values than columns, and of VALUES lists of different lengths");
  compat("PostgreSQL", "EXPLAIN", "EXPLAIN [ANALYZE] and PREPARE of an INSERT that leaves columns out");
  expect_all("create table d(a int, b int, c int default 5); insert into d values (1,2,3,4); insert into d(a, b) values (1); insert into d values (1, 2), (3); insert into d(a) select 1, 2; explain insert into d values (1,2,3,4);",
             {"script.sql:1: ERROR:  42601: INSERT has more expressions than target columns\nLINE 1: insert into d values (1,2,3,4);\n                                    ^",
              "42601: INSERT has more target columns than expressions\nLINE 1: insert into d(a, b) values (1);\n                         ^", "42601: VALUES lists must all be the same length",
              "INSERT has more expressions than target columns\nLINE 1: explain insert into d values (1,2,3,4);"});
  EXPECT_TRUE(has(ask("explain insert into d values (1, 2)"), "Insert on d"));
  EXPECT_TRUE(has(ask("explain analyze insert into d values (1, 2)"), "Execution Time"));
  EXPECT_EQ(ask("prepare p as insert into d values (3, $1); execute p(4); insert into d select 7, 8; select * from d order by a"), "PREPARE\nINSERT 0 1\nINSERT 0 1\n1|2|5\n3|4|5\n7|8|5");
}

TEST_F(PostgresWording, TypesThatThereAreNot) {
  compat("PostgreSQL", "Errors", "42704 of a type that there is not, in CREATE TABLE, ALTER TABLE ADD COLUMN and casts; 42601 of a column without one");
  expect_all("create table t(x nosuchtype); create table t(x); create table t(a int); alter table t add column b hopla; select 1::other; select cast(1 as another);",
             {"42704: type \"nosuchtype\" does not exist\nLINE 1: create table t(x nosuchtype);\n                         ^", "42601: syntax error at or near \")\"", "42704: type \"hopla\" does not exist",
              "42704: type \"other\" does not exist", "42704: type \"another\" does not exist"});
}

TEST_F(PostgresWording, JsonThatIsNone) {
  compat("PostgreSQL", "Errors", "22P02 of json and jsonb with DETAIL and CONTEXT: literals of INSERT, casts, parameters");
  compat("PostgreSQL", "Errors", "jsonb is kept as it was written", Compat::differs, "not in the normal form: blanks, the keys' order and keys given twice stay; EXECUTE's arguments are not checked");
  expect_all("create table j(v json, b jsonb); insert into j values ('{bad', null); insert into j(b) values ('[1, 2'); select '{\"a\" 1}'::json; insert into j values ('{\"a\": [1e2, \"\\u00e9\", null]}', ' [] '); select count(*) || ' rows' from j;",
             {"22P02: invalid input syntax for type json\nLINE 1: insert into j values ('{bad', null);\n                              ^\nDETAIL:  Token \"bad\" is invalid.\nCONTEXT:  JSON data, line 1: {bad\n",
              "DETAIL:  The input string ended unexpectedly.", "DETAIL:  Expected \":\", but found \"1\".", "1 rows\n"});
  EXPECT_EQ(python("try: k.execute('insert into j(v) values (%s)', ('{1}',))\nexcept Exception as e: print(e.pgcode, e.diag.message_detail)"), "22P02 Expected string or \"}\", but found \"1\".\n");
}

TEST_F(PostgresWording, ChecksAreShown) {
  compat("PostgreSQL", "psql", "\\d TABLE: Check constraints; pg_constraint of contype c, pg_get_constraintdef", Compat::differs, "BETWEEN and IN are shown as written; literals without their type");
  psql("create table c(id int, qty int check (qty > 0), a int, b int, check (a < b), check (qty < 9), constraint mine check (a > 0 and b < 100));");
  EXPECT_EQ(ask("select conname, conkey, pg_get_constraintdef(oid) from pg_constraint where conrelid = 'c'::regclass and contype = 'c' order by 1"),
            "c_check|{3,4}|CHECK ((a < b))\nc_qty_check|{2}|CHECK ((qty > 0))\nc_qty_check1|{2}|CHECK ((qty < 9))\nmine|{3,4}|CHECK (((a > 0) AND (b < 100)))");
  const std::string out = psql("\\d c\ninsert into c(a, b) values (5, 4);", "");
  for (const char* part : {"Check constraints:", "\"mine\" CHECK (a > 0 AND b < 100)", "violates check constraint \"c_check\""}) EXPECT_TRUE(has(out, part)) << part << "\n" << out;
}

TEST_F(PostgresWording, DatesThatThereAreNot) {
  compat("PostgreSQL", "Errors", "22008 of a date or time whose fields are out of range");
  expect_all("select '2026-02-30'::date; select '2026-13-01'::timestamp; select 'nonsense'::date; select * from nosuch();",
             {"22008: date/time field value out of range: \"2026-02-30\"\nLINE 1: select '2026-02-30'::date;\n               ^", "HINT:  Perhaps you need a different \"datestyle\" setting.",
              "22007: invalid input syntax for type date: \"nonsense\"", "42883: function nosuch() does not exist"});
}

TEST_F(PostgresWording, TheFailingRowIsTold) {
  compat("PostgreSQL", "Errors", "23514 and 23502 with the failing row in DETAIL: INSERT .. VALUES and .. SELECT, UPDATE", Compat::differs, "without it: UPDATE .. FROM, ON CONFLICT DO UPDATE, COPY; a refused serial number is given again");
  expect_all("create table f(id serial primary key, email text not null, qty numeric(6,2) check (qty > 0), made bool default true);"
             "insert into f(email, qty) values ('a@b', 1), ('c@d', 2); insert into f(email, qty) values ('d@b', -1); insert into f(email, qty) values ('ok', 1), (null, 3);"
             "update f set qty = qty - 1.5 where id < 9; insert into f(email, qty) select email, -qty from f where id = 2; update f as x set email = null where x.id = 2;",
             {"violates check constraint \"f_qty_check\"\nDETAIL:  Failing row contains (3, d@b, -1.00, t).", "violates not-null constraint\nDETAIL:  Failing row contains (4, null, 3.00, t).",
              "Failing row contains (1, a@b, -0.50, t).", "Failing row contains (3, c@d, -2.00, t).", "Failing row contains (2, null, 2.00, t)."});
  EXPECT_EQ(python("try: k.execute('insert into f(email, qty) values (%s, %s)', ('" + std::string(80, 'x') + "', -7))\nexcept Exception as e: print(e.diag.message_detail)"),
            "Failing row contains (3, " + std::string(64, 'x') + "..., -7.00, t).\n");
}

TEST_F(PostgresWording, TimeoutsOfReplicationAreShown) {
  EXPECT_EQ(ask("show wal_sender_timeout; show wal_receiver_timeout"), "1min\n10s");
}

}  // namespace
}  // namespace chaos::test
