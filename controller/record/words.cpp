#include "record/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>

namespace chaos::record {
namespace {

std::string trimmed(std::string text) {
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace

std::string clock_text(double lab_s) {
  const auto minute = static_cast<std::int64_t>(std::floor(lab_s / 60));
  const std::int64_t day = minute / 1440;
  const std::string clock = fmt::format("{:02}:{:02}", minute / 60 % 24, minute % 60);
  return day > 0 ? fmt::format("+{}d {}", day, clock) : clock;
}

std::string span_text(double lab_s) {
  const auto s = static_cast<std::int64_t>(std::llround(std::max(0.0, lab_s)));
  if (s < 60) return fmt::format("{} s", s);
  const std::int64_t minutes = (s + 30) / 60;
  if (minutes < 60) return fmt::format("{} min", minutes);
  if (minutes % 60 == 0) return fmt::format("{} h", minutes / 60);
  return fmt::format("{} h {:02} min", minutes / 60, minutes % 60);
}

std::string percent(double ratio, int digits) {
  if (!std::isfinite(ratio)) return std::string(kNotMeasuredText);
  const double scale = std::pow(10.0, digits);
  double shown = std::round(ratio * 100 * scale) / scale;
  if (shown >= 100 && ratio < 1) shown = 100 - 1 / scale;
  if (shown <= 0 && ratio > 0) shown = 1 / scale;
  return fmt::format("{:.{}f} %", shown, digits);
}

std::string with_commas(std::string digits) {
  const std::size_t sign = digits.starts_with('-') ? 1 : 0;
  const std::size_t end = std::min(digits.find_first_not_of("0123456789", sign), digits.size());
  if (end < digits.size() && digits[end] != '.') return digits;
  for (std::size_t at = end; at > sign + 3;) digits.insert(at -= 3, ",");
  return digits;
}

std::string whole(std::uint64_t value) { return with_commas(std::to_string(value)); }

int decimals_of(double value) {
  if (std::abs(value) >= 99.95) return 0;
  return std::abs(value) >= 9.995 ? 1 : 2;
}

std::string number(double value, int decimals) {
  if (!std::isfinite(value)) return std::string(kNotMeasuredText);
  return with_commas(trimmed(fmt::format("{:.{}f}", value, decimals)));
}

std::string number(double value) { return number(value, decimals_of(value)); }

std::string real_date(std::int64_t unix_us) {
  if (unix_us <= 0) return std::string(kNotMeasuredText);
  const std::time_t seconds = unix_us / 1'000'000;
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &utc);
  return text.data();
}

std::string plural(std::uint64_t n, std::string_view word) {
  return whole(n) + " " + std::string(word) + (n == 1 ? "" : "s");
}

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += static_cast<unsigned char>(c) < 0x20 && c != '\n' ? ' ' : c;
    }
  }
  return out;
}

std::string escape_markdown(std::string_view text) {
  static constexpr std::string_view kMarkup = "\\`*_{}[]<>#|~";
  std::string out;
  for (const char c : text) {
    if (kMarkup.find(c) != std::string_view::npos) out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out;
}

}  // namespace chaos::record
