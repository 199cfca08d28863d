#include "serve/options.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

TEST(EndOfRun, IsTheDrillsLengthOrTheNextSuchTime) {
  EXPECT_EQ(end_of_run("", 3600, 86'400), 90'000);
  EXPECT_EQ(end_of_run("17:30", 3600, 86'400), 63'000);
  EXPECT_EQ(end_of_run("00:30", 3600, 86'400), 86'400 + 1800);
  EXPECT_EQ(end_of_run("01:00", 3600, 86'400), 86'400 + 3600);
}

TEST(EndOfRun, RefusesWhatIsNoTime) {
  for (const char* text : {"17", "17:3", "25:00", "17:60", "17:30x", ":30", "-1:00"}) EXPECT_FALSE(end_of_run(text, 0, 60)) << text;
}

}  // namespace
}  // namespace chaos
