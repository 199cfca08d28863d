// A replica takes over in a lab under load: orders work again, and what was lost is what psql finds missing.
#include "support/gauge.hpp"
#include "support/test_node.hpp"

#include <gtest/gtest.h>

#include <regex>

#include <csignal>
#include <fstream>

namespace chaos::test {
namespace {

std::string psql(const std::string& address, const std::string& sql) {
  const std::string out = sh("psql -h " + address + " -U shop -At -c \"" + sql + "\"").out;
  return out.substr(0, out.find('\n'));
}
int orders(const std::string& address) { return std::atoi(psql(address, "select count(*) from orders").c_str()); }
std::string primary(const Lab& lab) { return std::string(lab.status().at("primary").as_string()); }

bool more_orders(const std::string& address, int more) {
  const int before = orders(address);
  return eventually([&] { return orders(address) >= before + more; });
}

// No user's request is under way any more.
bool silence(const Lab& lab) {
  if (lab.ctl("traffic set 0").exit != 0) return false;
  return eventually([&] {
    return lab.node("server-1").at("in_flight").to_number<int>() == 0 && lab.node("server-2").at("in_flight").to_number<int>() == 0 &&
           lab.node("client-1").at("in_flight").to_number<int>() == 0;
  });
}

/// The old primary's data, served by a node of its own.
class Autopsy {
 public:
  explicit Autopsy(const std::filesystem::path& data) : address_(TestNode::fresh_address()) {
    std::filesystem::copy(data, dir_.path() / "data", std::filesystem::copy_options::recursive);
    std::ofstream(dir_.path() / "state.json") << "{}";
    const std::vector<std::string> args{(bin_dir() / "chaos-node").string(), "postgres", "--name", "autopsy", "--listen", address_,
                                        "--data", (dir_.path() / "data").string(), "--state", (dir_.path() / "state.json").string()};
    node_ = std::make_unique<Child>(args, dir_.path() / "log");
    EXPECT_TRUE(eventually([&] { return accepts(address_, 5432); }));
  }
  const std::string& address() const { return address_; }

