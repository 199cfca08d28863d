// psycopg2 beside the shop's own traffic.
#include "support/compat.hpp"
#include "support/gauge.hpp"
#include "support/lab.hpp"
#include "support/needs.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace chaos::test {
namespace {

TEST(Psycopg2, ReadsTypedRowsOfOrdersThatArriveMeanwhile) {
  CHAOS_NEEDS(sh("/usr/bin/python3 -c 'import psycopg2'").exit == 0, "psycopg2");
  compat("Clients", "psycopg2", "typed rows, a named cursor and copy_expert on a lab under load");
  Lab lab(test_drill("steady"), "--speed 60");
  TempDir dir;
  ASSERT_TRUE(lab.up());
  std::ofstream(dir.path() / "program.py") << R"py(
import sys, time, io, datetime, psycopg2
c = psycopg2.connect(host=sys.argv[1], user='shop', dbname='shop'); k = c.cursor()
def newest():
    k.execute('select coalesce(max(id), 0) from orders'); n = k.fetchone()[0]; c.commit(); return n
until = time.time() + 60
while newest() < 30 and time.time() < until: time.sleep(0.05)
first = newest()
while newest() == first and time.time() < until: time.sleep(0.02)
print('arrived', newest() > first)
k.execute('select id, created_at, state = %s as done, now() - created_at from orders order by id desc limit 1', ('done',))
i, at, done, age = k.fetchone()
print(type(i).__name__, at.tzinfo is not None, type(done).__name__, datetime.timedelta(0) <= age < datetime.timedelta(minutes=10))
n = c.cursor('walk'); n.itersize = 7
n.execute('select id from orders order by id'); ids = [r[0] for r in n]; n.close()
print('ordered', ids == sorted(set(ids)) and len(ids) >= 30)
out = io.StringIO(); k.copy_expert("copy (select id, state from orders where id <= 10 order by id) to stdout with (format csv, header)", out)
lines = out.getvalue().split('\n')
print(lines[0], len(lines))
)py";
  EXPECT_EQ(sh("/usr/bin/python3 " + (dir.path() / "program.py").string() + " " + lab.address("postgres-1"), 90).out,
            "arrived True\nint True bool True\nordered True\nid,state 12\n");
}

}  // namespace
}  // namespace chaos::test
