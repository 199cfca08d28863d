// The guided drill with its three responders: the lesson must come out of the running system.
#include "support/lab.hpp"

#include <gtest/gtest.h>

namespace chaos::test {
namespace {

TEST(GuidedDrill, RollingKeepsTheContractAndBeatsRestartingTheFleet) {
  TempDir dir;
  const Output output = sh((bin_dir() / "chaosctl").string() + " --data " + dir.path().string() + " -o json drill compare guided-incident-response --seed 1 --speed 720 2>" +
                               dir.path().string() + "/progress", 850);
  ASSERT_EQ(output.exit, 0) << output.out << sh("tail -5 " + dir.path().string() + "/progress").out;
  std::map<std::string, boost::json::object> by_name;
  const auto parsed = boost::json::parse(output.out);
  for (const auto& one : parsed.at("responders").as_array()) by_name[std::string(one.at("name").as_string())] = one.as_object();
  ASSERT_EQ(by_name.size(), 3u);
  const auto figure = [&](const char* name, const char* field) { return by_name[name].at(field).to_number<double>(); };

  EXPECT_TRUE(by_name["rolling"].at("contract_met").as_bool()) << output.out;
  EXPECT_FALSE(by_name["none"].at("contract_met").as_bool()) << output.out;
  EXPECT_LT(figure("restart-all", "uptime"), figure("rolling", "uptime"));
  EXPECT_LT(figure("restart-all", "worst_minute"), 0.5);
  for (const char* name : {"none", "rolling", "restart-all"}) {
    EXPECT_GT(figure(name, "orders_acknowledged"), 100) << name;
    EXPECT_EQ(figure(name, "orders_lost"), 0) << name;
  }
  EXPECT_EQ(sh((bin_dir() / "chaosctl").string() + " --data " + dir.path().string() + " postmortem r2").exit, 0);
}

}  // namespace
}  // namespace chaos::test
