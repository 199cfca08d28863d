#include "postgres/base/pg_interval.hpp"

#include "wire/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>

namespace chaos::pg {

namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kDay = 86'400 * kSecond;

struct Unit {
  std::string_view name;
  double months, days, us;      // one of them counts
};

const Unit* unit_of(std::string_view word) {
  static constexpr std::array kUnits{
      Unit{"microsecond", 0, 0, 1}, Unit{"us", 0, 0, 1}, Unit{"millisecond", 0, 0, 1e3}, Unit{"ms", 0, 0, 1e3}, Unit{"second", 0, 0, 1e6},
      Unit{"sec", 0, 0, 1e6}, Unit{"s", 0, 0, 1e6}, Unit{"minute", 0, 0, 6e7}, Unit{"min", 0, 0, 6e7}, Unit{"m", 0, 0, 6e7},
      Unit{"hour", 0, 0, 3.6e9}, Unit{"hr", 0, 0, 3.6e9}, Unit{"h", 0, 0, 3.6e9}, Unit{"day", 0, 1, 0}, Unit{"d", 0, 1, 0},
      Unit{"week", 0, 7, 0}, Unit{"w", 0, 7, 0}, Unit{"month", 1, 0, 0}, Unit{"mon", 1, 0, 0}, Unit{"year", 12, 0, 0},
      Unit{"yr", 12, 0, 0}, Unit{"y", 12, 0, 0}, Unit{"decade", 120, 0, 0}, Unit{"century", 1200, 0, 0}};
  for (const Unit& unit : kUnits) {
    if (word == unit.name || (word.size() == unit.name.size() + 1 && word.starts_with(unit.name) && word.back() == 's' && unit.name.size() > 1)) return &unit;
  }
  return nullptr;
}

std::string_view next_word(std::string_view& text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '@')) text.remove_prefix(1);
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size());
  return word;
}

// Within what sums with any instant stay in range: 10,000 years, a hundred thousand in days.
Interval bounded(std::int64_t months, std::int64_t days, double us) {
  constexpr double kMostUs = 2e18;
  return {static_cast<std::int32_t>(std::clamp<std::int64_t>(months, -120'000, 120'000)),
          static_cast<std::int32_t>(std::clamp<std::int64_t>(days, -36'500'000, 36'500'000)),
          std::fabs(us) > kMostUs ? static_cast<std::int64_t>(std::copysign(kMostUs, us)) : std::llround(us)};
}

// "[+-]HH:MM[:SS[.ffffff]]"
bool add_clock(std::string_view word, Interval& out) {
  const bool negative = word.front() == '-';
  if (negative || word.front() == '+') word.remove_prefix(1);
  int hours = 0, minutes = 0;
  double seconds = 0;
  if (std::sscanf(std::string(word).c_str(), "%d:%d:%lf", &hours, &minutes, &seconds) < 2 || minutes < 0 || minutes > 59 || seconds >= 61) return false;
  if (hours < 0 || hours > 1'000'000 || !(seconds >= 0)) return false;
  const std::int64_t us = (hours * 3600LL + minutes * 60LL) * kSecond + std::llround(seconds * 1e6);
  out.us = bounded(0, 0, static_cast<double>(out.us + (negative ? -us : us))).us;
  return true;
}

bool add_quantity(double number, const Unit& unit, Interval& out) {
  if (!(std::fabs(number) < 1e9)) return false;
  const double months = number * unit.months, whole_months = std::trunc(months);
  const double days = number * unit.days + (months - whole_months) * 30, whole_days = std::trunc(days);
  const double us = number * unit.us + (days - whole_days) * static_cast<double>(kDay);
  if (std::fabs(whole_months) > 120'000 || std::fabs(whole_days) > 36'500'000 || std::fabs(us) > 2e18) return false;
  const std::int64_t us_before = out.us;
  out = bounded(out.months + static_cast<std::int64_t>(whole_months), out.days + static_cast<std::int64_t>(whole_days), 0);
  out.us = us == 0 ? us_before : bounded(0, 0, static_cast<double>(us_before) + us).us;
  return true;
}

// A number and its unit, which may stand apart ("5 min") or close by ("5min"); without one they are seconds.
bool add_number(std::string_view word, std::string_view& rest, Interval& out) {
  if (word.front() == '+') word.remove_prefix(1);
  double number = 0;
  const auto [end, ec] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (ec != std::errc()) return false;
  std::string unit(word.substr(static_cast<std::size_t>(end - word.data())));
  if (unit.empty()) unit = next_word(rest);
  unit = lower(unit);
  const Unit* known = unit_of(unit.empty() ? "s" : unit);
  return known && add_quantity(number, *known, out);
}

void part(std::string& out, std::int64_t value, const char* unit, bool& negative) {
  if (value == 0) return;
  out += (out.empty() ? "" : " ") + std::string(negative && value > 0 ? "+" : "") + std::to_string(value) + " " + unit + (value == 1 ? "" : "s");
  negative = value < 0;
}

}  // namespace

