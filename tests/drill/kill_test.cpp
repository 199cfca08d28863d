// Two hundred SIGKILLs at random over a drill: the run ends, no acknowledged order is lost, no process is left.
#include "support/lab.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <random>
#include <sstream>

namespace chaos::test {
namespace {

std::string command_line(int pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/cmdline");
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<int> nodes_of(const std::string& directory) {
  std::vector<int> found;
  std::error_code ec;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", ec)) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const std::string line = command_line(std::stoi(name));
    if (line.find(directory) != std::string::npos && line.find("chaos-node") != std::string::npos) found.push_back(std::stoi(name));
  }
  return found;
}

TEST(Kills, TwoHundredOverADayLoseNoAcknowledgedOrder) {
  constexpr int kKills = 200;
  TempDir dir;
  const std::string out = (dir.path() / "out").string();
  const std::string ctl = (bin_dir() / "chaosctl").string() + " --data " + dir.path().string() + "/lab -o json";
  Child run({"/bin/bash", "-c", "exec " + ctl + " drill run guided-incident-response --responder none --speed 1440 --seed 7 > " + out + " 2>" + out + ".err"}, dir.path() / "log");
  const std::string directory = dir.path().string() + "/lab";
  const std::string status = (bin_dir() / "chaosctl").string() + " --data " + directory + " status -o json";
  ASSERT_TRUE(eventually([&] { return sh(status).out.find("\"running\"") != std::string::npos; }));

  // A day takes a minute: a kill every quarter of a second, spread by chance, within the first 52 s of it.
  std::mt19937 chance(7);
  std::exponential_distribution<double> gap(kKills / 52.0);
  int killed = 0;
  while (killed < kKills && run.wait(std::chrono::milliseconds(static_cast<int>(gap(chance) * 1000))) == -1) {
    const auto nodes = nodes_of(directory);
    if (nodes.empty()) continue;
    if (::kill(nodes[chance() % nodes.size()], SIGKILL) == 0) ++killed;
  }
  const int code = run.wait(std::chrono::seconds(120));
  std::ifstream in(out);
  std::stringstream text;
  text << in.rdbuf();
  EXPECT_TRUE(code == 0 || code == 7) << code << " " << text.str() << sh("cat " + out + ".err").out;
  EXPECT_GE(killed, kKills * 9 / 10);
  boost::system::error_code ec;
  const auto score = boost::json::parse(text.str(), ec);
  ASSERT_FALSE(ec) << text.str();
  EXPECT_GT(score.at("orders_acknowledged").to_number<int>(), 20);
  EXPECT_EQ(score.at("orders_lost").to_number<int>(), 0);
  EXPECT_TRUE(eventually([&] { return nodes_of(directory).empty(); }));
}

}  // namespace
}  // namespace chaos::test
