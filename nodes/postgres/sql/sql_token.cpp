#include "postgres/sql/sql_token.hpp"

#include "wire/text.hpp"

#include <array>
#include <cctype>

namespace chaos::pg {

namespace {

bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool starts_word(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0; }
bool in_word(char c) { return starts_word(c) || is_digit(c) || c == '$'; }

class Scanner {
 public:
  Scanner(std::string_view sql, ServerError& error) : sql_(sql), error_(error) {}

  // False at the end or on an error.
  bool next(Token& out);
  bool failed() const { return failed_; }
  std::size_t at() const { return at_; }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < sql_.size() ? sql_[at_ + ahead] : '\0'; }
  bool skip_blank();
  bool skip_block_comment();
  bool fail(std::size_t from, std::string what);
  bool quoted(Token& out, char quote);
  bool escaped_string(Token& out);
  bool dollar(Token& out);
  bool dollar_quoted(Token& out);
  void number(Token& out);
  void symbol(Token& out);

  std::string_view sql_;
  ServerError& error_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

bool Scanner::fail(std::size_t from, std::string what) {
  error_ = {"ERROR", "42601", std::move(what), {}, {}, static_cast<int>(from + 1)};
  failed_ = true;
  return false;
}

bool Scanner::skip_block_comment() {
  const std::size_t from = at_;
  int depth = 0;
  do {   // they nest
    if (peek() == '\0') return fail(from, "unterminated /* comment");
    if (peek() == '/' && peek(1) == '*') ++depth, at_ += 2;
    else if (peek() == '*' && peek(1) == '/') --depth, at_ += 2;
    else ++at_;
  } while (depth > 0);
  return true;
}

bool Scanner::skip_blank() {
  while (at_ < sql_.size()) {
    if (is_space(peek())) {
      ++at_;
    } else if (peek() == '-' && peek(1) == '-') {
      at_ = std::min(sql_.find('\n', at_), sql_.size());
    } else if (peek() == '/' && peek(1) == '*') {
      if (!skip_block_comment()) return false;
    } else {
      break;
    }
  }
  return true;
}

bool Scanner::quoted(Token& out, char quote) {
  const std::size_t from = at_;
  out.kind = quote == '"' ? TokenKind::quoted : TokenKind::string;
  for (++at_; at_ < sql_.size(); ++at_) {
    if (peek() != quote) continue;
    if (peek(1) != quote) {
      ++at_;
      out.text = sql_.substr(from, at_ - from);
      return true;
    }
    ++at_;
  }
  return fail(from, quote == '"' ? "unterminated quoted identifier" : "unterminated quoted string");
}

bool Scanner::escaped_string(Token& out) {
  const std::size_t from = at_;
  std::string text;
  for (at_ += 2; at_ < sql_.size(); ++at_) {
    const char c = peek();
    if (c == '\'' && peek(1) != '\'') {
      ++at_;
      out = {TokenKind::string, quote_text(text), out.position};
      return true;
    }
    if (c == '\'' || c == '\\') ++at_;
    const char taken = peek();
    if (c != '\\') text.push_back(taken);
    else text.push_back(taken == 'n' ? '\n' : taken == 't' ? '\t' : taken == 'r' ? '\r' : taken);
  }
  return fail(from, "unterminated quoted string");
}

bool Scanner::dollar_quoted(Token& out) {
  const std::size_t from = at_;
  const std::size_t tag_end = sql_.find('$', at_ + 1);
  const std::string_view tag = sql_.substr(from, tag_end - from + 1);
  const std::size_t close = sql_.find(tag, tag_end + 1);
  if (close == std::string_view::npos) return fail(from, "unterminated dollar-quoted string");
  out.kind = TokenKind::string;
  out.text = quote_text(sql_.substr(tag_end + 1, close - tag_end - 1));
  at_ = close + tag.size();
  return true;
}

bool Scanner::dollar(Token& out) {
  if (is_digit(peek(1))) {
    out.kind = TokenKind::parameter;
    for (++at_; is_digit(peek()); ++at_) out.text.push_back(peek());
    if (out.text.size() > 5 || out.text.find_first_not_of('0') == std::string::npos) return fail(at_, "there is no parameter $" + out.text);
    return true;
  }
  std::size_t end = at_ + 1;
  while (end < sql_.size() && sql_[end] != '$' && in_word(sql_[end])) ++end;
  if (end < sql_.size() && sql_[end] == '$') return dollar_quoted(out);
  return fail(at_, "syntax error at or near \"$\"");
}

void Scanner::number(Token& out) {
  const std::size_t from = at_;
  while (is_digit(peek()) || peek() == '.') ++at_;
  const bool exponent = (peek() == 'e' || peek() == 'E') &&
                        (is_digit(peek(1)) || ((peek(1) == '-' || peek(1) == '+') && is_digit(peek(2))));
  if (exponent) {
    at_ += 2;
    while (is_digit(peek())) ++at_;
  }
  out = {TokenKind::number, std::string(sql_.substr(from, at_ - from)), out.position};
}

void Scanner::symbol(Token& out) {
  static constexpr std::array<std::string_view, 20> kLong{"!~~*", "!~~", "~~*", "!~*", "->>", "#>>", "!~", "~~", "~*", "::",
                                                          "<=",   ">=",  "<>",  "!=",  "||",  "->",  "<<", ">>", "==", "#>"};
  out.kind = TokenKind::symbol;
  std::size_t length = 1;
  for (const std::string_view candidate : kLong) {
    if (sql_.substr(at_, candidate.size()) != candidate) continue;
    length = candidate.size();
    break;
  }
  out.text = sql_.substr(at_, length);
  at_ += length;
}

bool Scanner::next(Token& out) {
  if (!skip_blank() || at_ >= sql_.size()) return false;
  out = {TokenKind::symbol, {}, static_cast<int>(at_ + 1)};
  const char c = peek();
  if (c == '\'' || c == '"') return quoted(out, c);
  if ((c == 'e' || c == 'E') && peek(1) == '\'') return escaped_string(out);
  if (c == '$') return dollar(out);
  if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
    number(out);
  } else if (starts_word(c)) {
    const std::size_t from = at_;
    while (in_word(peek())) ++at_;
    out = {TokenKind::word, lower(sql_.substr(from, at_ - from)), out.position};
  } else if (c == '\0') {
    return fail(at_, "invalid byte sequence for encoding \"UTF8\": 0x00");
  } else {
    symbol(out);
  }
  return true;
}

std::string doubled(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    if (c == quote) out.push_back(quote);
    out.push_back(c);
  }
  out.push_back(quote);
  return out;
}

}  // namespace

