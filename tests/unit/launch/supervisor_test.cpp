#include "launch/supervisor.hpp"

#include "runtime/sleep.hpp"
#include "support/loop.hpp"

#include <csignal>
#include <fstream>

namespace chaos {
namespace {

using namespace std::chrono_literals;

/// Nodes are shell scripts here.
class SupervisorTest : public ::testing::Test {
 public:
  std::filesystem::path dir = std::filesystem::path(::testing::TempDir()) / (std::string("supervisor_") + std::to_string(getpid()));
  asio::io_context io{1};
  std::vector<int> pids;
  std::vector<ProcessEnd> ends;
  std::vector<std::string> ended;
  std::unique_ptr<Supervisor> supervisor;
  WaitList changed;

  void SetUp() override { std::filesystem::create_directories(dir); }
  void TearDown() override {
    supervisor.reset();
    std::filesystem::remove_all(dir);
  }
  void node_is(const std::string& script) {
    std::ofstream(dir / "node") << "#!/bin/sh\n" << script << "\n";
    std::filesystem::permissions(dir / "node", std::filesystem::perms::owner_all);
    Supervisor::Handlers handlers;
    handlers.on_start = [this](const std::string&, int pid) { pids.push_back(pid); changed.notify_all(); };
    handlers.on_end = [this](const std::string& node, const ProcessEnd& end) { ends.push_back(end); ended.push_back(node); changed.notify_all(); };
    handlers.on_failure = [](const std::string&, const std::string&) {};
    supervisor = std::make_unique<Supervisor>(io, LaunchSettings{dir / "node", "127.0.0.1:1", dir, dir}, handlers);
    supervisor->keep({"redis-1", "redis", "127.0.0.1"});
  }
  awaitable<void> until_started(std::size_t count) {
    while (pids.size() < count) co_await changed.wait(RealTime::max());
  }
};

TEST_F(SupervisorTest, StartsAProcessThatWasKilledAnewAtOnce) {
  node_is("exec sleep 60");
  auto story = [](SupervisorTest& t) -> awaitable<void> {
    co_await t.until_started(1);
    const RealTime killed = RealClock::now();
    kill(t.pids[0], SIGKILL);
    co_await t.until_started(2);
    EXPECT_LT(RealClock::now() - killed, 500ms);
    co_await t.supervisor->stop(1s);
  };
  test::run(io, story(*this));
  ASSERT_EQ(ends.size(), 2u);
  EXPECT_FALSE(ends[0].asked);
  EXPECT_TRUE(ends[1].asked);
  EXPECT_EQ(kill(pids[1], 0), -1);
}

TEST_F(SupervisorTest, InsistsWhenSigtermIsIgnored) {
  node_is("trap '' TERM\nwhile :; do sleep 0.01; done");
  auto story = [](SupervisorTest& t) -> awaitable<void> {
    co_await t.until_started(1);
    co_await sleep_real(50ms);   // the trap is set
    t.supervisor->restart("redis-1", 50ms);
    co_await t.until_started(2);
    co_await t.supervisor->stop(50ms);
  };
  test::run(io, story(*this));
  EXPECT_EQ(ends[0].value, SIGKILL);
  EXPECT_TRUE(ends[0].asked);
}

TEST_F(SupervisorTest, EndsACallerBeforeWhomItCalls) {
  node_is("trap 'sleep 0.02; exit 0' TERM\nwhile :; do sleep 0.01; done");
  supervisor->keep({"client-1", "client", "127.0.0.1", 0});
  supervisor->keep({"server-1", "server", "127.0.0.1", 3});
  supervisor->keep({"a-store-1", "postgres", "127.0.0.1", 5});
  auto story = [](SupervisorTest& t) -> awaitable<void> {
    co_await t.until_started(4);
    co_await sleep_real(50ms);   // the traps are set
    co_await t.supervisor->stop(1s);
  };
  test::run(io, story(*this));
  ASSERT_EQ(ended.size(), 4u);
  EXPECT_EQ(ended[2], "server-1");
  EXPECT_EQ(ended[3], "a-store-1");
}

TEST_F(SupervisorTest, ANodeThatHangsHoldsTheOthersUpForAMomentOnly) {
  node_is("trap '' TERM\nwhile :; do sleep 0.01; done");
  supervisor->keep({"server-1", "server", "127.0.0.1", 3});
  supervisor->keep({"store-1", "postgres", "127.0.0.1", 5});
  auto story = [](SupervisorTest& t) -> awaitable<void> {
    co_await t.until_started(3);
    co_await sleep_real(50ms);
    co_await t.supervisor->stop(500ms);
  };
  test::run(io, story(*this));
  ASSERT_EQ(ends.size(), 3u);
  for (const ProcessEnd& end : ends) EXPECT_EQ(end.value, SIGKILL);
}

TEST_F(SupervisorTest, TellsTheNodeWhoItIs) {
  node_is("exec sleep 60");
  const auto line = supervisor->command_line({"redis-1", "redis", "127.0.0.1"});
  EXPECT_EQ(line[1], "redis");
  EXPECT_EQ(line[3], "redis-1");
  EXPECT_EQ(line.back(), std::to_string(getpid()));
  auto story = [](SupervisorTest& t) -> awaitable<void> { co_await t.supervisor->stop(1s); };
  test::run(io, story(*this));
}

}  // namespace
}  // namespace chaos
