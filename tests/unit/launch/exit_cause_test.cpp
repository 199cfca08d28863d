#include "launch/exit_cause.hpp"

#include "runtime/last_words.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace chaos {
namespace {

ProcessEnd killed(std::uint64_t resident, std::uint64_t limit) {
  ProcessEnd end;
  end.signaled = true;
  end.value = SIGKILL;
  end.resident_bytes = resident;
  end.memory_limit_bytes = limit;
  return end;
}

TEST(ExitCause, BelievesAProcessThatSaidItIsOutOfMemoryWhateverItReportedBefore) {
  ProcessEnd end = killed(10, 100);
  end.last_words = kOutOfMemory;
  EXPECT_EQ(exit_cause(end).word, "killed");
  EXPECT_EQ(exit_cause(end).text, "OOMKilled (out of memory, exit code 137)");
}

TEST(ExitCause, AKillFromOutsideIsNoneForMemoryHoweverNearTheLimit) { EXPECT_EQ(exit_cause(killed(99, 100)).text, "SIGKILL"); }

TEST(ExitCause, UnderALimitOfTheKernelTheLastReportTells) {
  ProcessEnd end = killed(90, 100);
  end.kernel_limit = true;
  EXPECT_EQ(exit_cause(end).text, "OOMKilled (out of memory, exit code 137)");
  end.resident_bytes = 89;
  EXPECT_EQ(exit_cause(end).word, "killed");
  EXPECT_EQ(exit_cause(end).text, "SIGKILL");
}

TEST(ExitCause, WordsAloneAreNoKill) {
  ProcessEnd end;
  end.value = 3;
  end.last_words = kOutOfMemory;
  EXPECT_EQ(exit_cause(end).text, "exit code 3");
}

TEST(ExitCause, KnowsNoLimitWithoutAReport) { EXPECT_EQ(exit_cause(killed(0, 0)).word, "killed"); }

TEST(ExitCause, BelievesThatItWasAsked) {
  ProcessEnd end = killed(100, 100);
  end.asked = true;
  EXPECT_EQ(exit_cause(end).word, "stopped");
}

TEST(ExitCause, NamesSignalAndCode) {
  ProcessEnd end;
  end.signaled = true;
  end.value = SIGSEGV;
  EXPECT_EQ(exit_cause(end).text, "SIGSEGV");
  end.signaled = false;
  end.value = 3;
  EXPECT_EQ(exit_cause(end).word, "exited");
  EXPECT_EQ(exit_cause(end).text, "exit code 3");
}

TEST(ExitCause, OfAnEndThatNobodySawOnlyWhatWasKnownBefore) {
  EXPECT_EQ(unseen_end({true, 100, 100}).word, "stopped");
  EXPECT_EQ(unseen_end({false, 95, 100}).word, "killed");
  EXPECT_NE(unseen_end({false, 95, 100}).text.find("out of memory"), std::string::npos);
  EXPECT_EQ(unseen_end({false, 50, 100}).word, "lost");
  EXPECT_EQ(unseen_end({false, 50, 0}).word, "lost");
}

}  // namespace
}  // namespace chaos