std::string quote_text(std::string_view text) { return doubled(text, '\''); }
std::string quote_name(std::string_view name) { return doubled(name, '"'); }

std::string name_of(const Token& token) {
  if (token.kind != TokenKind::quoted) return token.text;
  std::string out;
  for (std::size_t i = 1; i + 1 < token.text.size(); ++i) {
    out.push_back(token.text[i]);
    if (token.text[i] == '"') ++i;
  }
  return out;
}

bool split_statements(std::string_view sql, std::vector<StatementText>& out, ServerError& error) {
  Scanner scanner(sql, error);
  StatementText current;
  const auto flush = [&](std::size_t end) {
    if (current.tokens.empty()) return;
    const auto from = static_cast<std::size_t>(current.tokens.front().position - 1);
    current.text = sql.substr(from, end - from);
    out.push_back(std::move(current));
    current = {};
  };
  std::size_t end = 0, count = 0;
  int depth = 0;
  Token token;
  while (scanner.next(token)) {
    depth += token.is("(") || token.is("[") ? 1 : token.is(")") || token.is("]") ? -1 : 0;
    if (depth > kDeepest) return error = {"ERROR", "54001", "stack depth limit exceeded", {}, {}, token.position}, false;
    if (++count > kMostTokens) return error = {"ERROR", "54000", "statement is too long: more than " + std::to_string(kMostTokens) + " words", {}, {}, 0}, false;
    if (token.is(";")) {
      flush(end);
      continue;
    }
    end = scanner.at();
    current.tokens.push_back(std::move(token));
  }
  if (scanner.failed()) return false;
  flush(end);
  return true;
}

}  // namespace chaos::pg
