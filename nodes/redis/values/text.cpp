#include "redis/values/text.hpp"

#include "wire/resp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

namespace chaos::redis {
namespace {

struct Unit { std::string_view name; std::int64_t factor; };
constexpr std::array<Unit, 8> kUnits{{{"", 1}, {"b", 1}, {"k", 1000}, {"kb", 1024}, {"m", 1000'000}, {"mb", 1024 * 1024},
                                      {"g", 1000'000'000}, {"gb", 1024LL * 1024 * 1024}}};

}  // namespace

bool is_word(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                    [](char a, char b) { return chaos::lower(a) == b; });
}

std::optional<std::uint64_t> parse_memory(std::string_view text) {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  std::int64_t number = 0;
  if (!resp::parse_integer(text.substr(0, digits), number)) return std::nullopt;
  for (const auto& unit : kUnits) {
    if (!is_word(text.substr(digits), unit.name)) continue;
    if (number > INT64_MAX / unit.factor) return std::nullopt;
    return static_cast<std::uint64_t>(number * unit.factor);
  }
  return std::nullopt;
}

namespace {

template <class T>
std::optional<T> parse_with(T (*convert)(const char*, char**), std::string_view text) {
  constexpr std::size_t kLongest = 400;     // the digits of the largest double, and some
  if (text.empty() || text.size() > kLongest || std::isspace(static_cast<unsigned char>(text[0]))) return std::nullopt;
  const std::string copy(text);
  char* end = nullptr;
  const T value = convert(copy.c_str(), &end);
  if (end != copy.c_str() + copy.size() || std::isnan(value)) return std::nullopt;
  return value;
}

}  // namespace

std::optional<double> parse_real(std::string_view text) { return parse_with<double>(std::strtod, text); }
std::optional<long double> parse_long_real(std::string_view text) { return parse_with<long double>(std::strtold, text); }

std::string plain_real(long double value) {
  std::array<char, 5200> buffer;
  const int size = std::snprintf(buffer.data(), buffer.size(), "%.17Lf", value);
  std::string out(buffer.data(), static_cast<std::size_t>(size));
  out.erase(out.find_last_not_of('0') + 1);
  if (out.ends_with('.')) out.pop_back();
  return out == "-0" ? "0" : out;
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '\\': case '"': out += '\\'; out += c; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      case '\a': out += "\\a"; break;
      case '\b': out += "\\b"; break;
      default:
        if (c >= ' ' && c <= '~') out += c;
        else fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  out += '"';
}

std::optional<Span> clamp_range(std::int64_t start, std::int64_t stop, std::size_t size) {
  const auto n = static_cast<std::int64_t>(size);
  if (start < 0) start = std::max<std::int64_t>(0, start + n);
  if (stop < 0) stop += n;
  stop = std::min(stop, n - 1);
  if (start > stop || start >= n) return std::nullopt;
  return Span{static_cast<std::size_t>(start), static_cast<std::size_t>(stop - start + 1)};
}

std::string human_bytes(std::uint64_t bytes) {
  constexpr std::array<const char*, 4> kNames{"B", "K", "M", "G"};
  if (bytes < 1024) return fmt::format("{}B", bytes);
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < kNames.size(); ++unit) value /= 1024;
  return fmt::format("{:.2f}{}", value, kNames[unit]);
}

}  // namespace chaos::redis
