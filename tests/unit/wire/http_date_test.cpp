#include "wire/http_date.hpp"

#include <gtest/gtest.h>

namespace chaos::http {
namespace {

TEST(HttpDate, FormatsAsImfFixdate) { EXPECT_EQ(format_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT"); }

TEST(HttpDate, ReadsTheThreeFormsOfRfc9110) {
  EXPECT_EQ(parse_date("Sun, 06 Nov 1994 08:49:37 GMT"), 784111777);
  EXPECT_EQ(parse_date("Sunday, 06-Nov-94 08:49:37 GMT"), 784111777);
  EXPECT_EQ(parse_date("Sun Nov  6 08:49:37 1994"), 784111777);
}

TEST(HttpDate, RefusesOtherText) {
  for (const char* text : {"", "yesterday", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 GMT and more"}) {
    EXPECT_EQ(parse_date(text), std::nullopt) << text;
  }
}

TEST(HttpDate, TheFieldFollowsTheSecond) {
  DateField date;
  EXPECT_EQ(date.at(0), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(date.at(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(date.at(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(date.at(784111778), "Sun, 06 Nov 1994 08:49:38 GMT");
}

}  // namespace
}  // namespace chaos::http
