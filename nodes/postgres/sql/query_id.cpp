#include "postgres/sql/query_id.hpp"

#include <algorithm>
#include <cstdlib>

namespace chaos::pg {

namespace {

constexpr std::uint64_t kOffset = 14695981039346656037ULL, kPrime = 1099511628211ULL;   // FNV-1a

void mix(std::uint64_t& hash, std::string_view text) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * kPrime;
  hash = (hash ^ 0xff) * kPrime;
}

bool constant(const Token& token) { return token.kind == TokenKind::string || token.kind == TokenKind::number || token.kind == TokenKind::parameter; }

// Where the literal that begins at `at` ends in the text as it was sent.
std::size_t literal_end(std::string_view text, std::size_t at, const Token& token) {
  if (token.kind == TokenKind::number) return at + token.text.size();
  if (text[at] == '$') {
    const std::size_t tag = text.find('$', at + 1);
    if (tag == std::string_view::npos) return text.size();
    const std::string_view mark = text.substr(at, tag + 1 - at);
    const std::size_t close = text.find(mark, tag + 1);
    return close == std::string_view::npos ? text.size() : close + mark.size();
  }
  const bool escapes = text[at] == 'E' || text[at] == 'e';
  std::size_t i = text.find('\'', at);
  for (++i; i < text.size(); ++i) {
    if (escapes && text[i] == '\\') ++i;
    else if (text[i] == '\'' && i + 1 < text.size() && text[i + 1] == '\'') ++i;
    else if (text[i] == '\'') return i + 1;
  }
  return text.size();
}

}  // namespace

std::int64_t query_id(const Tokens& tokens, bool with_constants) {
  std::uint64_t hash = kOffset;
  for (const Token& token : tokens) mix(hash, !with_constants && constant(token) ? "?" : std::string_view(token.text));
  return hash == 0 ? 1 : static_cast<std::int64_t>(hash);
}

std::string normalized_query(std::string_view text) {
  std::vector<StatementText> statements;
  ServerError error;
  if (!split_statements(text, statements, error) || statements.size() != 1) return std::string(text);
  int highest = 0;
  for (const Token& token : statements[0].tokens) {
    if (token.kind == TokenKind::parameter) highest = std::max(highest, std::atoi(token.text.c_str()));
  }
  std::string out;
  std::size_t copied = 0;
  for (const Token& token : statements[0].tokens) {
    const auto at = static_cast<std::size_t>(token.position - 1);
    if (!constant(token) || token.kind == TokenKind::parameter || at < copied || at >= text.size()) continue;
    out.append(text, copied, at - copied).append("$" + std::to_string(++highest));
    copied = std::min(literal_end(text, at, token), text.size());
  }
  return out.append(text, copied, text.size() - copied);
}

}  // namespace chaos::pg
