#include "launch/process.hpp"

#include "support/loop.hpp"

#include <csignal>
#include <fstream>
#include <sstream>

namespace chaos {
namespace {

class ProcessTest : public ::testing::Test {
 public:
  std::filesystem::path log = std::filesystem::path(::testing::TempDir()) / (std::string("process_") + std::to_string(getpid()) + ".log");
  asio::io_context io{1};

  void TearDown() override { std::filesystem::remove(log); }
  std::unique_ptr<Process> shell(const std::string& script) {
    const Command command{{"/bin/sh", "-c", script}, log};
    auto started = Process::start(io, command);
    return std::move(*started);
  }
  std::string logged() const {
    std::stringstream text;
    text << std::ifstream(log).rdbuf();
    return text.str();
  }
};

TEST_F(ProcessTest, GivesTheExitCodeAndKeepsTheOutput) {
  auto process = shell("echo out; echo err >&2; exit 7");
  const ProcessEnd end = test::run(io, process->wait());
  EXPECT_FALSE(end.signaled);
  EXPECT_EQ(end.value, 7);
  EXPECT_EQ(logged(), "out\nerr\n");
}

TEST_F(ProcessTest, GivesTheSignal) {
  auto process = shell("exec sleep 60");
  process->signal(SIGKILL);
  const ProcessEnd end = test::run(io, process->wait());
  EXPECT_TRUE(end.signaled);
  EXPECT_EQ(end.value, SIGKILL);
}

TEST_F(ProcessTest, HasASmallStackAndNoForeignDescriptors) {
  auto process = shell("ulimit -s; ls /proc/self/fd | wc -l");
  test::run(io, process->wait());
  EXPECT_EQ(logged(), "1024\n5\n");   // 0, 1, 2, the last words' and that of the listing itself
}

TEST_F(ProcessTest, HearsWhatAProcessSaysBeforeItDiesAtOnce) {
  auto process = shell("printf out_of_memory >&3; kill -9 $$");
  const ProcessEnd end = test::run(io, process->wait());
  EXPECT_EQ(end.value, SIGKILL);
  EXPECT_EQ(end.last_words, "out_of_memory");
}

TEST_F(ProcessTest, OneThatSaysTooMuchIsCutOffAndOneThatHandedItsEndOnIsNotWaitedFor) {
  auto process = shell("(sleep 2) & head -c 1000 /dev/zero >&3; kill -9 $$");
  EXPECT_EQ(test::run(io, process->wait()).last_words.size(), 128u);
  auto silent = shell("(sleep 2) & kill -9 $$");
  EXPECT_EQ(test::run(io, silent->wait()).last_words, "");
}

TEST_F(ProcessTest, IsGoneWithItsOwner) {
  auto process = shell("exec sleep 60");
  const int pid = process->pid();
  process.reset();
  EXPECT_EQ(kill(pid, 0), -1);
}

TEST_F(ProcessTest, AProgramThatIsNotThereIsAnError) {
  const Command command{{"/nonexistent/program"}, log};
  EXPECT_FALSE(Process::start(io, command));
}

}  // namespace
}  // namespace chaos
