#include "postgres/sql/column_clauses.hpp"

#include "postgres/sql/sql_clauses.hpp"
#include "postgres/sql/sql_plan_parts.hpp"
#include "wire/text.hpp"

#include <algorithm>
#include <set>

namespace chaos::pg {

namespace {

bool is_name(const Token& token) { return token.kind == TokenKind::word || token.kind == TokenKind::quoted; }

bool begins_constraint(const Token& token) {
  static const std::set<std::string_view> kWords{"constraint", "primary", "unique", "check", "foreign", "exclude", "like"};
  return token.kind == TokenKind::word && kWords.contains(token.text);
}

// Where each item of the list at `open` begins, and at last where the list ends.
std::vector<std::size_t> items_of(const Tokens& tokens, std::size_t open) {
  std::vector<std::size_t> starts{open + 1};
  const std::size_t close = after_group(tokens, open) - 1;
  int depth = 0;
  for (std::size_t i = open + 1; i < close; ++i) {
    depth += tokens[i].is("(") ? 1 : tokens[i].is(")") ? -1 : 0;
    if (depth == 0 && tokens[i].is(",")) starts.push_back(i + 1);
  }
  starts.push_back(close + 1);
  return starts;
}

bool known_type(const Tokens& tokens, std::size_t at, ServerError& error) {
  const bool other = at >= tokens.size() || !is_name(tokens[at]) || begins_constraint(tokens[at]) || tokens[at].is("not") || tokens[at].is("default") || tokens[at].is("references");
  if (other) return syntax_error(tokens, at, error);
  if ((is_at(tokens, at, "pg_catalog") || is_at(tokens, at, "public")) && is_at(tokens, at + 1, ".")) at += 2;
  if (at >= tokens.size()) return syntax_error(tokens, at, error);
  const std::string name = name_of(tokens[at]);
  return is_type(name) || refuse(error, "42704", "type \"" + name + "\" does not exist", tokens[at].position);
}

std::vector<std::string> column_names(const Tokens& tokens, const std::vector<std::size_t>& items) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i + 1 < items.size(); ++i) {
    const bool column = items[i] < tokens.size() && is_name(tokens[items[i]]) && !begins_constraint(tokens[items[i]]);
    if (column) names.push_back(name_of(tokens[items[i]]));
  }
  return names;
}

struct FoundCheck {
  std::size_t at = 0;          // of the word CHECK
  bool named = false;
  CheckClause check;
};

std::string free_name(const std::string& base, const std::vector<FoundCheck>& others) {
  const auto taken = [&](const std::string& name) { return std::any_of(others.begin(), others.end(), [&](const FoundCheck& other) { return other.check.name == name; }); };
  std::string name = base;
  for (int n = 1; taken(name); ++n) name = base + std::to_string(n);
  return name;
}

std::vector<FoundCheck> find_checks(const Tokens& tokens, std::size_t open, const std::string& table) {
  std::vector<FoundCheck> out;
  const std::vector<std::size_t> items = items_of(tokens, open);
  const std::vector<std::string> columns = column_names(tokens, items);
  for (std::size_t item = 0; item + 1 < items.size(); ++item) {
    const bool of_column = items[item] < tokens.size() && !begins_constraint(tokens[items[item]]);
    for (std::size_t i = items[item]; i + 1 < std::min(items[item + 1], tokens.size()); ++i) {
      if (!tokens[i].is("check") || !tokens[i + 1].is("(")) continue;
      const std::size_t end = after_group(tokens, i + 1);
      FoundCheck found{i, i >= 2 && tokens[i - 2].is("constraint"), {}};
      found.check.condition.assign(tokens.begin() + static_cast<std::ptrdiff_t>(i) + 2, tokens.begin() + static_cast<std::ptrdiff_t>(std::max(end, i + 3)) - 1);
      for (const std::string& column : columns) {
        const auto reads = [&](const Token& token) { return is_name(token) && name_of(token) == column; };
        if (std::any_of(found.check.condition.begin(), found.check.condition.end(), reads)) found.check.columns.push_back(column);
      }
      const std::string middle = of_column ? "_" + name_of(tokens[items[item]]) : found.check.columns.size() == 1 ? "_" + found.check.columns[0] : "";
      found.check.name = found.named ? name_of(tokens[i - 1]) : free_name(table + middle + "_check", out);
      out.push_back(std::move(found));
      i = end - 1;
    }
  }
  return out;
}

