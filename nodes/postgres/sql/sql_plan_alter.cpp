// ALTER TABLE: SQLite's forms, keys as unique indexes, and what it does to foreign keys.
#include "postgres/sql/column_clauses.hpp"
#include "postgres/sql/sql_plan_parts.hpp"

#include <algorithm>

namespace chaos::pg {

namespace {

using Act = KeyDefinition::Act;

KeyDefinition& key_plan(Plan& plan, Act act, const std::string& table) {
  plan.keys = std::make_shared<KeyDefinition>();
  plan.keys->act = act;
  plan.keys->table = table;
  return *plan.keys;
}

std::string name_at(const Tokens& tokens, std::size_t at) { return at < tokens.size() ? name_of(tokens[at]) : std::string{}; }

// No further action stands behind this one.
bool ends(const Tokens& tokens, std::size_t at, ServerError& error) {
  if (is_at(tokens, at, ",")) return refuse(error, "0A000", "several actions in one ALTER TABLE are not supported", tokens[at].position);
  return at == tokens.size() || syntax_error(tokens, at, error);
}

// DROP CONSTRAINT [IF EXISTS] name [CASCADE], VALIDATE CONSTRAINT name, RENAME CONSTRAINT name TO name
bool alter_constraint(const Tokens& tokens, std::size_t at, KeyDefinition& keys, ServerError& error) {
  at += 2;
  keys.if_exists = is_at(tokens, at, "if");
  if (keys.if_exists) at += 2;
  keys.name = name_at(tokens, at);
  const bool rename = keys.act == Act::rename;
  if (rename) keys.to = name_at(tokens, at + 2);
  const bool named = !keys.name.empty() && (!rename || (is_at(tokens, at + 1, "to") && !keys.to.empty()));
  if (!named) return syntax_error(tokens, at, error);
  at += rename ? 3 : 1;
  if (keys.act == Act::drop && (is_at(tokens, at, "cascade") || is_at(tokens, at, "restrict"))) ++at;
  return ends(tokens, at, error);
}

bool add_foreign_key(const Tokens& tokens, std::size_t at, KeyDefinition& keys, ServerError& error) {
  return read_foreign_key(tokens, at, keys.add.emplace_back(), error) && ends(tokens, at, error);
}

// DROP [COLUMN] name, RENAME [COLUMN] name TO name, RENAME TO name: SQLite does them, foreign keys follow.
void follow_names(const Tokens& tokens, std::size_t at, const std::string& table, Plan& plan) {
  const bool drop = tokens[at].is("drop"), rename = tokens[at].is("rename");
  const bool of_table = rename && is_at(tokens, at + 1, "to");
  if (!drop && !rename) return;
  KeyDefinition& keys = key_plan(plan, drop ? Act::drop_column : of_table ? Act::rename_table : Act::rename_column, table);
  ++at;
  if (is_at(tokens, at, "column")) ++at;
  if (!of_table) keys.name = name_at(tokens, at++);
  if (rename) keys.to = name_at(tokens, at + 1);
  keys.cascade = tokens.back().is("cascade");
}

// What stands behind the table's name, as foreign keys see it. whole: nothing is left for SQLite.
bool alter_keys(Tokens& tokens, std::size_t at, const std::string& table, Plan& plan, bool& whole, ServerError& error) {
  if (at >= tokens.size()) return syntax_error(tokens, at, error);
  const bool constraint = is_at(tokens, at + 1, "constraint");
  const std::size_t kind = constraint ? at + 3 : at + 1;
  if (tokens[at].is("add") && is_at(tokens, kind, "foreign") && is_at(tokens, kind + 1, "key")) {
    whole = true;
    return add_foreign_key(tokens, at + 1, key_plan(plan, Act::add, table), error);
  }
  const bool named = constraint && (tokens[at].is("drop") || tokens[at].is("validate") || tokens[at].is("rename"));
  if (named) {
    whole = true;
    return alter_constraint(tokens, at, key_plan(plan, tokens[at].is("drop") ? Act::drop : tokens[at].is("validate") ? Act::validate : Act::rename, table), error);
  }
  if (!tokens[at].is("add")) {
    follow_names(tokens, at, table, plan);
    if (tokens[at].is("drop") && (tokens.back().is("cascade") || tokens.back().is("restrict"))) tokens.pop_back();
    return true;
  }
  const std::size_t column = is_at(tokens, at + 1, "column") ? at + 2 : at + 1;
  const std::size_t definition = is_at(tokens, column, "if") ? column + 3 : column;
  if (definition >= tokens.size()) return syntax_error(tokens, tokens.size(), error);
  if (!known_types(tokens, definition, error)) return false;
  std::vector<ForeignKeyClause> added;
  if (!take_column_reference(tokens, column, tokens.size(), added, error)) return false;
  if (!added.empty()) key_plan(plan, Act::add, table).add = std::move(added);
  return true;
}

// ALTER TABLE t ADD [CONSTRAINT c] PRIMARY KEY (..) and UNIQUE (..): a unique index does the same work.
bool alter_key(const Tokens& tokens, std::size_t at, const std::string& table, Plan& plan) {
  const bool primary = tokens[at].is("primary");
  const Tokens columns = tokens_from(tokens, at + (primary ? 2 : 1));
  std::string name = is_at(tokens, at - 2, "constraint") ? name_of(tokens[at - 1]) : unquoted(table);
  if (!is_at(tokens, at - 2, "constraint")) {
    if (!primary) for (std::size_t i = 1; i + 1 < columns.size(); i += 2) name += "_" + name_of(columns[i]);
    name += primary ? "_pkey" : "_key";
  }
  plan.sql.push_back("CREATE UNIQUE INDEX " + quote_name(name) + " ON " + table + translate(columns, plan));
  return true;
}

}  // namespace

bool plan_alter(const Tokens& tokens, Plan& plan, ServerError& error) {
  plan.tag = "ALTER TABLE";
  std::size_t at = 2;
  while (is_at(tokens, at, "only") || is_at(tokens, at, "if") || is_at(tokens, at, "exists")) ++at;
  const std::vector<std::string> table = name_list(tokens, at);
  if (table.empty()) return syntax_error(tokens, at, error);
  Tokens kept = tokens;
  bool whole = false;
  if (!alter_keys(kept, is_at(tokens, at + 1, ".") ? at + 3 : at + 1, unquoted(table[0]), plan, whole, error)) return false;
  if (whole) return true;
  for (; at + 1 < tokens.size(); ++at) {
    const bool key = (tokens[at].is("primary") && tokens[at + 1].is("key")) || (tokens[at].is("unique") && tokens[at + 1].is("("));
    if (key && !is_at(tokens, at - 1, "integer")) return alter_key(tokens, at, table[0], plan);
    if (tokens[at].is("owner") || (tokens[at].is("set") && tokens[at + 1].is("(")) || tokens[at].is("replica")) return plan.verb = Verb::nothing, true;
    const bool unsupported = tokens[at].is("check") || (tokens[at].is("alter") && at > 1);
    if (unsupported) return refuse(error, "0A000", "this form of ALTER TABLE is not supported", tokens[at].position);
  }
  plan.sql.push_back(translate(counter_columns(kept), plan));
  return true;
}

}  // namespace chaos::pg
