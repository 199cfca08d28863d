#include "postgres/store/constraint_names.hpp"

#include "postgres/base/json_text.hpp"
#include "postgres/base/sql_error.hpp"
#include "postgres/sql/sql_plan_parts.hpp"
#include "postgres/store/failing_row.hpp"
#include "postgres/store/function_error.hpp"

#include <algorithm>

namespace chaos::pg {

namespace {

void place(const Plan& plan, const std::string& sql, int offset, ServerError& error) {
  if (plan.sql.empty() || sql != plan.sql.front()) return;
  if (offset >= 0 && error.sqlstate != "42P07") {
    const auto after = std::upper_bound(plan.spots.begin(), plan.spots.end(), offset, [](int at, const auto& spot) { return at < spot.first; });
    if (after != plan.spots.begin()) error.position = std::prev(after)->second;
  } else if (error.sqlstate == "42P01") {      // SQLite does not say where: the first place that names it
    const std::size_t from = error.message.find('"') + 1;
    const std::string name = error.message.substr(from, error.message.find('"', from) - from);
    const auto named = std::find_if(plan.tokens.begin(), plan.tokens.end(), [&](const Token& token) { return name_of(token) == name; });
    if (named != plan.tokens.end()) error.position = named->position;
  }
}

std::string column_text(sqlite3_stmt* statement, int i) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));
  return text ? text : "";
}

// "items.a, items.b" without the table.
std::string plain_columns(std::string list, const std::string& table) {
  for (std::size_t at = list.find(table + "."); at != std::string::npos; at = list.find(table + ".")) list.erase(at, table.size() + 1);
  return list;
}

// The unique index over these columns; one that came with the table is named as PostgreSQL would.
std::string index_over(Handle& handle, const std::string& table, const std::string& columns) {
  ServerError ignored;
  const auto query = handle.internal(
      "SELECT l.name, l.origin, (SELECT group_concat(name, ', ') FROM pragma_index_info(l.name)) FROM pragma_index_list(?) l WHERE l.\"unique\"", ignored);
  if (!query) return {};
  sqlite3_bind_text(query.get(), 1, table.data(), static_cast<int>(table.size()), SQLITE_TRANSIENT);
  while (sqlite3_step(query.get()) == SQLITE_ROW) {
    if (column_text(query.get(), 2) != columns) continue;
    const std::string name = column_text(query.get(), 0), origin = column_text(query.get(), 1);
    if (origin == "c") return name;
    std::string joined = columns;
    for (std::size_t at = joined.find(", "); at != std::string::npos; at = joined.find(", ")) joined.replace(at, 2, "_");
    return origin == "pk" ? table + "_pkey" : table + "_" + joined + "_key";
  }
  return {};
}

std::optional<std::string> spelled(const Token& token, const std::vector<BoundValue>& values) {
  if (token.kind == TokenKind::number) return token.text;
  if (token.kind == TokenKind::string) return token.text.substr(1, token.text.size() - 2);      // its quotes off
  if (token.kind != TokenKind::parameter) return std::nullopt;
  const auto n = static_cast<std::size_t>(std::stoi(token.text));
  return n >= 1 && n <= values.size() && values[n - 1].format == 0 ? values[n - 1].value : std::nullopt;
}

// INSERT INTO t(a, b) VALUES (1, $2): what column `name` gets, when a single row spells it out.
std::optional<std::string> inserted_value(const Tokens& tokens, const std::string& name, std::size_t place, const std::vector<BoundValue>& values) {
  std::size_t open = 0;
  while (open < tokens.size() && !tokens[open].is("(")) ++open;
  std::size_t column = 0, at = open + 1;
  const bool listed = open > 0 && !tokens[open - 1].is("values");
  for (; listed && at < tokens.size() && name_of(tokens[at]) != name; at += 2, ++column) {
    if (at + 1 >= tokens.size() || !tokens[at + 1].is(",")) return std::nullopt;
  }
  if (!listed) column = place, at = open - 1;
  while (at < tokens.size() && !tokens[at].is("values")) ++at;
  at += 2;
  for (int depth = 0; at < tokens.size() && column > 0; ++at) {
    depth += tokens[at].is("(") ? 1 : tokens[at].is(")") ? -1 : 0;
    if (depth < 0) return std::nullopt;
    if (depth == 0 && tokens[at].is(",")) --column;
  }
  if (at + 2 < tokens.size() && tokens[at].is("pg_limit_length")) at += 2;      // of varchar(n)
  const bool single = at + 1 < tokens.size() && (tokens[at + 1].is(",") || tokens[at + 1].is(")") || tokens[at + 1].is("::"));
  const bool rows = std::count_if(tokens.begin(), tokens.end(), [](const Token& t) { return t.is("values"); }) == 1;
  return single && rows ? spelled(tokens[at], values) : std::nullopt;
}

