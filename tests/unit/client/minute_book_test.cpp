#include "client/minute_book.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

LabTime minute(double m) { return LabTime::from_seconds(m * 60); }

TEST(MinuteBook, CountsUnderTheMinuteOfTheIntendedTime) {
  MinuteBook book;
  book.count(minute(10.2), true);
  book.count(minute(10.99), false);
  book.count(minute(11), true);
  const auto told = book.take();
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told.at(10).total, 2u);
  EXPECT_EQ(told.at(10).good, 1u);
  EXPECT_EQ(told.at(11).total, 1u);
}

TEST(MinuteBook, TellsEachIncrementOnce) {
  MinuteBook book;
  book.count(minute(3), true);
  EXPECT_EQ(book.take().size(), 1u);
  EXPECT_TRUE(book.take().empty());
  book.count(minute(3), false);   // known later, meant for the same minute
  EXPECT_EQ(book.take().at(3).total, 1u);
}

TEST(MinuteBook, ForgetsWhatIsOfAnotherRun) {
  MinuteBook book;
  book.count(minute(3), true);
  book.clear();
  EXPECT_TRUE(book.take().empty());
}

}  // namespace
}  // namespace chaos