 private:
  TempDir dir_;
  std::string address_;
  std::unique_ptr<Child> node_;
};

std::string of_record(const Lab& lab, const std::string& sql) {
  return sh("python3 -c \"import sqlite3; print(sqlite3.connect('" + (lab.data() / "record.db").string() + "').execute('" + sql + "').fetchone()[0])\"").out;
}

TEST(Failover, AKilledPrimaryIsReplacedAndTheLossIsCountedAsPsqlFindsIt) {
  Lab lab(test_drill("steady"), "--speed 60");
  ASSERT_TRUE(lab.up());
  const std::string old = lab.address("postgres-1"), fresh = lab.address("replica-1");
  ASSERT_TRUE(more_orders(old, 20));
  EXPECT_EQ(primary(lab), "postgres-1");
  EXPECT_EQ(lab.ctl("failover").exit, 5) << "it serves: --yes is wanted";
  inject(lab, "blackhole 'replica->postgres'");
  ASSERT_TRUE(more_orders(old, 30));
  ASSERT_TRUE(silence(lab));
  kill(lab.pid("postgres-1"), SIGKILL);
  const Output out = lab.ctl("failover --yes");
  ASSERT_EQ(out.exit, 0) << out.out;
  EXPECT_EQ(primary(lab), "replica-1");

  const Autopsy autopsy(lab.data() / "nodes" / "postgres-1");
  const int lost = orders(autopsy.address()) - orders(fresh), acknowledged = orders(autopsy.address());
  EXPECT_GE(lost, 30);
  // A user who did not wait for the answer has no order: the database may hold more than were acknowledged.
  std::smatch told;
  ASSERT_TRUE(std::regex_search(out.out, told, std::regex("(\\d+) of (\\d+) acknowledged orders are lost"))) << out.out;
  const int counted = std::stoi(told[1]), known = std::stoi(told[2]), unanswered = acknowledged - known;
  EXPECT_GE(unanswered, 0) << out.out;
  EXPECT_LE(counted, lost) << out.out;
  EXPECT_GE(counted, lost - unanswered) << out.out << "lost " << lost << " of " << acknowledged;
  EXPECT_NE(out.out.find("transactions"), std::string::npos) << out.out;

  EXPECT_TRUE(eventually([&] { return of_record(lab, "SELECT count(*) FROM failover_losses") == std::to_string(counted) + "\n"; })) << "known before any ledger check";

  EXPECT_EQ(lab.ctl("traffic curve").exit, 0);
  EXPECT_TRUE(more_orders(fresh, 10));
  EXPECT_TRUE(eventually([&] { return success_now(lab) > 0.99; }));
  EXPECT_EQ(lab.state("postgres-1"), "PHASE_STANDBY");

  EXPECT_EQ(lab.ctl("start postgres-1").exit, 0);
  EXPECT_TRUE(eventually([&] { return psql(old, "select pg_is_in_recovery()") == "t"; }));
  EXPECT_TRUE(eventually([&] { return gauge(lab, "postgres-1", "discarded_transactions") >= lost; }));
  EXPECT_TRUE(eventually([&] { return psql(fresh, "select application_name, state from pg_stat_replication") == "postgres-1|streaming"; }));

  inject(lab, "blackhole 'postgres-1->replica-1'");      // the standby calls the primary, whichever roles they began with
  const int held = orders(old);
  EXPECT_TRUE(more_orders(fresh, 30));
  EXPECT_LT(orders(old), held + 20);
  EXPECT_EQ(lab.ctl("clear --all").exit, 0);
  EXPECT_TRUE(eventually([&] { return orders(old) >= held + 30; }));

  EXPECT_EQ(lab.ctl("down --settle", 60).exit, 0);
  EXPECT_EQ(of_record(lab, "SELECT count(*) FROM failover_losses"), std::to_string(counted) + "\n");
  EXPECT_EQ(of_record(lab, "SELECT count(*) FROM ledger WHERE problem = \\\"lost\\\""), "0\n");
}

TEST(Failover, ASwitchoverLosesNothingThoughChangesAreHeldBackAndTheRunRemembersWhoIsPrimary) {
  Lab lab(test_drill("steady"), "--speed 60");
  ASSERT_TRUE(lab.up());
  std::string old = lab.address("postgres-1"), fresh = lab.address("replica-1");
  ASSERT_TRUE(more_orders(old, 10));
  inject(lab, "lag replica-1 --delay-lab-s 36000");
  ASSERT_TRUE(more_orders(old, 20));
  const Output out = lab.ctl("failover replica-1 --yes --rejoin");
  ASSERT_EQ(out.exit, 0) << out.out;
  EXPECT_NE(out.out.find("no acknowledged order is lost"), std::string::npos) << out.out;
  EXPECT_NE(out.out.find("postgres-1 follows it"), std::string::npos) << out.out;
  EXPECT_TRUE(more_orders(fresh, 10));
  EXPECT_TRUE(eventually([&] { return success_now(lab) > 0.99; }));
  EXPECT_EQ(metric(lab.address("replica-1"), "postgres_in_recovery"), 0);
  EXPECT_EQ(metric(lab.address("postgres-1"), "postgres_in_recovery"), 1);

  std::ifstream in(lab.data() / "lab.json");
  const boost::json::value file = boost::json::parse(std::string(std::istreambuf_iterator<char>(in), {}));
  kill(static_cast<int>(file.at("pid").to_number<int>()), SIGKILL);
  ASSERT_TRUE(eventually([&] { return lab.processes().empty(); }));
  ASSERT_EQ(lab.ctl("up --resume", 40).exit, 0);
  old = lab.address("postgres-1"), fresh = lab.address("replica-1");      // whichever range of addresses is free now
  EXPECT_EQ(primary(lab), "replica-1");
  EXPECT_TRUE(more_orders(fresh, 10));
  EXPECT_EQ(psql(old, "select pg_is_in_recovery()"), "t");

  const Output back = lab.ctl("failover postgres-1 --yes");
  ASSERT_EQ(back.exit, 0) << back.out;
  EXPECT_NE(back.out.find("no acknowledged order is lost"), std::string::npos) << back.out;
  EXPECT_TRUE(more_orders(old, 10));
}

}  // namespace
}  // namespace chaos::test
