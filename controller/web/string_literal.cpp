#include "web/string_literal.hpp"

#include "drill/utf8.hpp"

#include <cstdint>
#include <optional>

namespace chaos::web {

namespace {

struct Numeric {
  int base;
  std::size_t digits;
  bool rune;       // a code point; else a byte
};

std::optional<Numeric> numeric(char c) {
  if (c >= '0' && c <= '7') return Numeric{8, 3, false};
  if (c == 'x') return Numeric{16, 2, false};
  if (c == 'u') return Numeric{16, 4, true};
  if (c == 'U') return Numeric{16, 8, true};
  return std::nullopt;
}

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 16;
}

bool add_rune(std::uint32_t rune, std::string& out) {
  if (rune > 0x10FFFF || (rune >= 0xD800 && rune < 0xE000)) return false;
  if (rune < 0x80) {
    out.push_back(static_cast<char>(rune));
    return true;
  }
  const int tail = rune < 0x800 ? 1 : rune < 0x10000 ? 2 : 3;
  static constexpr unsigned char kLead[] = {0, 0xC0, 0xE0, 0xF0};
  out.push_back(static_cast<char>(kLead[tail] | (rune >> (6 * tail))));
  for (int i = tail - 1; i >= 0; --i) out.push_back(static_cast<char>(0x80 | ((rune >> (6 * i)) & 0x3F)));
  return true;
}

// Of `kind` at text[at]; true when it stands for something.
bool add_number(Numeric kind, std::string_view text, std::size_t& at, std::string& out) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < kind.digits; ++i, ++at) {
    const int one = at < text.size() ? digit(text[at]) : 16;
    if (one >= kind.base) return false;
    value = value * static_cast<std::uint64_t>(kind.base) + static_cast<std::uint64_t>(one);
  }
  if (kind.rune) return value <= 0x10FFFF && add_rune(static_cast<std::uint32_t>(value), out);
  if (value > 0xFF) return false;
  out.push_back(static_cast<char>(value));
  return true;
}

// What follows a backslash, at text[at].
bool add_escape(char quote, std::string_view text, std::size_t& at, std::string& out) {
  static constexpr std::string_view kNames = "abfnrtv\\";
  static constexpr std::string_view kMeant = "\a\b\f\n\r\t\v\\";
  if (at >= text.size()) return false;
  const char c = text[at];
  if (const auto kind = numeric(c)) {
    if (kind->base == 16) ++at;
    return add_number(*kind, text, at, out);
  }
  ++at;
  const auto known = kNames.find(c);
  if (known == std::string_view::npos && c != quote) return false;
  out.push_back(c == quote ? c : kMeant[known]);
  return true;
}

StringLiteral quoted(std::string_view text) {
  const char quote = text[0];
  StringLiteral out;
  std::size_t at = 1;
  while (at < text.size() && text[at] != quote) {
    const char c = text[at++];
    if (c == '\n' && quote != '`') return {{}, at, "a line break in a string"};
    if (c != '\\' || quote == '`') out.value.push_back(c);
    else if (!add_escape(quote, text, at, out.value)) return {{}, at, "unknown escape sequence"};
  }
  if (at >= text.size()) return {{}, text.size(), "unterminated quoted string"};
  out.length = at + 1;
  return out;
}

}  // namespace

StringLiteral read_string_literal(std::string_view text) {
  if (text.empty() || (text[0] != '"' && text[0] != '\'' && text[0] != '`')) return {{}, 0, "expected a string"};
  StringLiteral out = quoted(text);
  if (out.error.empty() && line_of_bad_utf8(out.value)) return {{}, out.length, "a string that is not UTF-8"};
  return out;
}

}  // namespace chaos::web