// The condition in brackets, as PostgreSQL prints each of its parts.
std::string bracketed(const Tokens& tokens) {
  int depth = 0;
  for (const std::string_view word : {"or", "and"}) {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      depth += tokens[i].is("(") || tokens[i].is("case") ? 1 : tokens[i].is(")") || tokens[i].is("end") ? -1 : 0;
      const bool between = std::any_of(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(i), [](const Token& token) { return token.is("between"); });
      if (depth != 0 || !tokens[i].is(word) || between) continue;
      return "(" + bracketed({tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(i)}) + " " + upper(word) + " " + bracketed(tokens_from(tokens, i + 1)) + ")";
    }
  }
  if (tokens.size() == 1) return tokens[0].text;
  if (is_at(tokens, 0, "(") && after_group(tokens, 0) == tokens.size()) return bracketed({tokens.begin() + 1, tokens.end() - 1});
  return "(" + deparse(tokens, 0, tokens.size()) + ")";
}

// Key words are printed in capitals.
Tokens shown(Tokens tokens) {
  static const std::set<std::string_view> kWords{"not", "is", "null", "in", "like", "case", "when", "then", "else"};
  for (Token& token : tokens) {
    if (token.kind == TokenKind::word && kWords.contains(token.text)) token.text = upper(token.text);
  }
  return tokens;
}

}  // namespace

bool is_type(std::string_view name) {
  // Those that are kept as text here beside the ones that type_by_name() knows.
  static const std::set<std::string_view> kText{
      "xml", "money", "point", "line", "lseg", "box", "path", "polygon", "circle", "cidr", "macaddr", "macaddr8", "bit", "varbit", "timetz", "tsvector", "tsquery", "jsonpath",
      "int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange", "double", "dec", "national", "nchar", "xid", "xid8", "cid", "tid", "txid_snapshot", "pg_snapshot",
      "regproc", "regprocedure", "regoper", "regoperator", "regtype", "regrole", "regnamespace", "regconfig", "regdictionary", "regcollation", "oidvector", "int2vector",
      "aclitem", "pg_node_tree", "anyarray", "unknown", "record", "cstring"};
  if (name.ends_with("[]")) name.remove_suffix(2);
  return kText.contains(name) || !type_by_name(name).name.empty();
}

bool known_types(const Tokens& tokens, std::size_t open, ServerError& error) {
  if (!is_at(tokens, open, "(")) return begins_constraint(tokens[open]) || known_type(tokens, open + 1, error);
  const std::vector<std::size_t> items = items_of(tokens, open);
  for (std::size_t i = 0; i + 1 < items.size(); ++i) {
    const bool column = items[i] < tokens.size() && is_name(tokens[items[i]]) && !begins_constraint(tokens[items[i]]);
    if (column && !known_type(tokens, items[i] + 1, error)) return false;
  }
  return true;
}

void name_checks(Tokens& tokens, std::size_t open, const std::string& table) {
  const std::vector<FoundCheck> found = find_checks(tokens, open, table);
  for (auto check = found.rbegin(); check != found.rend(); ++check) {
    if (check->named) continue;
    const Tokens name{make_word("constraint"), {TokenKind::quoted, quote_name(check->check.name), 0}};
    tokens.insert(tokens.begin() + static_cast<std::ptrdiff_t>(check->at), name.begin(), name.end());
  }
}

std::vector<CheckClause> checks_of(const std::string& sql, const std::string& table) {
  std::vector<CheckClause> out;
  std::vector<StatementText> statements;
  ServerError ignored;
  if (!split_statements(sql, statements, ignored) || statements.size() != 1) return out;
  const Tokens& tokens = statements[0].tokens;
  std::size_t open = 0;
  while (open < tokens.size() && !tokens[open].is("(")) ++open;
  if (open == tokens.size()) return out;
  for (FoundCheck& found : find_checks(tokens, open, table)) out.push_back(std::move(found.check));
  return out;
}

std::string check_text(const CheckClause& check, bool plain) {
  if (!plain) return "CHECK (" + bracketed(shown(check.condition)) + ")";
  Tokens tokens = shown(check.condition);
  for (Token& token : tokens) if (token.is("and") || token.is("or")) token.text = upper(token.text);
  return "CHECK (" + deparse(tokens, 0, tokens.size()) + ")";
}

}  // namespace chaos::pg
