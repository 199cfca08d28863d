// Fields of instants and intervals. Source: PostgreSQL 15 documentation, 9.9.1 "EXTRACT, date_part", 9.9.2 "date_trunc".
#include "postgres/base/pg_interval.hpp"
#include "postgres/base/pg_time.hpp"
#include "postgres/base/sql_error.hpp"

#include <chrono>
#include <cmath>
#include <cstdio>

namespace chaos::pg {

namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kDay = 86'400 * kSecond;

std::int64_t day_number(std::int64_t us) { return us >= 0 ? us / kDay : -((-us + kDay - 1) / kDay); }
std::chrono::sys_days day_of(std::int64_t us) { return std::chrono::sys_days(std::chrono::days(day_number(us))); }
std::int64_t us_of(std::chrono::sys_days day) { return day.time_since_epoch().count() * kDay; }

// Of the week's Thursday: its year is the ISO year.
std::chrono::sys_days thursday(std::chrono::sys_days day) {
  return day + std::chrono::days(4 - static_cast<int>(std::chrono::weekday(day).iso_encoding()));
}

std::optional<double> clock_field(std::string_view field, std::int64_t us) {
  if (field == "hour" || field == "hours") return static_cast<double>(us / (3600 * kSecond));
  if (field == "minute" || field == "minutes") return static_cast<double>(us / (60 * kSecond) % 60);
  const auto seconds = static_cast<double>(us % (60 * kSecond)) / 1e6;
  if (field == "second" || field == "seconds") return seconds;
  if (field == "milliseconds") return seconds * 1e3;
  if (field == "microseconds") return seconds * 1e6;
  return std::nullopt;
}

}  // namespace

std::optional<std::int64_t> read_instant(std::string_view text, std::int64_t now_us) {
  const std::int64_t midnight = day_number(now_us) * kDay;
  if (text == "now") return now_us;
  if (text == "today") return midnight;
  if (text == "tomorrow") return midnight + kDay;
  if (text == "yesterday") return midnight - kDay;
  if (text == "epoch") return 0;
  return parse_timestamp(text);
}

std::optional<ServerError> field_out_of_range(std::string_view text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, end = 0;
  double second = 0;
  const std::string copy(text.substr(0, 64));
  if (std::sscanf(copy.c_str(), "%5d-%2d-%2d%n", &year, &month, &day, &end) < 3 || year < 0 || month < 0 || day < 0) return std::nullopt;
  const std::string clock = copy.substr(static_cast<std::size_t>(end));
  const bool timed = !clock.empty() && std::sscanf(clock.c_str(), "%*1[ T]%2d:%2d:%lf", &hour, &minute, &second) >= 2;
  if (!timed && !clock.empty()) return std::nullopt;
  const bool order = month < 1 || month > 12 || day < 1 || day > 31;
  const std::chrono::year_month_day date(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)), std::chrono::day(static_cast<unsigned>(day)));
  if (!order && date.ok() && hour <= 24 && minute < 60 && second <= 60) return std::nullopt;
  ServerError error = make_error("22008", "date/time field value out of range: \"" + std::string(text) + "\"");
  if (order) error.hint = "Perhaps you need a different \"datestyle\" setting.";
  return error;
}

std::optional<double> time_field(std::string_view field, std::int64_t us) {
  const std::chrono::sys_days day = day_of(us);
  const std::chrono::year_month_day date(day);
  const int year = static_cast<int>(date.year());
  const auto month = static_cast<int>(static_cast<unsigned>(date.month()));
  const auto weekday = std::chrono::weekday(day);
  if (field == "epoch") return static_cast<double>(us) / 1e6;
  if (field == "year") return year;
  if (field == "month") return month;
  if (field == "day") return static_cast<unsigned>(date.day());
  if (field == "dow") return weekday.c_encoding();
  if (field == "isodow") return weekday.iso_encoding();
  if (field == "doy") return (day - std::chrono::sys_days(date.year() / 1 / 1)).count() + 1;
  if (field == "quarter") return (month + 2) / 3;
  if (field == "decade") return std::floor(year / 10.0);
  if (field == "century") return (year + 99) / 100;
  if (field == "timezone") return 0;
  const std::chrono::year_month_day middle(thursday(day));
  if (field == "isoyear") return static_cast<int>(middle.year());
  if (field == "week") return (std::chrono::sys_days(middle) - std::chrono::sys_days(middle.year() / 1 / 1)).count() / 7 + 1;
  return clock_field(field, us - us_of(day));
}

std::optional<double> interval_field(std::string_view field, const Interval& interval) {
  if (field == "epoch") return seconds_of(interval);
  if (field == "year") return interval.months / 12;
  if (field == "month") return interval.months % 12;
  if (field == "day" || field == "days") return interval.days;
  return clock_field(field, interval.us);
}

std::optional<std::int64_t> truncated(std::string_view field, std::int64_t us) {
  const std::chrono::sys_days day = day_of(us);
  const std::chrono::year_month_day date(day);
  const auto down = [us](std::int64_t unit) { return us - ((us % unit) + unit) % unit; };
  if (field == "microseconds") return us;
  if (field == "milliseconds") return down(1000);
  if (field == "second") return down(kSecond);
  if (field == "minute") return down(60 * kSecond);
  if (field == "hour") return down(3600 * kSecond);
  if (field == "day") return us_of(day);
  if (field == "week") return us_of(thursday(day) - std::chrono::days(3));
  if (field == "month") return us_of(std::chrono::sys_days(date.year() / date.month() / 1));
  const unsigned quarter = (static_cast<unsigned>(date.month()) - 1) / 3 * 3 + 1;
  if (field == "quarter") return us_of(std::chrono::sys_days(date.year() / std::chrono::month(quarter) / 1));
  if (field == "year") return us_of(std::chrono::sys_days(date.year() / 1 / 1));
  return std::nullopt;
}

}  // namespace chaos::pg
