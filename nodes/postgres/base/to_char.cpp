#include "postgres/base/to_char.hpp"

#include "postgres/base/pg_time.hpp"

#include <array>
#include <algorithm>
#include <cmath>
#include <cstdio>

namespace chaos::pg {

namespace {

constexpr std::array<std::string_view, 12> kMonths{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> kDays{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

int field(std::string_view name, std::int64_t us) { return static_cast<int>(time_field(name, us).value_or(0)); }

std::string digits(int value, int width, bool fill) {
  char text[16];
  std::snprintf(text, sizeof text, fill ? "%0*d" : "%d", fill ? width : value, value);
  return fill ? text : std::to_string(value);
}

std::string padded(std::string_view name, bool fill) {
  std::string out(name);
  if (fill) out.resize(std::max<std::size_t>(out.size(), 9), ' ');
  return out;
}

std::string cased(std::string text, std::string_view like) {
  const bool upper = like.size() > 1 && std::isupper(static_cast<unsigned char>(like[1])) != 0;
  const bool lower = std::islower(static_cast<unsigned char>(like[0])) != 0;
  for (char& c : text) c = static_cast<char>(upper ? std::toupper(c) : lower ? std::tolower(c) : c);
  return text;
}

struct Pattern {
  std::string_view name;
  std::string (*text)(std::int64_t us, bool fill, std::string_view as);
};

int hour12(std::int64_t us) { return (field("hour", us) + 11) % 12 + 1; }
int sub_second(std::int64_t us) { return static_cast<int>(((us % 1'000'000) + 1'000'000) % 1'000'000); }

// Longer names first.
constexpr Pattern kPatterns[] = {
    {"YYYY", [](std::int64_t us, bool fill, std::string_view) { return digits(field("year", us), 4, fill); }},
    {"YY", [](std::int64_t us, bool, std::string_view) { return digits(field("year", us) % 100, 2, true); }},
    {"MONTH", [](std::int64_t us, bool fill, std::string_view as) { return cased(padded(kMonths[static_cast<std::size_t>(field("month", us) - 1)], fill), as); }},
    {"MON", [](std::int64_t us, bool, std::string_view as) { return cased(std::string(kMonths[static_cast<std::size_t>(field("month", us) - 1)].substr(0, 3)), as); }},
    {"MM", [](std::int64_t us, bool fill, std::string_view) { return digits(field("month", us), 2, fill); }},
    {"MI", [](std::int64_t us, bool fill, std::string_view) { return digits(field("minute", us), 2, fill); }},
    {"MS", [](std::int64_t us, bool, std::string_view) { return digits(sub_second(us) / 1000, 3, true); }},
    {"US", [](std::int64_t us, bool, std::string_view) { return digits(sub_second(us), 6, true); }},
    {"DDD", [](std::int64_t us, bool fill, std::string_view) { return digits(field("doy", us), 3, fill); }},
    {"DAY", [](std::int64_t us, bool fill, std::string_view as) { return cased(padded(kDays[static_cast<std::size_t>(field("dow", us))], fill), as); }},
    {"DD", [](std::int64_t us, bool fill, std::string_view) { return digits(field("day", us), 2, fill); }},
    {"DY", [](std::int64_t us, bool, std::string_view as) { return cased(std::string(kDays[static_cast<std::size_t>(field("dow", us))].substr(0, 3)), as); }},
    {"D", [](std::int64_t us, bool, std::string_view) { return std::to_string(field("dow", us) + 1); }},
    {"HH24", [](std::int64_t us, bool fill, std::string_view) { return digits(field("hour", us), 2, fill); }},
    {"HH12", [](std::int64_t us, bool fill, std::string_view) { return digits(hour12(us), 2, fill); }},
    {"HH", [](std::int64_t us, bool fill, std::string_view) { return digits(hour12(us), 2, fill); }},
    {"SS", [](std::int64_t us, bool fill, std::string_view) { return digits(field("second", us), 2, fill); }},
    {"AM", [](std::int64_t us, bool, std::string_view as) { return cased(field("hour", us) < 12 ? "AM" : "PM", as); }},
    {"PM", [](std::int64_t us, bool, std::string_view as) { return cased(field("hour", us) < 12 ? "AM" : "PM", as); }},
    {"IW", [](std::int64_t us, bool fill, std::string_view) { return digits(field("week", us), 2, fill); }},
    {"WW", [](std::int64_t us, bool fill, std::string_view) { return digits((field("doy", us) - 1) / 7 + 1, 2, fill); }},
    {"Q", [](std::int64_t us, bool, std::string_view) { return std::to_string(field("quarter", us)); }},
    {"TZ", [](std::int64_t, bool, std::string_view as) { return cased("UTC", as); }},
};

const Pattern* pattern_at(std::string_view text) {
  for (const Pattern& pattern : kPatterns) {
    const bool same = text.size() >= pattern.name.size() &&
                      std::equal(pattern.name.begin(), pattern.name.end(), text.begin(), [](char a, unsigned char b) { return a == static_cast<char>(std::toupper(b)); });
    if (same) return &pattern;
  }
  return nullptr;
}

}  // namespace

std::string time_to_char(std::int64_t us, std::string_view pattern) {
  std::string out;
  for (std::size_t at = 0; at < pattern.size();) {
    if (pattern[at] == '"') {
      const std::size_t end = std::min(pattern.find('"', at + 1), pattern.size());
      out += pattern.substr(at + 1, end - at - 1);
      at = end + 1;
      continue;
    }
    const bool compact = pattern.substr(at).starts_with("FM") || pattern.substr(at).starts_with("fm");
    if (compact) at += 2;
    const Pattern* known = pattern_at(pattern.substr(std::min(at, pattern.size())));
    if (known) {
      out += known->text(us, !compact, pattern.substr(at, known->name.size()));
      at += known->name.size();
    } else if (at < pattern.size()) {
      out.push_back(pattern[at++]);
    }
  }
  return out;
}

// Digits are filled in from the right; what is left of the first one stays blank (9) or zero (0).
std::string number_to_char(double value, std::string_view pattern) {
  const bool compact = pattern.find("FM") != std::string_view::npos;
  const bool sign_shown = pattern.find('S') != std::string_view::npos;
  std::string shape;
  for (const char c : pattern) {
    if (std::string_view("90.,DG").find(c) != std::string_view::npos) shape.push_back(c == 'D' ? '.' : c == 'G' ? ',' : c);
  }
  const std::size_t point = std::min(shape.find('.'), shape.size());
  const auto decimals = static_cast<int>(point < shape.size() ? shape.size() - point - 1 : 0);
  char number[400];
  std::snprintf(number, sizeof number, "%.*f", std::min(decimals, 30), std::fabs(value));
  const std::string text(number);
  std::string whole = text.substr(0, text.find('.'));
  if (whole == "0" && decimals > 0) whole.clear();
  std::string left, fraction = decimals > 0 ? text.substr(text.find('.')) : "";
  bool zeros = false;
  const std::size_t first_zero = shape.find('0');
  std::size_t used = 0;
  for (std::size_t i = point; i-- > 0;) {
    zeros = first_zero != std::string::npos && i >= first_zero;
    if (shape[i] == ',') left.insert(left.begin(), used < whole.size() || zeros ? ',' : ' ');
    else if (used < whole.size()) left.insert(left.begin(), whole[whole.size() - ++used]);
    else left.insert(left.begin(), zeros ? '0' : ' ');
  }
  if (used < whole.size()) left = std::string(left.size(), '#'), fraction = fraction.empty() ? "" : "." + std::string(static_cast<std::size_t>(decimals), '#');
  const std::string sign = value < 0 ? "-" : sign_shown ? "+" : " ";
  const std::size_t blanks = std::min(left.find_first_not_of(' '), left.size());
  std::string out = left.substr(0, blanks) + sign + left.substr(blanks) + fraction;
  if (!compact) return out;
  out.erase(std::remove(out.begin(), out.end(), ' '), out.end());
  if (const std::size_t dot = out.find('.'); dot != std::string::npos && shape.find('0', point) == std::string::npos) {
    while (out.back() == '0') out.pop_back();
  }
  return out;
}

}  // namespace chaos::pg
