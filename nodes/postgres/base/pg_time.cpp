#include "postgres/base/pg_time.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace chaos::pg {

namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kDay = 86'400 * kSecond;

std::string fraction(std::int64_t us) {
  if (us == 0) return {};
  char text[16];
  std::snprintf(text, sizeof text, ".%06d", static_cast<int>(us));
  std::string out(text);
  while (out.back() == '0') out.pop_back();
  return out;
}

std::string clock_text(std::int64_t us) {
  char text[32];
  const std::int64_t seconds = us / kSecond;
  std::snprintf(text, sizeof text, "%02lld:%02d:%02d", static_cast<long long>(seconds / 3600),
                static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60));
  return text + fraction(us % kSecond);
}

// "HH:MM[:SS[.ffffff]]" to microseconds.
std::optional<std::int64_t> parse_clock(const std::string& text) {
  int hours = 0, minutes = 0;
  double seconds = 0;
  if (std::sscanf(text.c_str(), "%d:%d:%lf", &hours, &minutes, &seconds) < 2) return std::nullopt;
  return (hours * 3600LL + minutes * 60LL) * kSecond + std::llround(seconds * 1e6);
}

std::int64_t unit_us(std::string_view unit) {
  struct Unit { std::string_view begins; std::int64_t us; };
  static constexpr std::array kUnits{Unit{"milli", 1000}, Unit{"ms", 1000}, Unit{"micro", 1}, Unit{"us", 1}, Unit{"min", 60 * kSecond},
                                     Unit{"mon", 30 * kDay}, Unit{"s", kSecond}, Unit{"m", 60 * kSecond}, Unit{"h", 3600 * kSecond},
                                     Unit{"d", kDay}, Unit{"w", 7 * kDay}, Unit{"y", 365 * kDay}};
  for (const Unit& known : kUnits) {
    if (unit.starts_with(known.begins)) return known.us;
  }
  return 0;
}

std::string_view next_word(std::string_view& text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size());
  return word;
}

}  // namespace

std::int64_t unix_now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string format_timestamp(std::int64_t unix_us) {
  const std::chrono::sys_days day(std::chrono::floor<std::chrono::days>(std::chrono::sys_time<std::chrono::microseconds>(std::chrono::microseconds(unix_us))));
  const std::chrono::year_month_day date(day);
  const std::int64_t rest = unix_us - day.time_since_epoch().count() * kDay;
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u ", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()));
  return text + clock_text(rest) + "+00";
}

std::string format_plain_timestamp(std::int64_t unix_us) {
  std::string out = format_timestamp(unix_us);
  out.resize(out.size() - 3);
  return out;
}

std::string format_date(std::int64_t unix_us) { return format_timestamp(unix_us).substr(0, 10); }

namespace {

// Digits, `width` at most; false without one.
bool take_number(std::string_view& text, std::size_t width, int& out) {
  const auto [end, ec] = std::from_chars(text.data(), text.data() + std::min(text.size(), width), out);
  if (ec != std::errc() || out < 0) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

// HH:MM[:SS[.ffffff]], then [ ][Z|+HH[:MM]|-HH[:MM]|UTC]
bool take_clock(std::string_view& text, std::int64_t& us) {
  int hours = 0, minutes = 0, seconds = 0;
  if (!take_number(text, 2, hours) || !take(text, ':') || !take_number(text, 2, minutes)) return false;
  if (take(text, ':') && !take_number(text, 2, seconds)) return false;
  if (hours > 24 || minutes > 59 || seconds > 60) return false;
  us = (hours * 3600LL + minutes * 60LL + seconds) * kSecond;
  if (!take(text, '.')) return true;
  std::int64_t unit = kSecond / 10;
  for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1), unit /= 10) us += (text.front() - '0') * unit;
  return true;
}

bool take_zone(std::string_view& text, std::int64_t& us) {
  while (take(text, ' ')) {}
  if (text == "Z" || text == "z" || text == "UTC" || text == "utc" || text == "GMT") text = {};
  if (text.empty()) return true;
  const bool west = text.front() == '-';
  int hours = 0, minutes = 0;
  if (!take(text, '+') && !take(text, '-')) return false;
  if (!take_number(text, 2, hours) || hours > 15) return false;
  if (take(text, ':') || !text.empty()) {
    if (!take_number(text, 2, minutes) || minutes > 59) return false;
  }
  const std::int64_t offset = (hours * 3600LL + minutes * 60LL) * kSecond;
  us -= west ? -offset : offset;
  return text.empty();
}

}  // namespace

std::optional<std::int64_t> parse_timestamp(std::string_view text) {
  int year = 0, month = 0, day = 0;
  if (text.size() < 8 || text[0] < '0' || text[0] > '9') return std::nullopt;
  if (!take_number(text, 4, year) || !take(text, '-') || !take_number(text, 2, month) || !take(text, '-') || !take_number(text, 2, day)) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)), std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  std::int64_t us = 0;
  if ((take(text, ' ') || take(text, 'T')) && !take_clock(text, us)) return std::nullopt;
  if (!take_zone(text, us)) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count() * kDay + us;
}

std::string format_interval(std::int64_t us) {
  const std::int64_t days = std::abs(us) / kDay;
  std::string out = us < 0 && days == 0 ? "-" : "";
  if (days != 0) out += (us < 0 ? "-" : "") + std::to_string(days) + (days == 1 ? " day " : " days ") + (us < 0 ? "-" : "");
  return out + clock_text(std::abs(us) % kDay);
}

std::optional<std::int64_t> parse_interval(std::string_view text) {
  std::int64_t total = 0;
  bool any = false;
  for (std::string_view word = next_word(text); !word.empty(); word = next_word(text)) {
    const bool negative = word.front() == '-';
    if (word.find(':') != std::string_view::npos) {
      const auto clock = parse_clock(std::string(word.substr(negative)));
      if (!clock) return std::nullopt;
      total += negative ? -*clock : *clock;
    } else {
      double number = 0;
      const auto [end, ec] = std::from_chars(word.data(), word.data() + word.size(), number);
      if (ec != std::errc()) return std::nullopt;
      std::string_view unit = word.substr(static_cast<std::size_t>(end - word.data()));
      if (unit.empty()) unit = next_word(text);
      if (unit_us(unit) == 0 && !unit.empty()) return std::nullopt;
      total += std::llround(number * static_cast<double>(unit.empty() ? kSecond : unit_us(unit)));
    }
    any = true;
  }
  return any ? std::optional(total) : std::nullopt;
}

}  // namespace chaos::pg
