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

}  // namespace
}  // namespace chaos::test
