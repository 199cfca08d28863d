#include "lb/check_report.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

TEST(CheckReport, HasHaproxysNumbersAndTexts) {
  EXPECT_EQ(check_number(CheckReport().status), 1);
  EXPECT_EQ(check_number("L4TOUT"), 7);
  EXPECT_EQ(check_number("L7STS"), 17);
  EXPECT_EQ(check_number("nonsense"), 0);
  EXPECT_EQ(check_description("CHECKED"), "No status change");
  EXPECT_EQ(check_description("nonsense"), "");
}

TEST(CheckReport, OnlyAnAnswerHasACode) {
  for (const char* status : {"L7OK", "L7OKC", "L7STS"}) EXPECT_TRUE(check_answered(status)) << status;
  for (const char* status : {"INI", "CHECKED", "SOCKERR", "L4CON", "L7TOUT", "L7RSP"}) EXPECT_FALSE(check_answered(status)) << status;
}

}  // namespace
}  // namespace chaos
