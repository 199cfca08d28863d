#include "wire/http_date.hpp"

#include <ctime>

namespace chaos::http {

// Not strftime, which looks at the locale: each answer has at least one date.
std::string format_date(std::int64_t unix_s) {
  constexpr std::string_view kDays = "SunMonTueWedThuFriSat";
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const std::time_t time = unix_s;
  std::tm parts{};
  gmtime_r(&time, &parts);
  const auto two = [](int value) { return std::string{static_cast<char>('0' + value / 10 % 10), static_cast<char>('0' + value % 10)}; };
  std::string out;
  out.reserve(32);
  out.append(kDays.substr(3 * static_cast<std::size_t>(parts.tm_wday), 3)).append(", ").append(two(parts.tm_mday)).append(" ");
  out.append(kMonths.substr(3 * static_cast<std::size_t>(parts.tm_mon), 3)).append(" ").append(std::to_string(parts.tm_year + 1900));
  return out.append(" ").append(two(parts.tm_hour)).append(":").append(two(parts.tm_min)).append(":").append(two(parts.tm_sec)).append(" GMT");
}

std::optional<std::int64_t> parse_date(std::string_view text) {
  if (text.size() > 40) return std::nullopt;
  const std::string copy(text);
  for (const char* form : {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"}) {
    std::tm parts{};
    const char* end = strptime(copy.c_str(), form, &parts);
    if (end && end == copy.c_str() + copy.size()) return timegm(&parts);
  }
  return std::nullopt;
}

const std::string& DateField::at(std::int64_t unix_s) {
  if (value_.empty() || unix_s != second_) value_ = format_date(unix_s);
  second_ = unix_s;
  return value_;
}

}  // namespace chaos::http
