// The guided drill in containers, with the rolling responder on call.
#include "compose/stack.hpp"

namespace chaos::test {
namespace {

using std::chrono::seconds;

class ComposeDrill : public Stack {
 protected:
  static void SetUpTestSuite() { bring_up("CHAOSLAB_SPEED=720 CHAOSLAB_RESPONDER=rolling"); }
  static void TearDownTestSuite() { take_down(); }
  static double lab_s() {
    const auto status = ask("status");
    return status.is_object() ? status.at("lab_s").to_number<double>() : 0;
  }
};

// Docker lets a container that lived less than ten seconds wait ever longer: when the restarts begin, a server's life between two of
// them has to be longer than that.
TEST_F(ComposeDrill, RollingRecoveryKeepsTheContractThroughDockersRestarts) {
  ASSERT_TRUE(eventually([] { return lab_s() > 16 * 3600; }, seconds(150))) << lab_s();
  ASSERT_EQ(ctl("speed 100").exit, 0);
  ASSERT_TRUE(eventually([] { return state() == "ended"; }, seconds(420))) << state() << " at lab " << lab_s() / 3600;
  const auto contract = ask("contract");
  EXPECT_TRUE(contract.at("met").as_bool()) << json::serialize(contract);
  EXPECT_GE(contract.at("uptime").to_number<double>(), 0.95);
  int restarts = 0;
  for (const auto* server : {"server-1", "server-2", "server-3", "server-4"}) {
    EXPECT_NE(inspect(server, ".RestartCount"), "0") << server;
    restarts += node(server).at("restarts").to_number<int>();
  }
  EXPECT_GE(restarts, 8) << "the leak goes on all evening";
  const Output report = compose("exec -T controller sh -c 'chaosctl postmortem r1 >/dev/null && cat /data/reports/postmortem-r1.md'");
  EXPECT_NE(report.out.find("orders acknowledged, each in Postgres and with its receipt"), std::string::npos) << report.out;
}

}  // namespace
}  // namespace chaos::test
