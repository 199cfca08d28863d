// Booleans, bytes and doubles as text. Source: PostgreSQL 15 documentation, 8.1.3, 8.4 "Binary Data Types", 8.6 "Boolean Type".
#include "postgres/sql/sql_types.hpp"

#include "wire/text.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace chaos::pg {

std::string_view bool_text(std::string_view stored) {
  const bool yes = !stored.empty() && (stored[0] == '1' || stored[0] == 't' || stored[0] == 'T' || stored[0] == 'y' || stored == "on");
  return yes ? "t" : "f";
}

std::optional<bool> read_bool(std::string_view given) {
  const std::string text = lower(given);
  const auto begins = [&](std::string_view word) { return !text.empty() && word.starts_with(text); };
  if (begins("true") || begins("yes") || text == "on" || text == "1") return true;
  if (begins("false") || begins("no") || text == "off" || text == "of" || text == "0") return false;
  return std::nullopt;
}

std::string hex_text(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const unsigned char c : bytes) out.append({kDigits[c >> 4], kDigits[c & 15]});
  return out;
}

bool read_bytea(std::string_view text, std::string& out) {
  const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; };
  if (text.starts_with("\\x")) {
    if (text.size() % 2 != 0) return false;
    for (std::size_t i = 2; i < text.size(); i += 2) {
      if (digit(text[i]) < 0 || digit(text[i + 1]) < 0) return false;
      out.push_back(static_cast<char>(digit(text[i]) << 4 | digit(text[i + 1])));
    }
    return true;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out.push_back(text[i]);
      continue;
    }
    if (text.substr(i).starts_with("\\\\")) {
      out.push_back(text[++i]);
      continue;
    }
    const std::string_view octal = text.substr(i + 1, 3);
    if (octal.size() != 3 || octal.find_first_not_of("01234567") != std::string_view::npos || octal[0] > '3') return false;
    out.push_back(static_cast<char>((octal[0] - '0') << 6 | (octal[1] - '0') << 3 | (octal[2] - '0')));
    i += 3;
  }
  return true;
}

std::string double_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  std::array<char, 40> room;
  const double size = std::fabs(value);
  const auto form = size == 0 || (size >= 1e-4 && size < 1e15) ? std::chars_format::fixed : std::chars_format::scientific;
  const auto [end, ec] = std::to_chars(room.data(), room.data() + room.size(), value, form);
  return {room.data(), static_cast<std::size_t>(end - room.data())};
}

}  // namespace chaos::pg
