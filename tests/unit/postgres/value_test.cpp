// Intervals, times, arrays, to_char and the binary forms.
#include "postgres/base/array_text.hpp"
#include "postgres/base/pg_interval.hpp"
#include "postgres/base/pg_time.hpp"
#include "postgres/base/to_char.hpp"
#include "postgres/sql/sql_binary.hpp"
#include "postgres/base/numeric.hpp"
#include "postgres/sql/sql_types.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>

namespace chaos::pg {
namespace {

std::string interval(std::string_view text) {
  const auto read = read_interval(text);
  return read ? write_interval(*read) : "malformed";
}

TEST(Interval, IsReadAndWrittenAsPostgresDoes) {
  EXPECT_EQ(interval("5 minutes"), "00:05:00");
  EXPECT_EQ(interval("1 year 2 months 3 days 04:05:06.5"), "1 year 2 mons 3 days 04:05:06.5");
  EXPECT_EQ(interval("1.5 days"), "1 day 12:00:00");
  EXPECT_EQ(interval("-1 day 2 hours"), "-1 days +02:00:00");
  EXPECT_EQ(interval("90 minutes ago"), "-01:30:00");
  EXPECT_EQ(interval("1.5 months"), "1 mon 15 days");
  EXPECT_EQ(interval("0"), "00:00:00");
  EXPECT_EQ(interval("10s"), "00:00:10");
  EXPECT_EQ(interval("5 parsecs"), "malformed");
  EXPECT_EQ(interval(""), "malformed");
  EXPECT_EQ(interval("999999999999 days"), "malformed");
}

TEST(Interval, MonthsEndWithTheirMonth) {
  const auto at = parse_timestamp("2026-01-31 10:00:00+00");
  EXPECT_EQ(format_timestamp(add_interval(*at, *read_interval("1 month"))), "2026-02-28 10:00:00+00");
  EXPECT_EQ(write_interval(calendar_age(*parse_timestamp("2026-03-01"), *parse_timestamp("2024-12-25"))), "1 year 2 mons 7 days");
}

TEST(Timestamp, ZonesAndFractions) {
  EXPECT_EQ(format_timestamp(*parse_timestamp("2026-03-01T10:00:00.25+02:00")), "2026-03-01 08:00:00.25+00");
  EXPECT_EQ(format_timestamp(*parse_timestamp("2026-03-01 10:00:00-0530")), "2026-03-01 15:30:00+00");
  EXPECT_EQ(format_date(*parse_timestamp("2026-03-01")), "2026-03-01");
  for (const char* bad : {"2026-13-01", "2026-02-30", "2026-03-01 25:00", "2026-03-01 10:00 nowhere", "", "abc"}) EXPECT_FALSE(parse_timestamp(bad)) << bad;
  EXPECT_EQ(read_instant("yesterday", *parse_timestamp("2026-03-01 10:00")), *parse_timestamp("2026-02-28"));
}

TEST(Timestamp, FieldsAndTruncation) {
  const std::int64_t us = *parse_timestamp("2026-11-26 22:19:25.5+00");
  EXPECT_EQ(time_field("dow", us), 4);
  EXPECT_EQ(time_field("week", us), 48);
  EXPECT_EQ(time_field("doy", us), 330);
  EXPECT_EQ(time_field("second", us), 25.5);
  EXPECT_FALSE(time_field("fortnight", us));
  EXPECT_EQ(format_timestamp(*truncated("week", us)), "2026-11-23 00:00:00+00");
  EXPECT_EQ(format_timestamp(*truncated("quarter", us)), "2026-10-01 00:00:00+00");
}

TEST(ToChar, TimesAndNumbers) {
  const std::int64_t us = *parse_timestamp("2026-03-01 17:05:09.25+00");
  EXPECT_EQ(time_to_char(us, "YYYY-MM-DD HH24:MI:SS.MS"), "2026-03-01 17:05:09.250");
  EXPECT_EQ(time_to_char(us, "Dy, DD Mon YYYY HH12:MI AM"), "Sun, 01 Mar 2026 05:05 PM");
  EXPECT_EQ(time_to_char(us, "FMMonth FMDD \"of\" YY"), "March 1 of 26");
  EXPECT_EQ(number_to_char(1234.5, "9,999.99"), " 1,234.50");
  EXPECT_EQ(number_to_char(-12, "FM0000"), "-0012");
  EXPECT_EQ(number_to_char(12345, "999"), " ###");
  EXPECT_EQ(number_to_char(0.5, "FM990.00"), "0.50");
}

TEST(ArrayText, ReadsAndWrites) {
  const auto items = read_array(R"({1,"a b",NULL,"NULL","q\"x",c})");
  ASSERT_TRUE(items);
  EXPECT_EQ(*items, (std::vector<ArrayItem>{"1", "a b", std::nullopt, "NULL", "q\"x", "c"}));
  EXPECT_EQ(write_array(*items), R"({1,"a b",NULL,"NULL","q\"x",c})");
  EXPECT_TRUE(read_array("{}")->empty());
  for (const char* bad : {"1,2", "{1", "{{1},{2}}", "{\"a}"}) EXPECT_FALSE(read_array(bad)) << bad;
}

// A value through its binary form and back.
std::string round_trip(std::int32_t type, std::string_view text) {
  std::string out;
  {
    Writer row(out, 'D');
    if (!append_binary_value(row, type, text)) return "none";
  }
  Reader reader(std::string_view(out).substr(5));
  return text_of_binary(type, *reader.value()).value_or("malformed");
}

