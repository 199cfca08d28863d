// pgbench: its own tables, and scripts on the shop's under load.
#include "support/compat.hpp"
#include "support/gauge.hpp"
#include "support/lab.hpp"
#include "support/needs.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace chaos::test {
namespace {

double tps_of(const std::string& out) {
  const std::size_t at = out.find("tps = ");
  return at == std::string::npos ? 0 : std::atof(out.c_str() + at + 6);
}

TEST(Pgbench, FillsItsTablesAndRunsInEveryMode) {
  CHAOS_NEEDS(!tool("pgbench").empty(), "pgbench");
  compat("Clients", "pgbench", "-i (COPY, TRUNCATE, VACUUM, ALTER TABLE), -S and the TPC-B-like script, -M simple, extended and prepared");
  LoneNode node("postgres", 5432, R"({"config":{"postgres":{"items":10}}})");
  const std::string at = tool("pgbench") + " -h " + node.address() + " -U shop ";
  const Output filled = sh(at + "-i -q shop");
  ASSERT_EQ(filled.exit, 0) << filled.out;
  const auto ask = [&](const std::string& sql) { return sh("psql -X -h " + node.address() + " -U shop shop -At -c \"" + sql + "\"").out; };
  EXPECT_EQ(ask("select count(*), sum(abalance) from pgbench_accounts"), "100000|0\n");
  for (const char* mode : {"simple", "extended", "prepared"}) {
    const std::string out = sh(at + "-n -S -M " + mode + " -c 2 -t 100 shop").out;
    EXPECT_NE(out.find("number of transactions actually processed: 200/200"), std::string::npos) << out;
    EXPECT_NE(out.find("number of failed transactions: 0"), std::string::npos) << out;
    EXPECT_GT(tps_of(out), 0) << out;
  }
  const std::string mixed = sh(at + "-n -M prepared -c 1 -t 100 shop").out;
  EXPECT_NE(mixed.find("number of transactions actually processed: 100/100"), std::string::npos) << mixed;
  EXPECT_EQ(ask("select (select sum(abalance) from pgbench_accounts) = (select sum(delta) from pgbench_history), (select count(*) from pgbench_history)"), "t|100\n");
}

TEST(Pgbench, ItsOwnScriptsRunBesideTheShopsTraffic) {
  CHAOS_NEEDS(!tool("pgbench").empty(), "pgbench");
  compat("Clients", "pgbench", "custom scripts with \\set and variables on a lab under load");
  Lab lab(test_drill("steady"), "--speed 60");
  TempDir dir;
  ASSERT_TRUE(lab.up());
  std::ofstream(dir.path() / "read.sql") << "\\set id random(1, 100)\nSELECT name, price_cents, stock > 0 AS there FROM items WHERE id = :id;\n"
                                            "SELECT count(*) FILTER (WHERE state = 'done') FROM orders WHERE created_at > now() - interval '5 minutes' AND item_id = :id;\n";
  const std::string psql = "psql -X -h " + lab.address("postgres-1") + " -U shop shop -At -c ";
  ASSERT_TRUE(eventually([&] { return std::atoll(sh(psql + "'select count(*) from orders'").out.c_str()) > 5; }, std::chrono::seconds(60)));
  for (const char* mode : {"simple", "prepared"}) {
    const std::string out = sh(tool("pgbench") + " -n -h " + lab.address("postgres-1") + " -U shop -f " + (dir.path() / "read.sql").string() + " -M " + mode + " -c 2 -t 20 shop", 60).out;
    EXPECT_NE(out.find("number of transactions actually processed: 40/40"), std::string::npos) << out;
    EXPECT_NE(out.find("number of failed transactions: 0"), std::string::npos) << out;
  }
}

}  // namespace
}  // namespace chaos::test
