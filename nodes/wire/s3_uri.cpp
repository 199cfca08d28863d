// Percent-encoding and continuation tokens of wire/s3.hpp.
#include "wire/s3.hpp"

#include <cctype>

namespace chaos::s3 {

namespace {

constexpr std::string_view kHex = "0123456789ABCDEF";

int nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void append_hex(std::string& out, char c) {
  const auto byte = static_cast<unsigned char>(c);
  out.push_back(kHex[byte >> 4]);
  out.push_back(kHex[byte & 15]);
}

// The byte that two hexadecimal digits at `at` stand for, or -1.
int byte_at(std::string_view text, std::size_t at) {
  if (at + 1 >= text.size() || nibble(text[at]) < 0 || nibble(text[at + 1]) < 0) return -1;
  return nibble(text[at]) * 16 + nibble(text[at + 1]);
}

std::string encode(std::string_view text, std::string_view plain_marks) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) || plain_marks.find(c) != std::string_view::npos) {
      out.push_back(c);
    } else {
      out.push_back('%');
      append_hex(out, c);
    }
  }
  return out;
}

}  // namespace

std::string uri_encode(std::string_view text) { return encode(text, "-._~/"); }
std::string query_encode(std::string_view text) { return encode(text, "-._~"); }

std::optional<std::string> uri_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(plus_is_space && text[i] == '+' ? ' ' : text[i]);
      continue;
    }
    const int byte = byte_at(text, i + 1);
    if (byte < 0) return std::nullopt;
    out.push_back(static_cast<char>(byte));
    i += 2;
  }
  return out;
}

std::string make_token(std::string_view last) {
  std::string out;
  out.reserve(last.size() * 2);
  for (const char c : last) append_hex(out, c);
  return out;
}

std::optional<std::string> after_token(std::string_view token) {
  if (token.empty() || token.size() % 2 != 0 || token.size() > 2 * kMaxKey) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < token.size(); i += 2) {
    const int byte = byte_at(token, i);
    if (byte < 0) return std::nullopt;
    out.push_back(static_cast<char>(byte));
  }
  return out;
}

}  // namespace chaos::s3
