#include "postgres/base/numeric.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace chaos::pg {

namespace {

constexpr int kDigits = 15;
constexpr double kMostWhole = 9007199254740992.0;      // 2^53
constexpr int kMostExponent = 400;

// 0.digits times 10 to the power `point`; no digits: zero.
struct Decimal {
  bool negative = false;
  std::string digits;
  int point = 0;
};

void strip(Decimal& decimal) {
  const std::size_t zeros = std::min(decimal.digits.find_first_not_of('0'), decimal.digits.size());
  decimal.digits.erase(0, zeros);
  decimal.point -= static_cast<int>(zeros);
  while (decimal.digits.ends_with('0')) decimal.digits.pop_back();
  if (decimal.digits.empty()) decimal.point = 0;
}

// "12.5e3" without a sign; false: malformed.
bool read_digits(std::string_view text, Decimal& out) {
  std::size_t at = 0;
  bool pointed = false, any = false;
  for (; at < text.size() && text[at] != 'e' && text[at] != 'E'; ++at) {
    if (text[at] == '.' && !pointed) {
      pointed = true;
      continue;
    }
    if (text[at] < '0' || text[at] > '9') return false;
    any = true;
    out.digits.push_back(text[at]);
    out.point += pointed ? 0 : 1;
  }
  if (!any) return false;
  if (at == text.size()) return strip(out), true;
  std::string_view power = text.substr(at + 1);
  if (power.starts_with('+')) power.remove_prefix(1);
  int exponent = 0;
  const auto [end, ec] = std::from_chars(power.data(), power.data() + power.size(), exponent);
  if (ec != std::errc() || end != power.data() + power.size()) return false;
  out.point += std::clamp(exponent, -100'000, 100'000);
  return strip(out), true;
}

Decimal decimal_of(double value) {
  std::array<char, 40> room;
  const double size = std::fabs(value);
  const bool whole = size <= kMostWhole && std::trunc(size) == size;
  const auto [end, ec] = whole ? std::to_chars(room.data(), room.data() + room.size(), static_cast<std::int64_t>(size))
                               : std::to_chars(room.data(), room.data() + room.size(), size, std::chars_format::scientific, kDigits - 1);
  Decimal out;
  out.negative = value < 0;
  read_digits({room.data(), static_cast<std::size_t>(end - room.data())}, out);
  return out;
}

double double_of(const Decimal& decimal) {
  const std::string text = (decimal.negative ? "-0." : "0.") + (decimal.digits.empty() ? "0" : decimal.digits) + "e" + std::to_string(decimal.point);
  double out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out == 0 ? 0.0 : out;
}

void cut(Decimal& decimal, int scale, bool rounds) {
  const int kept = decimal.point + scale;
  if (kept >= static_cast<int>(decimal.digits.size())) return;
  bool up = rounds && kept >= 0 && decimal.digits[static_cast<std::size_t>(kept)] >= '5';
  decimal.digits.resize(static_cast<std::size_t>(std::max(kept, 0)));
  for (auto digit = decimal.digits.rbegin(); up && digit != decimal.digits.rend(); ++digit) {
    up = *digit == '9';
    *digit = up ? '0' : static_cast<char>(*digit + 1);
  }
  if (up) decimal.digits.insert(0, "1"), ++decimal.point;
  strip(decimal);
}

// Its digits up to the point, and `scale` behind it.
std::string written(const Decimal& decimal, int scale) {
  const auto digit = [&](int i) { return i >= 0 && i < static_cast<int>(decimal.digits.size()) ? decimal.digits[static_cast<std::size_t>(i)] : '0'; };
  std::string out = decimal.negative && !decimal.digits.empty() ? "-" : "";
  if (decimal.point <= 0) out.push_back('0');
  for (int i = 0; i < decimal.point; ++i) out.push_back(digit(i));
  if (scale > 0) out.push_back('.');
  for (int i = decimal.point; i < decimal.point + scale; ++i) out.push_back(digit(i));
  return out;
}

bool equals(std::string_view text, std::string_view word) {
  return std::equal(text.begin(), text.end(), word.begin(), word.end(), [](char a, char b) { return (a | 0x20) == b; });
}

}  // namespace

double numeric_of(double value) { return std::isfinite(value) ? double_of(decimal_of(value)) : value; }

double round_numeric(double value, int scale) {
  if (!std::isfinite(value)) return value;
  Decimal decimal = decimal_of(value);
  cut(decimal, scale, true);
  return double_of(decimal);
}

double trunc_numeric(double value, int scale) {
  if (!std::isfinite(value)) return value;
  Decimal decimal = decimal_of(value);
  cut(decimal, scale, false);
  return double_of(decimal);
}

bool fits_numeric(double rounded, int precision, int scale) {
  if (!std::isfinite(rounded)) return std::isnan(rounded);
  const Decimal decimal = decimal_of(rounded);
  return decimal.digits.empty() || decimal.point <= precision - scale;
}

std::string numeric_overflow_detail(int precision, int scale) {
  return "A field with precision " + std::to_string(precision) + ", scale " + std::to_string(scale) + " must round to an absolute value less than " +
         (precision == scale ? "1" : "10^" + std::to_string(precision - scale)) + ".";
}

NumericInput read_numeric(std::string_view text, std::optional<int> scale, double& out) {
  Decimal decimal;
  decimal.negative = text.starts_with('-');
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  if (equals(text, "nan")) return NumericInput::too_long;
  if (equals(text, "infinity") || equals(text, "inf")) return out = decimal.negative ? -HUGE_VAL : HUGE_VAL, NumericInput::good;
  if (!read_digits(text, decimal)) return NumericInput::malformed;
  if (scale) cut(decimal, *scale, true);
  if (decimal.point > 300 || decimal.point < -300) return NumericInput::too_long;
  out = double_of(decimal);
  const int size = static_cast<int>(decimal.digits.size());
  const bool whole = size <= decimal.point && std::fabs(out) <= kMostWhole && written(decimal, 0) == written(decimal_of(out), 0);
  return size <= kDigits || whole ? NumericInput::good : NumericInput::too_long;
}

std::string numeric_text(double value, int scale) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  Decimal decimal = decimal_of(value);
  if (scale < 0) return written(decimal, std::max(0, static_cast<int>(decimal.digits.size()) - decimal.point));
  if (decimal.point + scale == kDigits + 1) {      // an instant's microseconds: the double knows them still
    std::array<char, kMostExponent> room;
    const auto [end, ec] = std::to_chars(room.data(), room.data() + room.size(), value, std::chars_format::fixed, scale);
    if (ec == std::errc()) return {room.data(), static_cast<std::size_t>(end - room.data())};
  }
  cut(decimal, scale, true);
  return written(decimal, scale);
}

}  // namespace chaos::pg
