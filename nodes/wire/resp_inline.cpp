#include "wire/resp_request.hpp"

#include <charconv>

namespace chaos::resp {
namespace {

bool blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

char unescape(char c) {
  switch (c) {
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'b': return '\b';
    case 'a': return '\a';
    default: return c;
  }
}

/// "\xHH" at the front of `rest`.
bool hex_escape(std::string_view rest, char& out) {
  if (rest.size() < 4 || rest[0] != '\\' || rest[1] != 'x') return false;
  unsigned value = 0;
  const auto [end, code] = std::from_chars(rest.data() + 2, rest.data() + 4, value, 16);
  out = static_cast<char>(value);
  return code == std::errc() && end == rest.data() + 4;
}

/// Takes a quoted string whose opening quote is at `at`; leaves `at` behind the closing one.
bool take_quoted(std::string_view line, std::size_t& at, std::string& out) {
  const char quote = line[at++];
  while (at < line.size()) {
    const auto rest = line.substr(at);
    char byte = 0;
    if (rest[0] == quote) {
      ++at;
      return at == line.size() || blank(line[at]);   // nothing may follow a closing quote
    }
    if (quote == '"' && hex_escape(rest, byte)) {
      out += byte;
      at += 4;
    } else if (rest.size() > 1 && rest[0] == '\\' && (quote == '"' || rest[1] == '\'')) {
      out += quote == '"' ? unescape(rest[1]) : '\'';
      at += 2;
    } else {
      out += rest[0];
      ++at;
    }
  }
  return false;
}

bool take_argument(std::string_view line, std::size_t& at, std::string& out) {
  while (at < line.size() && !blank(line[at])) {
    if (line[at] == '"' || line[at] == '\'') return take_quoted(line, at, out);
    out += line[at++];
  }
  return true;
}

}  // namespace

bool split_inline(std::string_view line, std::vector<std::string>& out) {
  std::size_t at = 0;
  while (true) {
    while (at < line.size() && blank(line[at])) ++at;
    if (at == line.size()) return true;
    if (!take_argument(line, at, out.emplace_back())) return false;
  }
}

}  // namespace chaos::resp
