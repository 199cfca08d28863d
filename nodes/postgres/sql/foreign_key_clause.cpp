#include "postgres/sql/foreign_key_clause.hpp"

#include "postgres/sql/sql_plan_parts.hpp"

#include <algorithm>
#include <set>

namespace chaos::pg {

namespace {

bool unsupported(const std::string& what, int position, ServerError& error) { return refuse(error, "0A000", what + " is not supported for foreign keys", position); }

bool is_name(const Tokens& tokens, std::size_t at) { return at < tokens.size() && (tokens[at].kind == TokenKind::word || tokens[at].kind == TokenKind::quoted); }

// (a, b)
bool read_columns(const Tokens& tokens, std::size_t& at, std::vector<std::string>& out, ServerError& error) {
  do {
    if (!is_name(tokens, ++at)) return syntax_error(tokens, at, error);
    out.push_back(name_of(tokens[at++]));
  } while (is_at(tokens, at, ","));
  return is_at(tokens, at++, ")") || syntax_error(tokens, at - 1, error);
}

bool read_action(const Tokens& tokens, std::size_t& at, KeyAction& out, ServerError& error) {
  struct Word { std::string_view first, second; KeyAction action; };
  static constexpr Word kWords[] = {{"no", "action", KeyAction::no_action}, {"restrict", "", KeyAction::restrict}, {"cascade", "", KeyAction::cascade},
                                    {"set", "null", KeyAction::set_null}, {"set", "default", KeyAction::set_default}};
  for (const Word& word : kWords) {
    if (!is_at(tokens, at, word.first) || (!word.second.empty() && !is_at(tokens, at + 1, word.second))) continue;
    out = word.action;
    at += word.second.empty() ? 1 : 2;
    return !is_at(tokens, at, "(") || unsupported("a column list of ON DELETE SET", tokens[at].position, error);
  }
  return syntax_error(tokens, at, error);
}

bool read_match(const Tokens& tokens, std::size_t& at, ForeignKeyClause& key, ServerError& error) {
  const bool simple = is_at(tokens, at + 1, "simple") || (is_at(tokens, at + 1, "full") && key.columns.size() == 1);
  if (!simple && !is_at(tokens, at + 1, "full") && !is_at(tokens, at + 1, "partial")) return syntax_error(tokens, at + 1, error);
  if (is_at(tokens, at + 1, "partial")) return refuse(error, "0A000", "MATCH PARTIAL not yet implemented", tokens[at].position);
  if (!simple) return unsupported("MATCH FULL over several columns", tokens[at].position, error);
  key.full = is_at(tokens, at + 1, "full");
  at += 2;
  return true;
}

// The attributes behind the referenced columns, in any order.
bool read_attributes(const Tokens& tokens, std::size_t& at, ForeignKeyClause& out, ServerError& error) {
  while (at < tokens.size()) {
    const bool on = is_at(tokens, at, "on") && (is_at(tokens, at + 1, "delete") || is_at(tokens, at + 1, "update"));
    if (on) {
      KeyAction& action = is_at(tokens, at + 1, "delete") ? out.on_delete : out.on_update;
      if (!read_action(tokens, at += 2, action, error)) return false;
    } else if (is_at(tokens, at, "match")) {
      if (!read_match(tokens, at, out, error)) return false;
    } else if (is_at(tokens, at, "deferrable") || (is_at(tokens, at, "initially") && is_at(tokens, at + 1, "deferred"))) {
      return unsupported("DEFERRABLE", tokens[at].position, error);
    } else if (is_at(tokens, at, "initially") || (is_at(tokens, at, "not") && is_at(tokens, at + 1, "deferrable"))) {
      at += 2;
    } else if (is_at(tokens, at, "not") && is_at(tokens, at + 1, "valid")) {
      out.valid = false;
      at += 2;
    } else {
      break;
    }
  }
  return true;
}

// REFERENCES table [(columns)] ...
bool read_reference(const Tokens& tokens, std::size_t& at, ForeignKeyClause& out, ServerError& error) {
  if (!is_at(tokens, at, "references")) return syntax_error(tokens, at, error);
  ++at;
  if (is_at(tokens, at + 1, ".")) at += 2;
  if (!is_name(tokens, at)) return syntax_error(tokens, at, error);
  out.parent = name_of(tokens[at++]);
  if (is_at(tokens, at, "(") && !read_columns(tokens, at, out.parent_columns, error)) return false;
  return read_attributes(tokens, at, out, error);
}

// Where the element of a list that begins at `at` ends: at its comma, or at the list's bracket.
std::size_t element_end(const Tokens& tokens, std::size_t at) {
  while (at < tokens.size() && !tokens[at].is(",") && !tokens[at].is(")")) at = tokens[at].is("(") ? after_group(tokens, at) : at + 1;
  return at;
}

void erase(Tokens& tokens, std::size_t from, std::size_t to) {
  tokens.erase(tokens.begin() + static_cast<std::ptrdiff_t>(from), tokens.begin() + static_cast<std::ptrdiff_t>(std::min(to, tokens.size())));
}

// What may stand behind a column's constraint.
bool begins_constraint(const Token& token) {
  static const std::set<std::string_view> kWords{"constraint", "not", "null", "default", "primary", "unique", "check", "references", "collate", "generated"};
  return token.kind == TokenKind::word && kWords.contains(token.text);
}

bool is_foreign_key(const Tokens& element) {
  const std::size_t kind = is_at(element, 0, "constraint") ? 2 : 0;
  return is_at(element, kind, "foreign") && is_at(element, kind + 1, "key");
}

bool is_constraint(const Tokens& element) {
  const bool keyed = is_at(element, 0, "primary") && is_at(element, 1, "key");
  return keyed || is_at(element, 0, "constraint") || ((is_at(element, 0, "unique") || is_at(element, 0, "check")) && is_at(element, 1, "("));
}

}  // namespace

bool read_foreign_key(const Tokens& tokens, std::size_t& at, ForeignKeyClause& out, ServerError& error) {
  if (is_at(tokens, at, "constraint") && is_name(tokens, at + 1)) {
    out.name = name_of(tokens[at + 1]);
    at += 2;
  }
  if (!is_at(tokens, at, "foreign") || !is_at(tokens, at + 1, "key")) return syntax_error(tokens, at, error);
  at += 2;
  if (!is_at(tokens, at, "(")) return syntax_error(tokens, at, error);
  return read_columns(tokens, at, out.columns, error) && read_reference(tokens, at, out, error);
}

bool take_column_reference(Tokens& tokens, std::size_t column, std::size_t end, std::vector<ForeignKeyClause>& out, ServerError& error) {
  for (std::size_t at = column + 1; at < std::min(end, tokens.size());) {
    if (!tokens[at].is("references")) {
      at = tokens[at].is("(") ? after_group(tokens, at) : at + 1;
      continue;
    }
    ForeignKeyClause key;
    const bool named = at > column + 2 && tokens[at - 2].is("constraint");
    if (named) key.name = name_of(tokens[at - 1]);
    key.columns = {name_of(tokens[column])};
    std::size_t behind = at;
    if (!read_reference(tokens, behind, key, error)) return false;
    if (behind < end && !begins_constraint(tokens[behind])) return syntax_error(tokens, behind, error);
    const std::size_t from = named ? at - 2 : at;
    erase(tokens, from, behind);
    end -= std::min(end, behind - from);
    at = from;
    out.push_back(std::move(key));
  }
  return true;
}

bool take_foreign_keys(Tokens& tokens, std::size_t open, std::vector<ForeignKeyClause>& out, ServerError& error) {
  Tokens columns, constraints;
  std::size_t at = open;
  do {
    const std::size_t begin = ++at;
    at = element_end(tokens, begin);
    const std::size_t behind = std::min(at + 1, tokens.size());
    Tokens element(tokens.begin() + static_cast<std::ptrdiff_t>(begin), tokens.begin() + static_cast<std::ptrdiff_t>(behind));
    if (is_foreign_key(element)) {
      std::size_t read = 0;
      if (!read_foreign_key(element, read, out.emplace_back(), error)) return false;
      if (begin + read != at) return syntax_error(element, read, error);
      continue;
    }
    if (behind > at) element.pop_back();
    const bool constraint = is_constraint(element);
    if (!constraint && !take_column_reference(element, 0, element.size(), out, error)) return false;
    Tokens& kept = constraint ? constraints : columns;
    if (!kept.empty() || constraint) kept.push_back({TokenKind::symbol, ",", 0});
    kept.insert(kept.end(), element.begin(), element.end());
  } while (is_at(tokens, at, ","));
  columns.insert(columns.end(), constraints.begin(), constraints.end());
  const Tokens rest = tokens_from(tokens, at);
  columns.insert(columns.end(), rest.begin(), rest.end());
  tokens.resize(open + 1);
  tokens.insert(tokens.end(), columns.begin(), columns.end());
  return true;
}

}  // namespace chaos::pg
