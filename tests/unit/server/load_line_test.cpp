#include "server/load_line.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

TEST(LoadLine, TakesAllWhileHalfOfTheSlotsAreFree) {
  EXPECT_EQ(load_percent({4, 0, 0, 1}), 100u);
  EXPECT_EQ(load_percent({4, 2, 0, 1}), 100u);
  EXPECT_EQ(load_percent({4, 3, 0, 1}), 50u);
  EXPECT_EQ(load_percent({10, 9, 0, 1}), 20u);
}

TEST(LoadLine, IsNeverNothing) {
  EXPECT_EQ(load_percent({4, 4, 0, 1}), 1u);
  EXPECT_EQ(load_percent({4, 4, 9, 1}), 1u);
  EXPECT_EQ(load_percent({4, 0, 0, 1000}), 1u);
  EXPECT_EQ(load_percent({0, 3, 0, 1}), 1u) << "slots that were taken away";
}

TEST(LoadLine, ASlowServerTakesLess) {
  EXPECT_EQ(load_percent({4, 0, 0, 4}), 25u);
  EXPECT_EQ(load_percent({4, 3, 0, 2}), 25u);
  EXPECT_EQ(load_percent({4, 0, 0, 0.5}), 100u);
}

TEST(LoadLine, SpeaksHaproxysWords) {
  EXPECT_EQ(load_line({4, 3, 0, 1}, false, false), "50%\n");
  EXPECT_EQ(load_line({4, 0, 0, 1}, false, true), "up ready 100%\n");
  EXPECT_EQ(load_line({4, 0, 0, 1}, true, true), "drain\n");
}

}  // namespace
}  // namespace chaos
