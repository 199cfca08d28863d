#include "postgres/sql/sql_clauses.hpp"

#include <set>
#include <string_view>
#include <utility>

namespace chaos::pg {

std::string Clauses::text(const std::string& clause) const {
  const auto found = spans.find(clause);
  return found == spans.end() ? "" : deparse(*tokens, found->second.first, found->second.second);
}

std::string deparse(const Tokens& tokens, std::size_t from, std::size_t to) {
  std::string out;
  for (std::size_t i = from; i < to && i < tokens.size(); ++i) {
    const std::string& text = tokens[i].kind == TokenKind::parameter ? "$" + tokens[i].text : tokens[i].text;
    const bool close = out.empty() || out.ends_with('(') || out.ends_with('.') || out.ends_with("::") || text == ")" || text == "," || text == "." || text == "::" ||
                       (text == "(" && i > from && tokens[i - 1].kind == TokenKind::word && !tokens[i - 1].is("in") && !tokens[i - 1].is("and") && !tokens[i - 1].is("or"));
    out += (close ? "" : " ") + text;
  }
  return out;
}

Clauses clauses_of(const Tokens& tokens) {
  static const std::set<std::string_view> kWords{"select", "from", "where", "group", "having", "order", "limit", "offset", "fetch", "returning", "set", "union", "except", "intersect", "values"};
  static const std::set<std::string_view> kAggregates{"count", "sum", "avg", "min", "max", "string_agg", "array_agg", "bool_and", "bool_or", "stddev", "variance", "percentile_cont"};
  static const std::set<std::string_view> kNoAlias{"on", "join", "left", "right", "inner", "cross", "full", "natural", "using", "set", "values", "where", "select", "group", "order", "limit", "default", "returning", "as"};
  Clauses out;
  out.tokens = &tokens;
  std::string open;
  int depth = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (token.is("(")) ++depth;
    if (token.is(")")) --depth;
    const bool word = token.kind == TokenKind::word || token.kind == TokenKind::quoted;
    const bool names = i > 0 && word && (tokens[i - 1].is("from") || tokens[i - 1].is("join") || tokens[i - 1].is("update") || tokens[i - 1].is("into") || (tokens[i - 1].is(",") && open == "from"));
    if (names) {
      const std::size_t last = i + 2 < tokens.size() && tokens[i + 1].is(".") ? i + 2 : i;
      const std::size_t alias = last + 1 < tokens.size() && tokens[last + 1].is("as") ? last + 2 : last + 1;
      const std::string table = name_of(tokens[last]);
      out.tables[table] = table;
      const bool named = alias < tokens.size() && (tokens[alias].kind == TokenKind::quoted || (tokens[alias].kind == TokenKind::word && !kNoAlias.contains(tokens[alias].text)));
      if (named) out.tables[name_of(tokens[alias])] = table;
    }
    if (depth != 0) continue;
    const bool called = i + 1 < tokens.size() && tokens[i + 1].is("(");
    if (word && called && open == "select" && kAggregates.contains(token.text)) out.aggregates = true;
    if (token.is("distinct") && open == "select") out.distinct = true;
    if (token.kind != TokenKind::word || !kWords.contains(token.text)) continue;
    if (!open.empty()) out.spans[open].second = i;
    if (token.is("union") || token.is("except") || token.is("intersect")) break;
    open = token.text;
    const bool by = i + 1 < tokens.size() && tokens[i + 1].is("by");
    out.spans[open] = {i + (by ? 2 : 1), tokens.size()};
  }
  return out;
}

namespace {

// What AND joins between `from` and `to`.
void split_conjuncts(const Tokens& tokens, std::size_t from, std::size_t to, std::vector<TokenRange>& out) {
  int depth = 0;
  bool between = false;
  for (std::size_t i = from; i < to; ++i) {
    if (tokens[i].is("(") || tokens[i].is("case")) ++depth;
    if (tokens[i].is(")") || tokens[i].is("end")) --depth;
    if (tokens[i].is("between")) between = true;
    if (depth != 0 || !tokens[i].is("and") || std::exchange(between, false)) continue;
    out.emplace_back(from, i);
    from = i + 1;
  }
  if (from < to) out.emplace_back(from, to);
}

bool ends_on(const Token& token) {
  static const std::set<std::string_view> kEnds{"join", "left", "right", "inner", "cross", "full", "natural", "where", "group", "order", "limit", "having", ","};
  return kEnds.contains(token.text) && token.kind != TokenKind::quoted && token.kind != TokenKind::string;
}

}  // namespace

std::vector<TokenRange> conjuncts(const Clauses& clauses) {
  std::vector<TokenRange> out;
  const Tokens& tokens = *clauses.tokens;
  const auto part = [&](const char* name) {
    const auto found = clauses.spans.find(name);
    return found == clauses.spans.end() ? TokenRange{0, 0} : found->second;
  };
  const TokenRange where = part("where"), from = part("from");
  split_conjuncts(tokens, where.first, where.second, out);
  int depth = 0;
  for (std::size_t i = from.first; i < from.second; ++i) {
    depth += tokens[i].is("(") ? 1 : tokens[i].is(")") ? -1 : 0;
    if (depth != 0 || !tokens[i].is("on")) continue;
    std::size_t end = i + 1;
    for (int inside = 0; end < from.second && (inside != 0 || !ends_on(tokens[end])); ++end) inside += tokens[end].is("(") ? 1 : tokens[end].is(")") ? -1 : 0;
    split_conjuncts(tokens, i + 1, end, out);
    i = end - 1;
  }
  return out;
}

std::set<std::string> aliases_in(const Clauses& clauses, TokenRange range) {
  std::set<std::string> out;
  for (std::size_t i = range.first; i + 1 < range.second; ++i) {
    if ((*clauses.tokens)[i + 1].is(".") && clauses.tables.contains(name_of((*clauses.tokens)[i]))) out.insert(name_of((*clauses.tokens)[i]));
  }
  return out;
}

}  // namespace chaos::pg