// The column's place in its table, from 0.
std::size_t place_of(Handle& handle, const std::string& table, const std::string& column) {
  ServerError ignored;
  const auto query = handle.internal("SELECT cid FROM pragma_table_info(?) WHERE name = ?", ignored);
  if (!query) return 0;
  sqlite3_bind_text(query.get(), 1, table.data(), static_cast<int>(table.size()), SQLITE_TRANSIENT);
  sqlite3_bind_text(query.get(), 2, column.data(), static_cast<int>(column.size()), SQLITE_TRANSIENT);
  return sqlite3_step(query.get()) == SQLITE_ROW ? static_cast<std::size_t>(sqlite3_column_int(query.get(), 0)) : 0;
}

void name_unique(Handle& handle, const Plan& plan, const std::vector<BoundValue>& values, ServerError& error) {
  const std::string columns = plain_columns(std::exchange(error.column, {}), error.table);
  const std::string name = index_over(handle, error.table, columns);
  if (!name.empty() && name != error.constraint) {
    error.message = unique_violation(error.table, name).message;
    error.constraint = name;
  }
  const auto value = plan.verb == Verb::insert && columns.find(',') == std::string::npos ? inserted_value(plan.tokens, columns, place_of(handle, error.table, columns), values) : std::nullopt;
  if (value) error.detail = "Key (" + columns + ")=(" + *value + ") already exists.";
}

// SQLite says the constraint's name, or its expression when it has none; PostgreSQL would call it table_column_check.
void name_check(const Plan& plan, ServerError& error) {
  const auto keyword = std::find_if(plan.tokens.begin(), plan.tokens.end(), [](const Token& token) { return token.is("into") || token.is("update"); });
  if (keyword == plan.tokens.end() || std::next(keyword) == plan.tokens.end()) return;
  error.table = name_of(*std::next(keyword));
  const std::size_t end = error.constraint.find_first_of(" <>=(");
  if (end != std::string::npos) error.constraint = error.table + "_" + error.constraint.substr(0, end) + "_check";
  error.message = "new row for relation \"" + error.table + "\" violates check constraint \"" + error.constraint + "\"";
}

// The first literal that goes to json and is none.
void place_json(const Plan& plan, ServerError& error) {
  const Tokens& tokens = plan.tokens;
  for (std::size_t i = 0; i + 2 < tokens.size(); ++i) {
    const bool json = tokens[i].kind == TokenKind::string && tokens[i + 1].is("::") && (tokens[i + 2].is("json") || tokens[i + 2].is("jsonb"));
    if (!json || !json_error(string_value(tokens[i]))) continue;
    error.position = tokens[i].position;
    return;
  }
}

// invalid input syntax for type integer: "abc": where that literal stands.
void place_literal(const Plan& plan, ServerError& error) {
  if (error.message == "invalid input syntax for type json") return place_json(plan, error);
  const std::size_t end = error.message.rfind('"'), from = end == 0 || end == std::string::npos ? end : error.message.rfind('"', end - 1);
  const bool value = error.message.starts_with("invalid input") || error.message.starts_with("value \"") || error.sqlstate == "22008";
  if (!value || from == std::string::npos) return;
  const std::size_t first = error.message.starts_with("value \"") ? 6 : from, last = error.message.find('"', first + 1);
  const std::string literal = quote_text(error.message.substr(first + 1, last - first - 1));
  const auto token = std::find_if(plan.tokens.begin(), plan.tokens.end(), [&](const Token& t) { return t.kind == TokenKind::string && t.text == literal; });
  if (token != plan.tokens.end()) error.position = token->position;
}

}  // namespace

void complete_error(Handle& handle, const Plan& plan, const std::string& sql, const std::vector<BoundValue>& values, ServerError& error) {
  place(plan, sql, std::exchange(error.position, 0) - 1, error);
  if (error.sqlstate == "22P02" || error.sqlstate == "22007" || error.sqlstate == "22003" || error.sqlstate == "22008") place_literal(plan, error);
  if (error.sqlstate == "23505") name_unique(handle, plan, values, error);
  if (error.sqlstate == "23514") name_check(plan, error);
  if (error.sqlstate == "23514" || error.sqlstate == "23502") error.detail = failing_row(handle, plan, values, error);
  name_function(handle, plan, error);
  if (error.sqlstate == "42P01" && plan.tag.starts_with("DROP ")) {
    const std::string kind = plan.tag == "DROP VIEW" ? "view" : "table";
    if (error.message.starts_with("relation")) error.message.replace(0, 8, kind), error.position = 0;
  }
}

}  // namespace chaos::pg