TEST(Binary, ValuesComeBack) {
  for (const char* text : {"0", "1", "-1.5", "12345.6789", "100000000", "0.0001", "99999999999999.12"}) EXPECT_EQ(round_trip(oid::kNumeric, text), text);
  EXPECT_EQ(round_trip(oid::kTimestampTz, "2026-03-01 17:05:09.25+00"), "2026-03-01 17:05:09.25+00");
  EXPECT_EQ(round_trip(oid::kDate, "1999-12-31"), "1999-12-31");
  EXPECT_EQ(round_trip(oid::kInterval, "1 mon 2 days 03:00:00"), "1 mon 2 days 03:00:00");
  EXPECT_EQ(round_trip(oid::kBytea, "\\x00ff"), "\\x00ff");
  EXPECT_EQ(round_trip(oid::kUuid, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"), "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
  EXPECT_EQ(round_trip(oid::kFloat8, "1.5"), "1.5");
  EXPECT_FALSE(text_of_binary(oid::kInt4, "abc"));
}

TEST(DoubleText, IsShortAndPlainWhereItCanBe) {
  EXPECT_EQ(double_text(100000), "100000");
  EXPECT_EQ(double_text(1e20), "1e+20");
  EXPECT_EQ(double_text(0.1), "0.1");
  EXPECT_EQ(numeric_text(2.5, 2), "2.50");
  EXPECT_EQ(numeric_text(1e20, -1), "100000000000000000000");
}

TEST(Booleans, AreReadByTheirBeginnings) {
  EXPECT_EQ(read_bool("tr"), true);
  EXPECT_EQ(read_bool("OFF"), false);
  EXPECT_FALSE(read_bool("maybe"));
  EXPECT_FALSE(read_bool(""));
}

TEST(Numeric, IsRoundedByItsDecimalDigitsHalfAwayFromZero) {
  EXPECT_EQ(round_numeric(1.005, 2), 1.01);
  EXPECT_EQ(round_numeric(2.675, 2), 2.68);
  EXPECT_EQ(round_numeric(-20.555, 2), -20.56);
  EXPECT_EQ(round_numeric(9.995, 2), 10.0);
  EXPECT_EQ(round_numeric(0.6, 0), 1.0);
  EXPECT_EQ(round_numeric(0.04, 0), 0.0);
  EXPECT_EQ(round_numeric(1234.5, -2), 1200.0);
  EXPECT_EQ(round_numeric(50, -2), 100.0);
  EXPECT_EQ(trunc_numeric(-2.679, 2), -2.67);
  EXPECT_EQ(numeric_of(0.1 + 0.2), 0.3);
  EXPECT_EQ(numeric_of(9007199254740991.0), 9007199254740991.0);
}

TEST(Numeric, FitsItsPrecisionOrOverflows) {
  EXPECT_TRUE(fits_numeric(99999999.99, 10, 2));
  EXPECT_FALSE(fits_numeric(100000000, 10, 2));
  EXPECT_TRUE(fits_numeric(0.99, 2, 2));
  EXPECT_FALSE(fits_numeric(1, 2, 2));
  EXPECT_TRUE(fits_numeric(0, 1, 1));
  EXPECT_FALSE(fits_numeric(HUGE_VAL, 10, 2));
  EXPECT_EQ(numeric_overflow_detail(2, 2), "A field with precision 2, scale 2 must round to an absolute value less than 1.");
}

TEST(Numeric, TextOfMoreThanFifteenDigitsIsNotTakenUnlessItIsRounded) {
  double out = 0;
  EXPECT_EQ(read_numeric("-1.50e1", std::nullopt, out), NumericInput::good);
  EXPECT_EQ(out, -15);
  EXPECT_EQ(read_numeric("12345678901234567890.123456789", std::nullopt, out), NumericInput::too_long);
  EXPECT_EQ(read_numeric("9007199254740993", std::nullopt, out), NumericInput::too_long);
  EXPECT_EQ(read_numeric("9007199254740991", std::nullopt, out), NumericInput::good);
  EXPECT_EQ(read_numeric("3.14159265358979323846", 2, out), NumericInput::good);
  EXPECT_EQ(out, 3.14);
  EXPECT_EQ(read_numeric("nan", std::nullopt, out), NumericInput::too_long);
  EXPECT_EQ(read_numeric("1e99999999", std::nullopt, out), NumericInput::too_long);
  for (const char* bad : {"", "-", ".", "1.2.3", "1e", "1x", "--1", "0x10", "e5"}) EXPECT_EQ(read_numeric(bad, std::nullopt, out), NumericInput::malformed) << bad;
}

TEST(Numeric, ShowsFifteenDigits) {
  EXPECT_EQ(numeric_text(0.1 + 0.2, -1), "0.3");
  EXPECT_EQ(numeric_text(2.0 / 3, -1), "0.666666666666667");
  EXPECT_EQ(numeric_text(-0.001, 2), "0.00");
  EXPECT_EQ(numeric_text(10, 2), "10.00");
  EXPECT_EQ(numeric_text(0.05, -1), "0.05");
  EXPECT_EQ(numeric_text(1700000000.123456, 6), "1700000000.123456");
}

}  // namespace
}  // namespace chaos::pg
