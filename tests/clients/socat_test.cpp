// socat on the load balancer's socket of a lab under load; what it orders is seen by chaosctl, and the other way round.
#include "support/compat.hpp"
#include "support/gauge.hpp"
#include "support/lb_bench.hpp"

#include <gmock/gmock.h>

namespace chaos::test {
namespace {

using testing::HasSubstr;

TEST(Socat, AndChaosctlSeeTheSameDrain) {
  compat("Clients", "socat", "the load balancer's UNIX socket under load: show stat, show sess, set server; chaosctl status and events tell what was ordered");
  Lab lab(test_drill("steady"), "--speed 60");
  ASSERT_TRUE(lab.up());
  std::string socket = sh("find " + lab.data().string() + " -name haproxy.sock").out;
  socket = socket.substr(0, socket.find('\n'));
  ASSERT_FALSE(socket.empty());
  const auto say = [&](const std::string& line) { return sh("echo '" + line + "' | socat -t 5 - UNIX-CONNECT:" + socket).out; };
  const auto figure = [&](const std::string& name, const std::string& column) { return csv_rows(say("show stat"))[name][column]; };
  ASSERT_TRUE(eventually([&] { return std::stoi("0" + figure("be/server-2", "rate")) > 3 && std::stoi("0" + figure("be/server-1", "rate")) > 3; }, std::chrono::seconds(60)));
  EXPECT_GT(std::stoi("0" + figure("fe/FRONTEND", "scur")), 0);
  EXPECT_TRUE(eventually([&] { return say("show sess").find("fe=fe be=be srv=server-") != std::string::npos; }));

  say("set server be/server-2 state drain");
  EXPECT_TRUE(eventually([&] { return lab.node("server-2").at("taken_out") == "drain at lb-1"; }));
  EXPECT_THAT(lab.ctl("status").out, HasSubstr("ready, drain at lb-1"));
  EXPECT_THAT(lab.ctl("events").out, HasSubstr("server-2: set to drain by the runtime API of lb-1"));
  const Output refused = lab.ctl("undrain server-2");
  EXPECT_NE(refused.exit, 0);
  EXPECT_THAT(refused.out, HasSubstr("set server be/server-2 state ready"));
  EXPECT_EQ(figure("be/server-2", "rate_max").empty(), false);
  EXPECT_TRUE(eventually([&] { return figure("be/server-2", "rate") == "0"; }));

  say("set server be/server-2 state ready");
  EXPECT_TRUE(eventually([&] { return lab.node("server-2").at("taken_out") == ""; }));
  EXPECT_TRUE(eventually([&] { return figure("be/server-2", "rate") != "0"; }));

  EXPECT_EQ(lab.ctl("drain server-1").exit, 0);
  EXPECT_TRUE(eventually([&] { return figure("be/server-1", "status") == "DRAIN"; }));
  EXPECT_EQ(say("set server be/server-1 state ready"), "server-1 is drained by the lab's controller: chaosctl undrain server-1.\n\n");
  EXPECT_EQ(lab.ctl("undrain server-1").exit, 0);
  EXPECT_TRUE(eventually([&] { return figure("be/server-1", "status") == "UP"; }));
}

}  // namespace
}  // namespace chaos::test
