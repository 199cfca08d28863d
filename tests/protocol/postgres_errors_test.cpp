// Errors as psql and psycopg2 show them: SQLSTATE, text, position, detail, table, column, constraint; notices and warnings.
#include "protocol/postgres_client.hpp"

namespace chaos::test {
namespace {

class PostgresErrors : public PostgresNode {};

TEST_F(PostgresErrors, SyntaxAndNamesWithTheirPlace) {
  compat("PostgreSQL", "Errors", "42601, 42P01, 42703, 42883, 42P07, 42701, 42P02 with their texts and the place in the query");
  const std::string out = psql("selec 1;\nselect * from nowhere;\nselect nocolumn from items;\nselect items.nope from items;\nselect nofunction(1);\n"
                               "create table items(id int);\ncreate table x(a int, a int);\nselect 1 +;\ndrop table nowhere;");
  for (const char* part : {"42601: syntax error at or near \"selec\"", "42P01: relation \"nowhere\" does not exist\nLINE 1: select * from nowhere;\n                      ^",
                           "42703: column \"nocolumn\" does not exist\nLINE 1: select nocolumn from items;\n               ^", "42703: column items.nope does not exist", "42883: function nofunction",
                           "You might need to add explicit type casts.", "42P07: relation \"items\" already exists", "42701: column \"a\" specified more than once",
                           "42601: syntax error at", "42P01: table \"nowhere\" does not exist"}) {
    EXPECT_TRUE(has(out, part)) << part << "\n" << out;
  }
}

TEST_F(PostgresErrors, ConstraintsAreNamed) {
  compat("PostgreSQL", "Errors", "23505, 23502, 23514, 22001 with constraint, table, column and the key in DETAIL");
  psql("create table t(id int primary key, email text unique, name varchar(5) not null, n int check (n < 10)); insert into t values (1, 'a@b', 'one', 1);"
       "create unique index t_name on t(name);");
  const std::string out = psql("insert into t values (1, 'x', 'x', 1); insert into t values (2, 'a@b', 'x', 1); insert into t values (3, 'y', 'one', 1);"
                               "insert into t values (4, 'z', null, 1); insert into t values (5, 'z', 'z', 50); insert into t values (6, 'z', 'toolong', 1);");
  for (const char* part : {"23505: duplicate key value violates unique constraint \"t_pkey\"", "DETAIL:  Key (id)=(1) already exists.", "CONSTRAINT NAME:  t_pkey", "TABLE NAME:  t",
                           "23505: duplicate key value violates unique constraint \"t_email_key\"", "DETAIL:  Key (email)=(a@b) already exists.", "constraint \"t_name\"",
                           "23502: null value in column \"name\" of relation \"t\" violates not-null constraint", "COLUMN NAME:  name",
                           "23514: new row for relation \"t\" violates check constraint \"t_n_check\"", "22001: value too long for type character varying(5)"}) {
    EXPECT_TRUE(has(out, part)) << part << "\n" << out;
  }
}

TEST_F(PostgresErrors, TransactionsTellTheirState) {
  compat("PostgreSQL", "Errors", "25P02, 25P01, 25001, 25006, 3B001 and the warnings of BEGIN, COMMIT and ROLLBACK");
  compat("PostgreSQL", "Errors", "42P01 of FOR UPDATE OF what FROM does not name");
  const std::string unnamed = psql("select * from items for update of nope; select * from items i for share of items; select * from items i, (select 1) q for update of i;", "-Atq");
  EXPECT_TRUE(has(unnamed, "42P01: relation \"nope\" in FOR UPDATE clause not found in FROM clause\nLINE 1: select * from items for update of nope;\n                                          ^")) << unnamed;
  EXPECT_TRUE(has(unnamed, "42P01: relation \"items\" in FOR SHARE clause not found in FROM clause")) << unnamed;
  const std::string out = psql("commit; begin; begin; select 1/0; select 1; commit; savepoint s; begin; rollback to nowhere; rollback;"
                               "begin read only; delete from items; rollback; begin; vacuum items; rollback;");
  for (const char* part : {"WARNING:  25P01: there is no transaction in progress", "WARNING:  25001: there is already a transaction in progress",
                           "25P02: current transaction is aborted, commands ignored until end of transaction block", "25P01: SAVEPOINT can only be used in transaction blocks",
                           "3B001: savepoint \"nowhere\" does not exist", "25006: cannot execute DELETE in a read-only transaction", "25001: VACUUM cannot run inside a transaction block"}) {
    EXPECT_TRUE(has(out, part)) << part << "\n" << out;
  }
}

TEST_F(PostgresErrors, AFunctionThatIsNotThereIsNamedWithTheTypesOfItsArguments) {
  compat("PostgreSQL", "Errors", "42883 of a function that is not there, in FROM too: its arguments' types, its place", Compat::differs, "a known function takes arguments of other types without a cast; named arguments are a syntax error");
  const std::string out = psql("create table t(n int, s text, b bigint);\nselect * from nope(1, 2.5);\nselect * from t join nope('a', now()) x on true;\nselect nope(1, 'x', true, null, 3000000000, n, s, b, n + 1, array[1]) from t;\n"
                               "select nope();\nselect length(s, s) from t;\nselect * from nope;");
  for (const char* part : {"42883: function nope(integer, numeric) does not exist\nLINE 1: select * from nope(1, 2.5);\n                      ^", "42883: function nope(unknown, timestamp with time zone) does not exist",
                           "42883: function nope(integer, unknown, boolean, unknown, bigint, integer, text, bigint, integer, integer[]) does not exist\nLINE 1: select nope(", "42883: function nope() does not exist",
                           "42883: function length(text, text) does not exist", "HINT:  No function matches the given name and argument types. You might need to add explicit type casts.", "42P01: relation \"nope\" does not exist"}) {
    EXPECT_TRUE(has(out, part)) << part << "\n" << out;
  }
}

TEST_F(PostgresErrors, NumbersBeyondTheirTypeAreRefused) {
  compat("PostgreSQL", "Errors", "22003: whole numbers beyond smallint, integer and bigint in a cast, a column, INSERT ... SELECT and COPY", Compat::differs, "sums of literals and columns are 64 bits wide until they are stored or cast");
  compat("PostgreSQL", "Errors", "2201W, 2201X: LIMIT and OFFSET below zero, as parameters too; NULL is none");
  const std::string out = psql("create table t(id int primary key, m smallint, b bigint); insert into t values (3000000000); insert into t(id, m) values (1, 40000); insert into t(id, b) values (1, 99999999999999999999);"
                               "insert into t(id) select 3000000000; insert into t values (2147483647, 32767, 9223372036854775807); update t set id = id + 1; update t set m = m + 1; update t set b = b + 1;\n"
                               "insert into t values (1, 1, 1) on conflict (id) do nothing; insert into t values (1, 1, 1) on conflict (id) do update set m = 70000;\ncopy t(id) from stdin;\n4000000000\n\\.\n"
                               "select 3000000000::int; select '40000'::smallint; table t order by id; select id from t limit -1; select id from t offset 1 - 2; select count(*) from (select id from t limit null) q;"
                               "prepare l(int) as select id from t order by id limit $1; execute l(-5); execute l(1);");
  for (const char* part : {"22003: integer out of range", "22003: smallint out of range", "22003: bigint out of range", "1|1|1\n2147483647|32767|9223372036854775807\n", "2201W: LIMIT must not be negative",
                           "2201X: OFFSET must not be negative", "value \"40000\" is out of range for type smallint", "\n2\n", "PREPARE\n"}) {
    EXPECT_TRUE(has(out, part)) << part << "\n" << out;
  }
  std::size_t refused = 0;
  for (std::size_t at = out.find("22003:"); at != std::string::npos; at = out.find("22003:", at + 1)) ++refused;
  EXPECT_EQ(refused, 11U) << out;
}

TEST_F(PostgresErrors, NoticesOfIfExists) {
  compat("PostgreSQL", "Errors", "NOTICE of CREATE .. IF NOT EXISTS and DROP .. IF EXISTS");
  const std::string out = psql("create table if not exists items(id int); drop table if exists nowhere; drop view if exists nothing; drop index if exists none;");
  for (const char* part : {"NOTICE:  42P07: relation \"items\" already exists, skipping", "NOTICE:  00000: table \"nowhere\" does not exist, skipping",
                           "NOTICE:  00000: view \"nothing\" does not exist, skipping", "NOTICE:  00000: index \"none\" does not exist, skipping"}) {
    EXPECT_TRUE(has(out, part)) << part << "\n" << out;
  }
}

TEST_F(PostgresErrors, Psycopg2RaisesTheClassOfTheCode) {
  CHAOS_NEEDS(sh("/usr/bin/python3 -c 'import psycopg2'").exit == 0, "psycopg2");
  compat("PostgreSQL", "Errors", "error classes of psycopg2 with diag.constraint_name, table_name, message_detail");
  const std::string out = python(R"py(
c.autocommit = True
k.execute('create table t(id int primary key, name text not null)')
k.execute("insert into t values (1, 'a')")
def raised(sql, *args):
    try: k.execute(sql, *args)
    except psycopg2.Error as e: return e
e = raised("insert into t values (%s, %s)", (1, 'b'))
print(type(e).__name__, e.diag.constraint_name, e.diag.table_name, e.diag.message_detail)
for sql in ("insert into t values (2, null)", "select 'x'::int", "select 1/0", "select * from nope", "select nope", "selec", "create table t(a int)", "fetch 1 from nowhere", "execute nothing"):
    print(type(raised(sql)).__name__)
)py");
  EXPECT_EQ(out, "UniqueViolation t_pkey t Key (id)=(1) already exists.\nNotNullViolation\nInvalidTextRepresentation\nDivisionByZero\nUndefinedTable\nUndefinedColumn\nSyntaxError\n"
                 "DuplicateTable\nInvalidCursorName\nInvalidSqlStatementName\n");
}

}  // namespace
}  // namespace chaos::test
