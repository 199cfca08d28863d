// Intervals as PostgreSQL keeps them: months, days and microseconds apart. Pure.
// Source: PostgreSQL 15 documentation, 8.5.4 "Interval Input" and 9.9 "Date/Time Functions and Operators".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chaos::pg {

struct Interval {
  std::int32_t months = 0;
  std::int32_t days = 0;
  std::int64_t us = 0;
};

/// "1 year 2 mons 3 days 04:05:06", "5 minutes", "1.5 hours", "2 days ago", "-00:01". nullopt: malformed.
std::optional<Interval> read_interval(std::string_view text);
/// "1 year 2 mons 3 days 04:05:06.5", "-1 days +02:00:00": IntervalStyle postgres.
std::string write_interval(const Interval& interval);
/// The difference of two instants in days and a clock.
Interval span_of(std::int64_t us);
/// Months end at the last day of a shorter month, as 2026-01-31 + 1 month = 2026-02-28.
std::int64_t add_interval(std::int64_t unix_us, const Interval& interval);
Interval scaled(const Interval& interval, double factor);
Interval sum_of(const Interval& a, const Interval& b, int sign);
/// With months of 30 days, years of 365.25 days as EXTRACT(epoch) counts them.
double seconds_of(const Interval& interval);
/// age(): years, months and days as a calendar shows them.
Interval calendar_age(std::int64_t later_us, std::int64_t earlier_us);

}  // namespace chaos::pg
