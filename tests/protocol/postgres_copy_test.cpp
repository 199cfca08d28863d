// COPY by psql's \copy and psycopg2's copy_expert.
#include "protocol/postgres_client.hpp"

namespace chaos::test {
namespace {

class PostgresCopy : public PostgresNode {
 protected:
  PostgresCopy() { psql("create table t(id int primary key, name text, active boolean, price numeric(8,2));"); }
};

TEST_F(PostgresCopy, TextComesInAndGoesOut) {
  compat("PostgreSQL", "COPY", "COPY t FROM STDIN and TO STDOUT in text, with columns, NULL and DELIMITER");
  EXPECT_EQ(psql("copy t from stdin;\n1\tone\tt\t1.5\n2\ttab\\tin\tf\t\\N\n3\t\\N\ttrue\t10\n\\.\nselect * from t order by id;\ncopy t to stdout;\n"
                 "copy t(id, name) to stdout with (delimiter '|', null '-');\n"),
            "COPY 3\n1|one|t|1.50\n2|tab\tin|f|\n3||t|10.00\n1\tone\tt\t1.50\n2\ttab\\tin\tf\t\\N\n3\t\\N\tt\t10.00\n1|one\n2|tab\\tin\n3|-\n");
}

TEST_F(PostgresCopy, CsvWithHeaderAndQueries) {
  compat("PostgreSQL", "COPY", "FORMAT csv, HEADER, QUOTE, COPY (query) TO STDOUT");
  compat("PostgreSQL", "COPY", "FORMAT binary, COPY to and from files of the server", Compat::refused, "0A000 and 42501");
  EXPECT_EQ(psql("copy t(id, name) from stdin with (format csv, header);\nid,name\n1,\"a,b\"\n2,\n3,\"\"\n4,\"two\nlines\"\n\\.\n"
                 "copy (select id, name, id > 2 as big from t order by id) to stdout with (format csv, header);\n"),
            "COPY 4\nid,name,big\n1,\"a,b\",f\n2,,f\n3,\"\",t\n4,\"two\nlines\",t\n");
}

TEST_F(PostgresCopy, ABadRowUndoesAllAndTheSessionGoesOn) {
  compat("PostgreSQL", "COPY", "22P04, 22P02, 23505 in COPY: nothing is kept, the session goes on");
  const std::string out = psql("copy t(id, name) from stdin;\n1\ta\n2\tb\tc\n\\.\ncopy t(id, name) from stdin;\n1\ta\nabc\tb\n\\.\ncopy t(id, name) from stdin;\n1\ta\n2\n\\.\n"
                               "copy t(id, name) from stdin;\n1\ta\n1\tb\n\\.\nselect count(*) from t;\n");
  EXPECT_TRUE(has(out, "22P04: extra data after last expected column")) << out;
  EXPECT_TRUE(has(out, "CONTEXT:  COPY t, line 2")) << out;
  EXPECT_TRUE(has(out, "22P02: invalid input syntax for type integer: \"abc\"")) << out;
  EXPECT_TRUE(has(out, "22P04: missing data for column \"name\"")) << out;
  EXPECT_TRUE(has(out, "23505: duplicate key value violates unique constraint \"t_pkey\"")) << out;
  EXPECT_TRUE(out.ends_with("0\n")) << out;
}

TEST_F(PostgresCopy, ManyRowsThroughPsycopg2) {
  CHAOS_NEEDS(sh("/usr/bin/python3 -c 'import psycopg2'").exit == 0, "psycopg2");
  const std::string out = python(R"(
import io
rows = ''.join('%d\tname %d\t%s\t%d.25\n' % (i, i, 't' if i % 2 else 'f', i) for i in range(20000))
k.copy_expert('copy t from stdin', io.StringIO(rows))
print(k.rowcount)
c.rollback()
k.execute('select count(*) from t'); print(k.fetchone()[0])
k.copy_from(io.StringIO(rows), 't')
c.commit()
back = io.StringIO()
k.copy_expert('copy (select * from t order by id) to stdout', back)
print(back.getvalue() == rows)
)");
  EXPECT_EQ(out, "20000\n0\nTrue\n");
}

}  // namespace
}  // namespace chaos::test
