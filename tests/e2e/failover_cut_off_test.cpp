// A controller that dies within a failover: the next one goes on with it, and the lab ends with one primary and a count of what is lost.
#include "support/gauge.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <regex>
#include <sstream>

namespace chaos::test {
namespace {

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

int orders(const std::string& address) {
  return std::atoi(sh("psql -h " + address + " -U shop -At -c 'select count(*) from orders'").out.c_str());
}

bool more_orders(const std::string& address, int more) {
  const int before = orders(address);
  return eventually([&] { return orders(address) >= before + more; });
}

int controller_of(const Lab& lab) {
  return static_cast<int>(boost::json::parse(text_of(lab.data() / "lab.json")).at("pid").to_number<int>());
}

// The lab's orders that the new primary never received, and how many of them the event names.
int counted(const Lab& lab) {
  const std::string events = lab.ctl("events").out;
  std::smatch told;
  return std::regex_search(events, told, std::regex("(\\d+) of \\d+ acknowledged orders (is|are) lost")) ? std::stoi(told[1]) : -1;
}

struct CutOff {
  std::string at;              // the line of the failover's progress at which its controller is killed
  bool frozen = false;         // the standby hangs: it has not turned by then
};
std::ostream& operator<<(std::ostream& out, const CutOff& cut) { return out << cut.at << (cut.frozen ? ", the standby hangs" : ""); }

class FailoverCutOff : public testing::TestWithParam<CutOff> {};

TEST_P(FailoverCutOff, IsGoneOnWith) {
  Lab lab(test_drill("steady"), "--speed 60");
  ASSERT_TRUE(lab.up());
  const std::string old = lab.address("postgres-1");
  ASSERT_TRUE(more_orders(old, 10));
  inject(lab, "blackhole 'replica->postgres'");
  ASSERT_TRUE(more_orders(old, 20));
  const int controller = controller_of(lab);
  if (GetParam().frozen) kill(lab.pid("replica-1"), SIGSTOP);

  TempDir dir;
  Child failover({(bin_dir() / "chaosctl").string(), "--data", lab.data().string(), "failover", "replica-1", "--yes", "--rejoin"}, dir.path() / "log");
  ASSERT_TRUE(eventually([&] { return has(text_of(dir.path() / "log"), GetParam().at); })) << text_of(dir.path() / "log");
  kill(controller, SIGKILL);
  EXPECT_NE(failover.wait(), 0);
  ASSERT_TRUE(eventually([&] { return lab.processes().empty(); }));

  const Output resumed = lab.ctl("up --resume", 40);
  ASSERT_EQ(resumed.exit, 0) << resumed.out;
  ASSERT_TRUE(eventually([&] { return has(lab.ctl("events").out, "failover to replica-1 is done"); })) << lab.ctl("events").out;
  EXPECT_EQ(std::string(lab.status().at("primary").as_string()), "replica-1");
  EXPECT_TRUE(more_orders(lab.address("replica-1"), 10));
  EXPECT_TRUE(eventually([&] { return metric(lab.address("postgres-1"), "postgres_in_recovery") == 1; })) << "it has rejoined";
  EXPECT_EQ(metric(lab.address("replica-1"), "postgres_in_recovery"), 0);
  const int lost = counted(lab);
  EXPECT_GT(lost, 0) << lab.ctl("events").out;

  EXPECT_EQ(lab.ctl("down --settle", 60).exit, 0);
  const std::string query = "'select (select count(*) from failover_losses), (select count(*) from ledger where problem = \\\"lost\\\")'";
  EXPECT_EQ(sh("python3 -c \"import sqlite3; print(*sqlite3.connect('" + (lab.data() / "record.db").string() + "').execute(" + query + ").fetchone())\"").out,
            std::to_string(lost) + " 0\n");
}

INSTANTIATE_TEST_SUITE_P(At, FailoverCutOff,
                         testing::Values(CutOff{"stopping postgres-1"}, CutOff{"promoting replica-1", true}, CutOff{"promoting replica-1"},
                                         CutOff{"counting what it lacks"}, CutOff{"servers and workers move"}),
                         [](const auto& info) { return std::regex_replace(info.param.at, std::regex("[^a-z]+"), "_") + (info.param.frozen ? "frozen" : ""); });

}  // namespace
}  // namespace chaos::test
