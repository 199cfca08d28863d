// Transactions and statements that are large against a node's memory.
#include "protocol/postgres_client.hpp"

#include <atomic>
#include <fstream>
#include <regex>
#include <thread>

namespace chaos::test {
namespace {

constexpr const char* kMillion = "1000000";
constexpr const char* kMany = "400000";

class LargeTransactions : public PostgresNode {
 protected:
  LargeTransactions()
      : replica("replica", 5432, R"({"peers":[{"name":"primary","role":"postgres","address":")" + node.address() + R"(","duty":"DUTY_ACTIVE"}]})") {}
  std::string on(const LoneNode& where, const std::string& sql) const {
    std::string out = sh("psql -X -h " + where.address() + " -U shop shop -At -v VERBOSITY=verbose -c \"" + sql + "\"").out;
    while (out.ends_with('\n')) out.pop_back();
    return out;
  }
  bool same(const std::string& sql) const {
    return eventually([&] { return on(replica, sql) == on(node, sql); }, std::chrono::seconds(60));
  }
  LoneNode replica;
};

// Resident, now (VmRSS) and at most (VmHWM).
double megabytes(LoneNode& node, const std::string& what) {
  std::ifstream in("/proc/" + std::to_string(node.process().pid()) + "/status");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  std::smatch found;
  return std::regex_search(text, found, std::regex(what + ":\\s+(\\d+) kB")) ? std::stod(found[1]) / 1000 : -1;
}

TEST_F(LargeTransactions, AMillionRowsFitBesideOthersWritesAndTheMemoryComesBack) {
  compat("PostgreSQL", "SQL", "a transaction larger than the server's memory: its changes wait in a file and are sent to standbys in parts");
  const double before = megabytes(node, "VmRSS");
  std::atomic<bool> over = false;
  int orders = 0;
  std::thread others([&] {
    while (!over) orders += on(node, "insert into orders(item_id) values (1)") == "INSERT 0 1" ? 1 : 0;
  });
  EXPECT_EQ(on(node, std::string("create table x as select n as id, 'row ' || n as name from generate_series(1, ") + kMillion + ") n"), std::string("SELECT ") + kMillion);
  over = true;
  others.join();
  EXPECT_TRUE(same("select count(*), sum(id), max(name) from x")) << on(replica, "select count(*) from x");
  EXPECT_EQ(on(replica, "select count(*) from orders"), std::to_string(orders));
#ifndef CHAOSLAB_SANITIZED
  for (LoneNode* each : {&node, &replica}) EXPECT_LT(megabytes(*each, "VmHWM"), 64) << "half of its limit; the rows' changes alone are some 25 MB";
  EXPECT_LT(megabytes(node, "VmRSS"), before + 16);
#endif
}

TEST_F(LargeTransactions, AStandbysReadersSeeWhatWasBeforeUntilAllIsApplied) {
  compat("PostgreSQL", "Replication", "a standby answers while it applies a large transaction, and shows the state before it until its commit");
  on(node, "create table x(id int, name text)");
  ASSERT_TRUE(eventually([&] { return on(replica, "select count(*) from x") == "0"; }));
  EXPECT_EQ(on(node, std::string("insert into x select n, 'row ' || n from generate_series(1, ") + kMany + ") n"), std::string("INSERT 0 ") + kMany);
  const std::string end = on(node, "select pg_current_wal_lsn()");
  int before = 0;
  std::string seen;
  const auto applied = [&] {
    seen = on(replica, "select count(*), pg_last_wal_receive_lsn() = '" + end + "' from x");
    before += seen == "0|t" ? 1 : 0;
    EXPECT_TRUE(seen == "0|f" || seen == "0|t" || seen == std::string(kMany) + "|t") << seen;
    EXPECT_NE(sh("curl -s -m 5 http://" + replica.address() + ":9100/metrics").out.find("process_cpu_seconds_total"), std::string::npos);
    return seen.starts_with(kMany);
  };
  EXPECT_TRUE(eventually(applied, std::chrono::seconds(60))) << seen;
  EXPECT_GT(before, 0) << "all was received, nothing was seen yet, and it answered";
}

TEST_F(LargeTransactions, SavepointsUndoAndOthersTurnsKeepWhatIsKept) {
  on(node, "create table x(id int primary key, name text)");
  const std::string seen = python(R"py(
k.execute("insert into x select n, repeat('a', 50) from generate_series(1, 30000) n")
k.execute("savepoint s")
k.execute("insert into x select n, repeat('b', 50) from generate_series(30001, 60000) n")
k.execute("update x set name = 'c' where id <= 10")
k.execute("rollback to s")
d = psycopg2.connect(host=c.info.host, user='shop', dbname='shop')
d.autocommit = True
d.cursor().execute("insert into orders(item_id) values (1)")
k.execute("update x set name = 'd' where id <= 10")
k.execute("delete from x where id > 29990")
c.commit()
k.execute("select count(*), max(name), min(name) from x")
print(k.fetchone())
)py");
  EXPECT_EQ(seen, "(29990, 'd', '" + std::string(50, 'a') + "')\n");
  EXPECT_TRUE(same("select count(*), sum(id), max(name), min(name) from x"));
  EXPECT_EQ(on(node, "select n_tup_ins, n_tup_upd, n_tup_del from pg_stat_user_tables where relname = 'x'"), "30000|10|10");
}

TEST_F(LargeTransactions, APromotedStandbyHasThemWholeOrNotAtAll) {
  on(node, "create table x(id int, name text)");
  ASSERT_TRUE(eventually([&] { return on(replica, "select count(*) from x") == "0"; }));
  on(node, std::string("insert into x select n, 'row ' || n from generate_series(1, ") + kMany + ") n");
  node.process().signal(SIGKILL);     // in the middle of sending
  node.process().wait();
  EXPECT_EQ(sh("psql -X -h " + replica.address() + " -U postgres shop -At -c 'select pg_promote()'").out, "t\n");
  const std::string rows = on(replica, "select count(*) from x");
  EXPECT_TRUE(rows == "0" || rows == kMany) << rows;
  EXPECT_EQ(on(replica, "insert into x values (0, 'new')"), "INSERT 0 1");
  replica.kill_and_restart();
  EXPECT_EQ(on(replica, "select count(*) from x"), std::to_string(std::stoi(rows) + 1));
}

using PostgresMemory = PostgresNode;

TEST_F(PostgresMemory, AStatementThatWantsTooMuchMemoryEndsAloneAndTheNodeLives) {
  compat("PostgreSQL", "Errors", "53200 (out_of_memory): a statement whose values outgrow the server's memory; sorts and groupings go to files");
  const int pid = node.process().pid();
  ask("create table x as select n as id, repeat('x', 100) || n as name from generate_series(1, 300000) n");
  for (const char* wants : {"select array_length(array_agg(name), 1) from x", "select length(string_agg(name, ',' order by id desc)) from x",
                            "begin; update x set name = 'y'; select array_length(array_agg(name || n), 1) from x, generate_series(1, 9) n; commit"}) {
    EXPECT_TRUE(has(psql(wants), "53200: out of memory")) << psql(wants);
  }
  EXPECT_TRUE(has(psql("select length(repeat('x', 30000000))"), "54000"));
  EXPECT_EQ(ask("select count(distinct name), min(name) = max(name) from x"), "300000|f") << "on disk where it must be; nothing of the failed transaction is left";
  EXPECT_EQ(ask("select count(*) from (select name from x order by name desc limit 299999) q"), "299999");
  EXPECT_EQ(node.process().pid(), pid);
  EXPECT_EQ(node.process().wait(std::chrono::milliseconds(0)), -1) << "it runs";
}

}  // namespace
}  // namespace chaos::test
