// A server that answers slowly while its checks pass: found and taken out of rotation with the load balancer's own tools.
#include "support/compat.hpp"
#include "support/gauge.hpp"
#include "support/lb_bench.hpp"

#include <gtest/gtest.h>

namespace chaos::test {
namespace {

constexpr double kSickMs = 150;    // beyond it users feel it, below it they do not

TEST(CureByDraining, ASlowServerIsFoundInTheStatisticsAndDrainedByTheRuntimeApi) {
  compat("Clients", "socat, curl", "a gray failure: rtime of one server in /;csv, `set server ... state drain`, users' P95 back");
  Lab lab(test_drill("steady"), "--speed 60");
  ASSERT_TRUE(lab.up());
  const std::string lb = lab.address("lb-1");
  const auto figure = [&](const std::string& server, const std::string& column) {
    auto rows = csv_rows(sh("curl -s -m 5 'http://" + lb + ":8404/;csv'").out);
    return rows["be/" + server][column];
  };
  const auto say = [&](const std::string& line) { return sh("echo '" + line + "' | socat -t 5 - TCP:" + lb + ":9999").out; };
  ASSERT_TRUE(eventually([&] { return figure("server-1", "status") == "UP" && figure("server-2", "status") == "UP"; }));
  ASSERT_TRUE(eventually([&] { return p95_now(lab) > 0 && p95_now(lab) < kSickMs; }, std::chrono::seconds(60))) << p95_now(lab);

  inject(lab, "latency 'server-2->redis' --delay-ms 300");
  EXPECT_TRUE(eventually([&] { return p95_now(lab) > 2 * kSickMs; }, std::chrono::seconds(60))) << "users feel it: " << p95_now(lab);
  // The diagnosis: it is up, its checks pass, and it alone takes long.
  EXPECT_EQ(figure("server-2", "status"), "UP");
  EXPECT_TRUE(figure("server-2", "check_status").ends_with("L7OK"));
  EXPECT_TRUE(eventually([&] { return std::stoi("0" + figure("server-2", "rtime")) > 3 * std::stoi("0" + figure("server-1", "rtime")) + 30; }, std::chrono::seconds(30)))
      << figure("server-1", "rtime") << " and " << figure("server-2", "rtime");

  EXPECT_EQ(say("set server be/server-2 state drain"), "\n");
  EXPECT_TRUE(eventually([&] { return figure("server-2", "status") == "DRAIN" && figure("server-2", "scur") == "0"; }));
  const std::string total = figure("server-2", "stot");
  EXPECT_TRUE(eventually([&] { return p95_now(lab) < kSickMs; }, std::chrono::seconds(60))) << "users are well again: " << p95_now(lab);
  EXPECT_EQ(figure("server-2", "stot"), total) << "it got nothing since";

  // What its checks run into is nobody's traffic.
  inject(lab, "error server-2 --probability 0.9");
  EXPECT_TRUE(eventually([&] { return std::stoi("0" + figure("server-2", "chkfail")) >= 3; })) << figure("server-2", "chkfail");
  EXPECT_TRUE(eventually([&] { return lab.node("server-2").at("rate").to_number<double>() == 0; }));
  EXPECT_EQ(lab.node("server-2").at("error_ratio").to_number<double>(), 0);
  EXPECT_EQ(metric(lab.address("server-2"), "node_requests_total", "outcome=\"error\""), 0);
}

}  // namespace
}  // namespace chaos::test
