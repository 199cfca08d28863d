// A lab whose controller died comes back at its addresses; at others only where somebody has taken them, and then it says so.
#include "support/lab.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <unistd.h>

namespace chaos::test {
namespace {

void kill_controller(const Lab& lab) {
  std::ifstream in(lab.data() / "lab.json");
  const boost::json::value file = boost::json::parse(std::string(std::istreambuf_iterator<char>(in), {}));
  kill(static_cast<int>(file.at("pid").to_number<int>()), SIGKILL);
  ASSERT_TRUE(eventually([&] { return lab.processes().empty(); }));
}

TEST(ResumedLab, KeepsItsAddressesUnlessTheyAreTaken) {
  const std::string octet = std::to_string(100 + getpid() % 150);      // of those that no lab takes by itself
  Lab lab(test_drill("steady"), "--speed 60 --octet " + octet);
  ASSERT_TRUE(lab.up());
  const std::string before = lab.address("postgres-1");
  ASSERT_EQ(before, "127." + octet + ".60.1");
  kill_controller(lab);
  const Output same = lab.ctl("up --resume", 40);
  ASSERT_EQ(same.exit, 0) << same.out;
  EXPECT_EQ(lab.address("postgres-1"), before);
  EXPECT_FALSE(has(same.out, "the addresses are")) << same.out;

  kill_controller(lab);
  TempDir dir;
  const std::string claim = "import socket, time\ns = socket.socket(socket.AF_UNIX)\ns.bind('\\0chaoslab-127." + octet + "')\nprint('taken', flush=True)\ntime.sleep(600)";
  const Child other({"/usr/bin/python3", "-c", claim}, dir.path() / "other");
  ASSERT_TRUE(eventually([&] { return has(sh("cat " + (dir.path() / "other").string()).out, "taken"); }));
  const Output moved = lab.ctl("up --resume", 40);
  ASSERT_EQ(moved.exit, 0) << moved.out;
  EXPECT_NE(lab.address("postgres-1"), before);
  const std::string said = "no longer 127." + octet + ".x.y";
  EXPECT_TRUE(has(moved.out, said)) << moved.out;
  EXPECT_TRUE(has(lab.ctl("events").out, said));
}

}  // namespace
}  // namespace chaos::test
