// Figures as the post-mortem words them. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace chaos::record {

std::string clock_text(double lab_s);          // "17:42"; "+1d 03:10" after the first day
std::string span_text(double lab_s);           // "45 s", "12 min", "3 h 05 min"; of lab time
std::string percent(double ratio, int digits); // "97.31 %"; never rounded up to 100 or down to 0
std::string whole(std::uint64_t value);        // "12,345"
std::string number(double value);              // three figures at most after trimming: "0.45", "12.3", "318", "1,900"
std::string number(double value, int decimals);   // trimmed: "0.45", "1,900.5"
int decimals_of(double value);                 // that number(value) rounds to
std::string with_commas(std::string digits);   // "-1234.5" is "-1,234.5"; what is no plain number stays as it is
std::string real_date(std::int64_t unix_us);   // "2025-03-01 17:42:05 UTC"
std::string plural(std::uint64_t n, std::string_view word);   // "1 request", "12,345 requests"
std::string escape_html(std::string_view text);               // & < > " ' ; control characters become spaces
std::string escape_markdown(std::string_view text);           // one line, nothing in it is markup

inline constexpr std::string_view kNotMeasuredText = "not measured";

}  // namespace chaos::record
