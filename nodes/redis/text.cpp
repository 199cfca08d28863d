#include "redis/text.hpp"

#include "wire/resp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace chaos::redis {
namespace {

char lower_char(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

struct Unit { std::string_view name; std::int64_t factor; };
constexpr std::array<Unit, 8> kUnits{{{"", 1}, {"b", 1}, {"k", 1000}, {"kb", 1024}, {"m", 1000'000}, {"mb", 1024 * 1024},
                                      {"g", 1000'000'000}, {"gb", 1024LL * 1024 * 1024}}};

}  // namespace

bool is_word(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                    [](char a, char b) { return lower_char(a) == b; });
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower_char);
  return out;
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

std::string human_bytes(std::uint64_t bytes) {
  constexpr std::array<const char*, 4> kNames{"B", "K", "M", "G"};
  if (bytes < 1024) return fmt::format("{}B", bytes);
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < kNames.size(); ++unit) value /= 1024;
  return fmt::format("{:.2f}{}", value, kNames[unit]);
}

}  // namespace chaos::redis
