#include "launch/log_tail.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

namespace chaos {
namespace {

struct LogTailTest : ::testing::Test {
  std::filesystem::path file = std::filesystem::path(::testing::TempDir()) / ("tail_" + std::to_string(getpid()));
  void TearDown() override { std::filesystem::remove(file); }
  void append(const std::string& text) { std::ofstream(file, std::ios::app) << text; }
};

TEST_F(LogTailTest, GivesTheLastWholeLinesThenWhatComes) {
  append("a\nb\nc\nunfini");
  LogTail tail(file);
  EXPECT_EQ(tail.last(2), (std::vector<std::string>{"b", "c"}));
  append("shed\nd\n");
  EXPECT_EQ(tail.next(), (std::vector<std::string>{"unfinished", "d"}));
  EXPECT_TRUE(tail.next().empty());
}

TEST_F(LogTailTest, FollowsARotation) {
  append("a\nb\n");
  LogTail tail(file);
  tail.last(1);
  std::filesystem::remove(file);
  append("c\n");
  EXPECT_EQ(tail.next(), (std::vector<std::string>{"c"}));
}

TEST_F(LogTailTest, ReadsABoundedPartOfALargeFile) {
  append(std::string(300 * 1024, 'x') + "\nlast\n");
  LogTail tail(file);
  EXPECT_EQ(tail.last(10), (std::vector<std::string>{"last"}));
}

TEST_F(LogTailTest, AFileThatIsNotThereHasNoLines) { EXPECT_TRUE(LogTail(file).last(10).empty()); }

}  // namespace
}  // namespace chaos
