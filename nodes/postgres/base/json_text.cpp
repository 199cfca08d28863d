#include "postgres/base/json_text.hpp"

#include "postgres/base/sql_error.hpp"

#include <algorithm>
#include <cctype>
#include <cstdio>

namespace chaos::pg {

namespace {

constexpr int kDeepestJson = 1000;
constexpr std::size_t kContextBytes = 50;

bool in_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0; }
bool digit(char c) { return c >= '0' && c <= '9'; }

class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  std::optional<ServerError> run() {
    if (next() && value(0) && kind_ != 0) expected("end of input");
    return std::move(error_);
  }

 private:
  // The next token: its first byte, 'w' for a word, '0' for a number, 0 at the end. False: it is none.
  bool next() {
    while (to_ < text_.size() && std::string_view(" \t\n\r").find(text_[to_]) != std::string_view::npos) ++to_;
    from_ = to_;
    if (to_ == text_.size()) return kind_ = 0, true;
    kind_ = text_[to_++];
    if (std::string_view("{}[]:,").find(kind_) != std::string_view::npos) return true;
    if (kind_ == '"') return string();
    if (kind_ == '-' || digit(kind_)) return number();
    while (in_word(kind_) && to_ < text_.size() && in_word(text_[to_])) ++to_;
    kind_ = 'w';
    return token() == "true" || token() == "false" || token() == "null" || invalid();
  }

  bool string() {
    for (; to_ < text_.size() && text_[to_] != '"'; ++to_) {
      const auto c = static_cast<unsigned char>(text_[to_]);
      char code[8];
      std::snprintf(code, sizeof code, "0x%02x", c);
      if (c < 0x20) return fail("Character with value " + std::string(code) + " must be escaped.");
      if (c == '\\' && !escape()) return false;
    }
    return to_ < text_.size() ? ++to_, true : invalid();
  }

  bool escape() {
    if (++to_ == text_.size()) return invalid();
    const char c = text_[to_];
    if (std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos) return true;
    if (c != 'u') return ++to_, fail("Escape sequence \"\\" + std::string(1, c) + "\" is invalid.");
    for (int i = 0; i < 4; ++i) {
      if (++to_ == text_.size()) return invalid();
      if (std::isxdigit(static_cast<unsigned char>(text_[to_])) == 0) return ++to_, fail("\"\\u\" must be followed by four hexadecimal digits.");
    }
    return true;
  }

  bool digits() {
    const std::size_t first = to_;
    while (to_ < text_.size() && digit(text_[to_])) ++to_;
    return to_ > first;
  }
  bool at(char c) const { return to_ < text_.size() && text_[to_] == c; }

  bool number() {
    to_ = from_ + (kind_ == '-' ? 1 : 0);
    kind_ = '0';
    bool good = at('0') ? ++to_, true : digits();
    if (good && at('.')) ++to_, good = digits();
    if (good && (at('e') || at('E'))) {
      ++to_;
      if (at('+') || at('-')) ++to_;
      good = digits();
    }
    for (; to_ < text_.size() && in_word(text_[to_]); ++to_) good = false;
    return good || invalid();
  }

  bool value(int depth) {
    if (depth > kDeepestJson) return error_ = make_error("54001", "stack depth limit exceeded"), false;
    if (kind_ == '{') return object(depth);
    if (kind_ == '[') return array(depth);
    return kind_ == 'w' || kind_ == '0' || kind_ == '"' ? next() : expected("JSON value");
  }

  bool object(int depth) {
    if (!next()) return false;
    for (bool first = true; !(first && kind_ == '}'); first = false) {
      if (kind_ != '"') return expected(first ? "string or \"}\"" : "string");
      if (!next()) return false;
      if (kind_ != ':') return expected("\":\"");
      if (!next() || !value(depth + 1)) return false;
      if (kind_ == '}') break;
      if (kind_ != ',') return expected("\",\" or \"}\"");
      if (!next()) return false;
    }
    return next();
  }

  bool array(int depth) {
    if (!next()) return false;
    while (kind_ != ']') {
      if (!value(depth + 1)) return false;
      if (kind_ == ']') break;
      if (kind_ != ',') return expected("\",\" or \"]\"");
      if (!next()) return false;
      if (kind_ == ']') return expected("JSON value");
    }
    return next();
  }

  std::string_view token() const { return text_.substr(from_, to_ - from_); }
  bool invalid() { return fail("Token \"" + std::string(token()) + "\" is invalid."); }
  bool expected(const std::string& what) { return fail(kind_ == 0 ? "The input string ended unexpectedly." : "Expected " + what + ", but found \"" + std::string(token()) + "\"."); }

  // The line up to where the token ends, its beginning left out when it is long.
  bool fail(std::string detail) {
    to_ = std::min(to_, text_.size());
    const std::size_t line = text_.rfind('\n', to_ == 0 ? 0 : to_ - 1);
    const std::size_t begin = line == std::string_view::npos ? 0 : line + 1;
    const std::size_t from = to_ - std::min(to_, begin) < kContextBytes ? std::min(begin, to_) : to_ - kContextBytes + 3;
    const bool more = kind_ != 0 && to_ < text_.size() && text_[to_] != '\n' && text_[to_] != '\r';
    ServerError error = make_error("22P02", "invalid input syntax for type json");
    error.detail = std::move(detail);
    error.context = "JSON data, line " + std::to_string(1 + std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(std::min(begin, to_)), '\n')) + ": " +
                    (from > begin ? "..." : "") + std::string(text_.substr(from, to_ - from)) + (more ? "..." : "");
    error_ = std::move(error);
    return false;
  }

  std::string_view text_;
  std::size_t from_ = 0;
  std::size_t to_ = 0;
  char kind_ = 0;
  std::optional<ServerError> error_;
};

}  // namespace

std::optional<ServerError> json_error(std::string_view text) { return JsonReader(text).run(); }

}  // namespace chaos::pg
