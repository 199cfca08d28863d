#include "postgres/store/failing_row.hpp"

#include "postgres/sql/column_clauses.hpp"
#include "postgres/sql/sql_plan_parts.hpp"
#include "postgres/sql/sql_types.hpp"
#include "postgres/store/relations.hpp"
#include "postgres/store/schema_types.hpp"

#include <algorithm>
#include <map>

namespace chaos::pg {

namespace {

constexpr std::size_t kMostOfAValue = 64;

std::string text_of(const Tokens& tokens) {
  std::string out;
  for (const Token& token : tokens) out += token.text + " ";
  return out;
}

std::size_t find_top(const Tokens& tokens, std::size_t from, std::initializer_list<std::string_view> words) {
  int depth = 0;
  for (std::size_t i = from; i < tokens.size(); ++i) {
    depth += tokens[i].is("(") ? 1 : tokens[i].is(")") ? -1 : 0;
    if (depth == 0 && std::any_of(words.begin(), words.end(), [&](std::string_view word) { return tokens[i].is(word); })) return i;
  }
  return tokens.size();
}

std::string sqlite_text(const Tokens& tokens, std::size_t from, std::size_t to) {
  Plan ignored;
  if (from >= to) return {};
  return translate({tokens.begin() + static_cast<std::ptrdiff_t>(from), tokens.begin() + static_cast<std::ptrdiff_t>(to)}, ignored);
}

// What a column gets that the statement does not name.
std::string preset(HandleSchema& schema, const std::string& table, const TableColumn& column) {
  if (column.serial) return "(coalesce((SELECT seq FROM sqlite_sequence WHERE name = " + quote_text(table) + "), 0) + row_number() OVER ())";
  const std::string given = schema.default_of(table, column.name);
  return given.empty() ? "NULL" : "(" + given + ")";
}

// INSERT INTO t [(columns)] VALUES .. or SELECT ..: the columns of its rows.
std::string inserted_rows(Handle& handle, const Tokens& tokens, const Relation& table, const std::vector<TableColumn>& columns) {
  std::size_t at = is_at(tokens, 3, ".") ? 5 : 3;
  if (is_at(tokens, at, "as")) at += 2;
  std::vector<std::string> names;
  if (is_at(tokens, at, "(") && !begins_query(tokens, at + 1, false)) {
    names = name_list(tokens, at + 1);
    at = after_group(tokens, at);
  } else {
    for (const TableColumn& column : columns) names.push_back(quote_name(column.name));
  }
  if (!begins_query(tokens, at, false)) return {};
  const std::string rows = sqlite_text(tokens, at, find_top(tokens, at, {"on", "returning"}));
  HandleSchema schema(handle);
  std::string list, shown;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  for (const TableColumn& column : columns) {
    const std::string name = quote_name(column.name);
    const bool given = std::find(names.begin(), names.end(), name) != names.end();
    shown += (shown.empty() ? "" : ", ") + (given ? name : preset(schema, table.name, column)) + " AS " + name;
  }
  return "WITH pg_new(" + list + ") AS (" + rows + ") SELECT " + shown + " FROM pg_new";
}

// UPDATE t [AS a] SET a = .., b = .. [WHERE ..]
std::string updated_rows(const Tokens& tokens, const std::vector<TableColumn>& columns) {
  const std::size_t set = find_top(tokens, 1, {"set"}), end = find_top(tokens, set, {"where", "returning", "from"});
  if (is_at(tokens, end, "from")) return {};
  std::map<std::string, std::string> given;
  for (std::size_t at = set + 1; at < end;) {
    std::size_t to = std::min(find_top(tokens, at, {","}), end);
    if (!is_at(tokens, at + 1, "=")) return {};
    given[name_of(tokens[at])] = sqlite_text(tokens, at + 2, to);
    at = to + 1;
  }
  std::string shown;
  for (const TableColumn& column : columns) {
    const auto found = given.find(column.name);
    shown += (shown.empty() ? "" : ", ") + (found == given.end() ? quote_name(column.name) : found->second) + " AS " + quote_name(column.name);
  }
  const std::string where = is_at(tokens, end, "where") ? " " + sqlite_text(tokens, end, find_top(tokens, end, {"returning"})) : "";
  return "SELECT " + shown + " FROM " + sqlite_text(tokens, is_at(tokens, 1, "only") ? 2 : 1, set) + where;
}

// What makes a row the failing one.
std::string refusal(const Relation& table, const ServerError& error) {
  if (error.sqlstate == "23502") return quote_name(error.column) + " IS NULL";
  for (const CheckClause& check : checks_of(table.sql, table.name)) {
    if (check.name == error.constraint) return "NOT (" + text_of(check.condition) + ")";
  }
  return {};
}

std::string shown_row(sqlite3_stmt* row, const std::vector<TableColumn>& columns) {
  std::vector<Column> types;
  for (const TableColumn& column : columns) {
    Column& type = types.emplace_back();
    type.name = column.name;
    type.type = type_of_declaration(column.type);
    type.modifier = modifier_of_declaration(column.type);
    type.scale = scale_of_modifier(type.type, type.modifier);
  }
  std::string message, out;
  ServerError ignored;
  std::vector<std::optional<std::string>> values;
  if (!append_data_row(message, row, types, ignored) || !parse_data_row(std::string_view(message).substr(5), values)) return {};
  for (const auto& value : values) {
    std::string text = value.value_or("null");
    std::size_t end = std::min(text.size(), kMostOfAValue);
    while (end > 0 && end < text.size() && (text[end] & 0xc0) == 0x80) --end;
    out += (out.empty() ? "" : ", ") + (end < text.size() ? text.substr(0, end) + "..." : text);
  }
  return "Failing row contains (" + out + ").";
}

}  // namespace

std::string failing_row(Handle& handle, const Plan& plan, const std::vector<BoundValue>& values, const ServerError& error) {
  const Tokens& tokens = plan.tokens;
  const auto table = relation_of(handle, quote_name(error.table));
  const bool insert = is_at(tokens, 0, "insert"), update = is_at(tokens, 0, "update");
  if (!table || table->kind != 'r' || (!insert && !update)) return {};
  const std::vector<TableColumn> columns = columns_of(handle, *table);
  const std::string rows = insert ? inserted_rows(handle, tokens, *table, columns) : updated_rows(tokens, columns), test = refusal(*table, error);
  if (rows.empty() || test.empty()) return {};
  ServerError ignored;
  const auto query = handle.internal("SELECT * FROM (" + rows + ") AS " + quote_name(table->name) + " WHERE " + test + " LIMIT 1", ignored);
  if (!query || sqlite3_column_count(query.get()) != static_cast<int>(columns.size())) return {};
  const int wanted = sqlite3_bind_parameter_count(query.get());
  for (int i = 1; i <= wanted && i <= static_cast<int>(values.size()); ++i) {
    const BoundValue& bound = values[static_cast<std::size_t>(i - 1)];
    if (!bind_parameter(query.get(), i, bound.value, bound.type, bound.format, ignored)) return {};
  }
  return sqlite3_step(query.get()) == SQLITE_ROW ? shown_row(query.get(), columns) : std::string{};
}

}  // namespace chaos::pg
