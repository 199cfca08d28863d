#include "postgres/sql/sql_types.hpp"

#include "postgres/base/numeric.hpp"
#include "postgres/base/sql_error.hpp"
#include "postgres/sql/sql_binary.hpp"
#include "postgres/sql/sql_plan.hpp"
#include "wire/text.hpp"

#include <algorithm>

namespace chaos::pg {

namespace {

bool in_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' || (c & 0x80) != 0; }
bool is_name(std::string_view text) {
  return !text.empty() && std::isdigit(static_cast<unsigned char>(text[0])) == 0 && std::all_of(text.begin(), text.end(), in_name);
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// "f" of "f (...)" when the bracket after f closes at the end.
std::string_view called_function(std::string_view text) {
  const std::size_t open = text.find('(');
  if (open == std::string_view::npos || text.back() != ')') return {};
  int depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    if (text[i] == '(') ++depth;
    if (text[i] == ')' && --depth == 0 && i + 1 != text.size()) return {};
  }
  const std::string_view name = trim(text.substr(0, open));
  return is_name(name) ? name : std::string_view{};
}

std::int32_t type_of_value(int sqlite_type) {
  if (sqlite_type == SQLITE_INTEGER) return oid::kInt8;
  return sqlite_type == SQLITE_FLOAT ? oid::kFloat8 : sqlite_type == SQLITE_BLOB ? oid::kBytea : oid::kText;
}

std::string_view column_bytes(sqlite3_stmt* statement, int i) {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement, i));
  return {data ? data : "", static_cast<std::size_t>(sqlite3_column_bytes(statement, i))};
}

// A time as its column's type shows it: what INSERT .. SELECT or a default stored may be of another one.
std::string_view time_text(std::int32_t type, std::string_view text, std::string& room) {
  const bool zone = text.size() > 3 && text[text.size() - 3] == '+';
  if (type == oid::kDate) return text.substr(0, 10);
  if (type == oid::kTimestamp) return zone ? text.substr(0, text.size() - 3) : text;
  return zone || text.size() < 16 ? text : std::string_view(room = std::string(text) + "+00");
}

// A value's text; `room` keeps it where it is made.
std::string_view value_text(sqlite3_stmt* statement, int i, const Column& column, std::string& room) {
  switch (sqlite3_column_type(statement, i)) {
    case SQLITE_BLOB: return room = "\\x" + hex_text(column_bytes(statement, i));
    case SQLITE_FLOAT:
      if (column.type == oid::kBool) return sqlite3_column_double(statement, i) != 0 ? "t" : "f";
      return room = column.type == oid::kNumeric ? numeric_text(sqlite3_column_double(statement, i), column.scale) : double_text(sqlite3_column_double(statement, i));
    case SQLITE_INTEGER:
      if (column.type == oid::kBool) return sqlite3_column_int64(statement, i) != 0 ? "t" : "f";
      if (column.scale > 0) return room = std::to_string(sqlite3_column_int64(statement, i)) + "." + std::string(static_cast<std::size_t>(column.scale), '0');
      break;
    default:
      if (column.type == oid::kBool) return bool_text(column_bytes(statement, i));
      break;
  }
  const std::string_view text(reinterpret_cast<const char*>(sqlite3_column_text(statement, i)), static_cast<std::size_t>(sqlite3_column_bytes(statement, i)));
  return column.type == oid::kTimestamp || column.type == oid::kTimestampTz || column.type == oid::kDate ? time_text(column.type, text, room) : text;
}

bool append_binary(Writer& row, sqlite3_stmt* statement, int i, const Column& column, std::string_view text, ServerError& error) {
  if (column.type == oid::kInt8 && sqlite3_column_type(statement, i) == SQLITE_INTEGER) return row.int32(8).int64(sqlite3_column_int64(statement, i)), true;
  if (append_binary_value(row, column.type, text)) return true;
  error = make_error("42883", "no binary output function available for column \"" + column.name + "\"");
  return false;
}

}  // namespace

std::int32_t type_of_declaration(std::string_view declared) {
  const std::string name = lower(trim(declared.substr(0, declared.find('('))));
  return type_by_name(name).oid;
}

std::string column_name(std::string_view sqlite_name) {
  const bool plain = sqlite_name.find_first_of("()'+*/=<>|:") == std::string_view::npos;
  const bool literal = !sqlite_name.empty() && (std::isdigit(static_cast<unsigned char>(sqlite_name[0])) != 0 || sqlite_name[0] == '-' || sqlite_name[0] == '?');
  if (sqlite_name == "true" || sqlite_name == "false") return "bool";
  if (sqlite_name == "null") return "?column?";
  if (plain && !literal) return std::string(sqlite_name);
  const std::string function = lower(called_function(sqlite_name));
  if (function.empty()) return "?column?";
  const std::string_view inside = trim(sqlite_name.substr(sqlite_name.find('(') + 1));
  if (function == "cast") {
    const std::string_view operand = trim(inside.substr(0, inside.rfind(" AS ")));
    return is_name(operand) ? std::string(operand) : "?column?";
  }
  if (function == "pg_extract" || function == "pg_bool" || function == "pg_interval" || function == "pg_left" || function == "pg_right") return function.substr(3);
  return function == "age" || function == "pg_time_add" ? "?column?" : function == "pg_random" ? "random" : function;
}

std::vector<Column> describe_columns(sqlite3_stmt* statement, bool on_row, const std::optional<OutputColumns>& derived) {
  std::vector<Column> columns(static_cast<std::size_t>(sqlite3_column_count(statement)));
  const bool fits = derived && derived->size() == columns.size();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const int n = static_cast<int>(i);
    const char* name = sqlite3_column_name(statement, n);
    const char* declared = sqlite3_column_decltype(statement, n);
    columns[i].name = fits && !(*derived)[i].name.empty() ? (*derived)[i].name : column_name(name ? name : "");
    if (declared && *declared) {
      columns[i].type = type_of_declaration(declared);
      columns[i].modifier = modifier_of_declaration(declared);
      columns[i].scale = scale_of_modifier(columns[i].type, columns[i].modifier);
      continue;
    }
    if (fits) columns[i].type = (*derived)[i].type, columns[i].modifier = (*derived)[i].modifier, columns[i].scale = (*derived)[i].scale;
    else columns[i].type = std::max(function_type(lower(called_function(name ? name : ""))), 0);
    if (columns[i].type == 0) columns[i].type = on_row ? type_of_value(sqlite3_column_type(statement, n)) : oid::kText;
  }
  return columns;
}

bool append_data_row(std::string& out, sqlite3_stmt* statement, const std::vector<Column>& columns, ServerError& error) {
  Writer row(out, 'D');
  row.int16(static_cast<std::int16_t>(columns.size()));
  std::string room;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const int n = static_cast<int>(i);
    if (sqlite3_column_type(statement, n) == SQLITE_NULL) {
      row.value(std::nullopt);
      continue;
    }
    const std::string_view text = value_text(statement, n, columns[i], room);
    if (columns[i].format == 0) row.value(text);
    else if (!append_binary(row, statement, n, columns[i], text, error)) return false;
  }
  return true;
}

}  // namespace chaos::pg
