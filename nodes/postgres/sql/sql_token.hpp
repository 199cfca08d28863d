// SQL text as PostgreSQL reads it, cut into tokens and statements. Pure.
// Source: PostgreSQL 15 documentation, 4.1 "Lexical Structure".
#pragma once

#include "wire/pgwire_backend.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace chaos::pg {

enum class TokenKind {
  word,        // identifier or key word, lower case
  quoted,      // "Identifier", with its quotes
  string,      // 'text' in SQLite's spelling: escapes and dollar quotes are resolved
  number,
  parameter,   // $1: text is "1"
  symbol,      // one operator or punctuation
};

struct Token {
  TokenKind kind = TokenKind::symbol;
  std::string text;
  int position = 0;      // 1-based byte in the query

  bool is(std::string_view word_or_symbol) const {
    return (kind == TokenKind::word || kind == TokenKind::symbol) && text == word_or_symbol;
  }
};
using Tokens = std::vector<Token>;

struct StatementText {
  Tokens tokens;         // without the semicolon; never empty
  std::string text;      // as it was sent, trimmed
};

/// The statements of a query string, empty ones left out. False: `error` says where it is malformed (42601), or that it is more than
/// a small node's memory holds: brackets in brackets beyond kDeepest (54001), more than kMostTokens (54000).
inline constexpr int kDeepest = 200;
inline constexpr std::size_t kMostTokens = 150'000;
bool split_statements(std::string_view sql, std::vector<StatementText>& out, ServerError& error);

/// "'it''s'" of "it's".
std::string quote_text(std::string_view text);
/// "\"a\"\"b\"" of "a\"b".
std::string quote_name(std::string_view name);
/// The name that a word or quoted token stands for.
std::string name_of(const Token& token);

}  // namespace chaos::pg
