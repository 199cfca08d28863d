// psql against the primary and the replica.
#include "support/process.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace chaos::test {
namespace {

std::string psql(const LoneNode& node, const std::string& sql, const std::string& flags = "-At") {
  return sh("psql -h " + node.address() + " -U shop " + flags + " -c \"" + sql + "\"").out;
}

class Postgres : public testing::Test {
 protected:
  Postgres() : node("postgres", 5432, R"({"config":{"postgres":{"items":100}}})") {}
  LoneNode node;
};

TEST_F(Postgres, ReadsAndWrites) {
  EXPECT_EQ(psql(node, "select count(*) from items"), "100\n");
  EXPECT_EQ(psql(node, "insert into orders(item_id, quantity, state) values (7, 2, 'placed') returning id"), "1\nINSERT 0 1\n");
  EXPECT_EQ(psql(node, "update orders set state = 'done' where id = 1"), "UPDATE 1\n");
  EXPECT_EQ(psql(node, "select item_id, quantity, state from orders"), "7|2|done\n");
}

TEST_F(Postgres, ErrorsCarryTheirSqlstate) {
  const std::string flags = "-v VERBOSITY=verbose -At";
  EXPECT_NE(psql(node, "select * from nowhere", flags).find("42P01"), std::string::npos);
  EXPECT_NE(psql(node, "selec 1", flags).find("42601"), std::string::npos);
  EXPECT_NE(psql(node, "insert into orders(id, item_id, quantity, state) values (1,1,1,'x'); insert into orders(id, item_id, quantity, state) values (1,1,1,'x')", flags).find("23505"), std::string::npos);
}

TEST_F(Postgres, TransactionsRollBackAndStayFailedUntilTheirEnd) {
  const std::string script = "begin; insert into orders(item_id, quantity, state) values (1,1,'x'); select nonsense; select 1; rollback;";
  const Output output = sh("echo \"" + script + "\" | psql -h " + node.address() + " -U shop -At -v VERBOSITY=verbose");
  EXPECT_NE(output.out.find("25P02"), std::string::npos) << output.out;
  EXPECT_EQ(psql(node, "select count(*) from orders"), "0\n");
}

TEST_F(Postgres, ActivityTellsTheTruthAboutItsSessions) {
  const std::string rows = psql(node, "select usename, datname, application_name, state, query from pg_stat_activity where state = 'active'");
  EXPECT_NE(rows.find("shop|shop|psql|active|select usename"), std::string::npos) << rows;
}

TEST_F(Postgres, AcknowledgedInsertsSurviveSigkill) {
  TempDir dir;
  const std::string script = "for i in $(seq 1 5000); do echo \"insert into orders(item_id, quantity, state) values ($i, 1, 'placed') returning item_id;\"; done | psql -h " +
                             node.address() + " -U shop -At -q > " + (dir.path() / "acks").string() + " 2>/dev/null";
  Child writer({"/bin/bash", "-c", script}, dir.path() / "log");
  const auto acked = [&] {
    std::ifstream in(dir.path() / "acks");
    long lines = 0;
    for (std::string line; std::getline(in, line);) ++lines;
    return lines;
  };
  ASSERT_TRUE(eventually([&] { return acked() > 200; }));
  node.kill_and_restart();
  writer.wait();
  const long acknowledged = acked();
  EXPECT_GE(std::stol(psql(node, "select count(*) from orders")), acknowledged);
}

TEST_F(Postgres, GarbageClosesThatConnectionOnly) {
  sh("head -c 5000 /dev/urandom | timeout 3 nc -q1 " + node.address() + " 5432 || true");
  EXPECT_EQ(psql(node, "select 1"), "1\n");
}

TEST_F(Postgres, TheReplicaFollowsAndRefusesWrites) {
  const std::string peers = R"({"peers":[{"name":"postgres-1","role":"postgres","address":")" + node.address() + R"(","duty":"DUTY_ACTIVE"}]})";
  LoneNode replica("replica", 5432, peers);
  psql(node, "insert into orders(item_id, quantity, state) values (7, 2, 'placed')");
  EXPECT_TRUE(eventually([&] { return psql(replica, "select count(*) from orders") == "1\n"; }));
  EXPECT_EQ(psql(replica, "select count(*) from items"), "100\n");
  EXPECT_NE(psql(replica, "delete from orders", "-v VERBOSITY=verbose -At").find("25006"), std::string::npos);
  EXPECT_EQ(psql(replica, "select pg_is_in_recovery()"), "t\n");
  EXPECT_NE(psql(node, "select client_addr, state from pg_stat_replication").find("streaming"), std::string::npos);

  // The primary dies: the replica goes on serving reads, and catches up when the primary is back.
  node.kill_and_restart();
  EXPECT_EQ(psql(replica, "select count(*) from orders"), "1\n");
  psql(node, "insert into orders(item_id, quantity, state) values (8, 1, 'placed')");
  EXPECT_TRUE(eventually([&] { return psql(replica, "select count(*) from orders") == "2\n"; }));
}

}  // namespace
}  // namespace chaos::test