std::optional<Interval> read_interval(std::string_view text) {
  Interval out;
  bool any = false;
  for (std::string_view word = next_word(text); !word.empty(); word = next_word(text)) {
    if (word == "ago" && any) return scaled(out, -1);
    const bool clock = word.find(':') != std::string_view::npos;
    if (clock ? !add_clock(word, out) : !add_number(word, text, out)) return std::nullopt;
    any = true;
  }
  return any ? std::optional(out) : std::nullopt;
}

std::string write_interval(const Interval& interval) {
  std::string out;
  bool negative = false;
  part(out, interval.months / 12, "year", negative);
  part(out, interval.months % 12, "mon", negative);
  part(out, interval.days, "day", negative);
  if (interval.us == 0 && !out.empty()) return out;
  const auto us = static_cast<std::uint64_t>(std::llabs(interval.us));
  char text[48];
  std::snprintf(text, sizeof text, "%s%s%02llu:%02llu:%02llu", out.empty() ? "" : " ", interval.us < 0 ? "-" : negative ? "+" : "",
                static_cast<unsigned long long>(us / 3'600'000'000), static_cast<unsigned long long>(us / 60'000'000 % 60),
                static_cast<unsigned long long>(us / kSecond % 60));
  out += text;
  if (us % kSecond == 0) return out;
  std::snprintf(text, sizeof text, ".%06llu", static_cast<unsigned long long>(us % kSecond));
  out += text;
  while (out.back() == '0') out.pop_back();
  return out;
}

Interval span_of(std::int64_t us) { return {0, static_cast<std::int32_t>(us / kDay), us % kDay}; }

std::int64_t add_interval(std::int64_t unix_us, const Interval& interval) {
  if (interval.months != 0) {
    const std::chrono::sys_days day(std::chrono::floor<std::chrono::days>(std::chrono::sys_time<std::chrono::microseconds>(std::chrono::microseconds(unix_us))));
    const std::int64_t clock = unix_us - day.time_since_epoch().count() * kDay;
    const std::chrono::year_month_day from(day);
    const std::chrono::year_month month = from.year() / from.month() + std::chrono::months(interval.months);
    const std::chrono::day last = (month / std::chrono::last).day();
    const std::chrono::sys_days to(month / std::min(from.day(), last));
    unix_us = to.time_since_epoch().count() * kDay + clock;
  }
  return unix_us + interval.days * kDay + interval.us;
}

Interval scaled(const Interval& interval, double factor) {
  Interval out;
  add_quantity(interval.months * factor, {"", 1, 0, 0}, out);
  add_quantity(interval.days * factor, {"", 0, 1, 0}, out);
  out.us += std::llround(std::clamp(static_cast<double>(interval.us) * factor, -9e17, 9e17));
  return out;
}

Interval sum_of(const Interval& a, const Interval& b, int sign) {
  Interval out = bounded(std::int64_t{a.months} + sign * b.months, std::int64_t{a.days} + sign * b.days, 0);
  out.us = std::clamp<std::int64_t>(a.us + sign * b.us, -2'000'000'000'000'000'000, 2'000'000'000'000'000'000);
  return out;
}

double seconds_of(const Interval& interval) {
  const double days = interval.months / 12 * 365.25 + interval.months % 12 * 30.0 + interval.days;
  return days * 86400 + static_cast<double>(interval.us) / 1e6;
}

Interval calendar_age(std::int64_t later_us, std::int64_t earlier_us) {
  if (later_us < earlier_us) return scaled(calendar_age(earlier_us, later_us), -1);
  const auto date = [](std::int64_t us) {
    return std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(std::chrono::sys_time<std::chrono::microseconds>(std::chrono::microseconds(us))));
  };
  const auto from = date(earlier_us), to = date(later_us);
  const auto clock = [](std::int64_t us) { return ((us % kDay) + kDay) % kDay; };
  const auto last = [](const std::chrono::year_month_day& of) { return static_cast<int>(static_cast<unsigned>((of.year() / of.month() / std::chrono::last).day())); };
  Interval out;
  out.us = clock(later_us) - clock(earlier_us);
  out.days = static_cast<int>(static_cast<unsigned>(to.day())) - static_cast<int>(static_cast<unsigned>(from.day()));
  out.months = (static_cast<int>(to.year()) - static_cast<int>(from.year())) * 12 + static_cast<int>(static_cast<unsigned>(to.month())) -
               static_cast<int>(static_cast<unsigned>(from.month()));
  if (out.us < 0) out.us += kDay, --out.days;
  if (out.days < 0) out.days += last(from), --out.months;      // a month as long as the earlier one
  return out;
}

}  // namespace chaos::pg
