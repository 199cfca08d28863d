// Small readings and writings of arguments.
#pragma once

#include "wire/text.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chaos::redis {

/// Words compare without case; `lower` is in lower case.
bool is_word(std::string_view text, std::string_view lower);

/// "100mb", "1gb", "512": bytes, as redis.conf takes memory (k is 1000, kb is 1024, and so on).
std::optional<std::uint64_t> parse_memory(std::string_view text);
/// "1.50M", as INFO's *_human fields.
std::string human_bytes(std::uint64_t bytes);

/// A number as strtod takes it, infinities too, without blanks before or behind; no NaN.
std::optional<double> parse_real(std::string_view text);
/// The same with more digits, for INCRBYFLOAT.
std::optional<long double> parse_long_real(std::string_view text);
/// "3.1", without an exponent and without zeros at the end (util.c: ld2string).
std::string plain_real(long double value);

/// "word" with quotes and escapes, as MONITOR and the slow log of redis-cli show arguments (sds.c: sdscatrepr).
void append_quoted(std::string& out, std::string_view text);

/// Redis' rule for ranges with places counted from the end: [first, last] of `size` elements; nothing when it is empty.
struct Span { std::size_t first, count; };
std::optional<Span> clamp_range(std::int64_t start, std::int64_t stop, std::size_t size);

}  // namespace chaos::redis
