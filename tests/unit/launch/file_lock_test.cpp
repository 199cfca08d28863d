#include "launch/file_lock.hpp"

#include "support/process.hpp"

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

namespace chaos {
namespace {

TEST(FileLock, IsHeldByOneAtATimeAndFreeAfterIt) {
  const test::TempDir dir;
  const auto file = dir.path() / "lock";
  EXPECT_FALSE(FileLock::held(file));
  {
    const auto one = FileLock::take(file);
    ASSERT_TRUE(one);
    EXPECT_TRUE(FileLock::held(file));
    const auto two = FileLock::take(file);
    ASSERT_FALSE(two);
    EXPECT_EQ(two.error(), boost::system::errc::resource_unavailable_try_again);
  }
  EXPECT_FALSE(FileLock::held(file));
  EXPECT_TRUE(FileLock::take(file));
}

TEST(FileLock, IsFreeOnceItsHolderIsKilledEvenIfNobodyReapedIt) {
  const test::TempDir dir;
  const auto file = dir.path() / "lock";
  const pid_t child = fork();
  if (child == 0) {
    const auto lock = FileLock::take(file);
    pause();
    _exit(lock ? 0 : 1);
  }
  EXPECT_TRUE(test::eventually([&] { return FileLock::held(file); }));
  kill(child, SIGKILL);
  EXPECT_TRUE(test::eventually([&] { return !FileLock::held(file); }));
  EXPECT_EQ(waitpid(child, nullptr, 0), child);
}

TEST(FileLock, SaysWhyAFileCannotBeOpened) {
  const auto lock = FileLock::take("/nowhere/lock");
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error(), boost::system::errc::no_such_file_or_directory);
}

}  // namespace
}  // namespace chaos
