// Dates in header fields (RFC 9110 section 5.6.7). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chaos::http {

/// IMF-fixdate: "Sun, 06 Nov 1994 08:49:37 GMT". unix_s: seconds since 1970 in UTC.
std::string format_date(std::int64_t unix_s);
/// Any of the three forms; nullopt for anything else.
std::optional<std::int64_t> parse_date(std::string_view text);

/// The value of Date, made once a second. One thread.
class DateField {
 public:
  /// Valid until the next call.
  const std::string& at(std::int64_t unix_s);

 private:
  std::int64_t second_ = 0;
  std::string value_;
};

}  // namespace chaos::http
