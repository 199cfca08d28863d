// Nodes that somebody else keeps, as in containers: a failover whose controller ends is gone on with by the restarted one, while they serve.
#include "support/gauge.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <unistd.h>

namespace chaos::test {
namespace {

struct Kept {
  const char* role;
  int third;               // octet of its addresses
  int index = 1;
};
constexpr Kept kNodes[] = {{"client", 10}, {"cdn", 20}, {"lb", 30}, {"server", 40, 1}, {"server", 40, 2}, {"server", 40, 3},
                           {"redis", 50}, {"replica", 55}, {"postgres", 60}, {"queue", 70}, {"worker", 80}, {"object_store", 90}};

/// The controller and the nodes of the drill "steady", each kept by a shell as Docker's restart policy would.
class KeptElsewhere : public testing::TestWithParam<int> {
 protected:
  KeptElsewhere() {
    start_controller("");
    for (const Kept& node : kNodes) {
      const std::string name = std::string(node.role) + "-" + std::to_string(node.index);
      const std::string program = (bin_dir() / "chaos-node").string() + " " + node.role + " --name " + name + " --listen " + address(node.third, node.index) +
                                  " --controller " + grpc_ + " --data " + (dir_.path() / name).string() + " --parent $$";
      shells_.push_back(std::make_unique<Child>(std::vector<std::string>{"/bin/sh", "-c", "while :; do " + program + "; done"}, dir_.path() / (name + ".out")));
    }
  }
  std::string address(int third, int index = 1) const { return "127." + octet_ + "." + std::to_string(third) + "." + std::to_string(index); }
  void start_controller(const std::string& more) {
    controller_ = std::make_unique<Child>(std::vector<std::string>{"/bin/sh", "-c", "exec " + (bin_dir() / "chaos-controller").string() + " --no-launch --speed 60 --listen " + grpc_ +
                                                                   " --data " + (dir_.path() / "controller").string() + " --drill " + test_drill("steady") + " " + more},
                                          dir_.path() / "controller.out");
  }
  std::vector<std::string> ctl_args(const std::vector<std::string>& verb) const {
    std::vector<std::string> args{(bin_dir() / "chaosctl").string(), "--controller", grpc_};
    args.insert(args.end(), verb.begin(), verb.end());
    return args;
  }
  Output ctl(const std::string& arguments) const { return sh((bin_dir() / "chaosctl").string() + " --controller " + grpc_ + " " + arguments); }
  std::string text(const std::string& file) const {
    std::ifstream in(dir_.path() / file);
    return std::string(std::istreambuf_iterator<char>(in), {});
  }
  int orders(int third) const { return std::atoi(sh("psql -h " + address(third) + " -U shop -At -c 'select count(*) from orders'").out.c_str()); }
  bool more_orders(int third, int more) const {
    const int before = orders(third);
    return eventually([&] { return orders(third) >= before + more; });
  }
  int pid_of(const std::string& name) const { return std::atoi(sh("pgrep -f '^[^ ]*chaos-node .*--data " + (dir_.path() / name).string() + " '").out.c_str()); }

  TempDir dir_;
  std::string octet_ = std::to_string(100 + getpid() % 150);
  std::string grpc_ = address(1) + ":7000";
  std::unique_ptr<Child> controller_;
  std::vector<std::unique_ptr<Child>> shells_;
};

TEST_P(KeptElsewhere, AFailoverIsGoneOnWithByTheNextController) {
  ASSERT_TRUE(eventually([&] { return orders(60) > 20; }, std::chrono::seconds(40))) << ctl("status").out;
  kill(pid_of("replica-1"), SIGSTOP);      // it cannot turn before the controller has gone
  Child failover(ctl_args({"failover", "replica-1", "--yes"}), dir_.path() / "failover.out");
  ASSERT_TRUE(eventually([&] { return has(text("failover.out"), "promoting replica-1"); })) << text("failover.out");
  controller_->signal(GetParam());
  ASSERT_NE(controller_->wait(), -1);
  kill(pid_of("replica-1"), SIGCONT);

  start_controller("--resume");
  EXPECT_TRUE(eventually([&] { return has(ctl("events").out, "failover to replica-1 is done"); }, std::chrono::seconds(30))) << ctl("events").out;
  EXPECT_TRUE(has(ctl("events").out, "which was cut off, goes on")) << ctl("events").out;
  EXPECT_TRUE(more_orders(55, 10)) << ctl("status").out;
  EXPECT_EQ(metric(address(55), "postgres_in_recovery"), 0);
  EXPECT_NE(ctl("events").out.find("acknowledged order"), std::string::npos) << "what was lost is counted";
  EXPECT_FALSE(accepts(address(60), 5432)) << "there is one primary";
}

INSTANTIATE_TEST_SUITE_P(ThatEndsBy, KeptElsewhere, testing::Values(SIGTERM, SIGKILL),
                         [](const auto& info) { return info.param == SIGTERM ? "SIGTERM" : "SIGKILL"; });

}  // namespace
}  // namespace chaos::test
