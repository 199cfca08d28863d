#include "postgres/sql_types.hpp"

#include "postgres/sql_error.hpp"
#include "postgres/sql_plan.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

namespace chaos::pg {

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

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

std::int32_t type_of_function(std::string_view name) {
  static constexpr std::array<std::string_view, 6> kBool{"pg_is_in_recovery", "pg_promote", "pg_is_wal_replay_paused", "pg_cancel_backend", "pg_terminate_backend", "pg_bool"};
  static constexpr std::array<std::string_view, 5> kInt8{"count", "pg_database_size", "pg_relation_size", "pg_table_size", "pg_wal_lsn_diff"};
  if (std::find(kBool.begin(), kBool.end(), name) != kBool.end()) return oid::kBool;
  if (std::find(kInt8.begin(), kInt8.end(), name) != kInt8.end()) return oid::kInt8;
  if (name == "now" || name == "clock_timestamp" || name == "pg_last_xact_replay_timestamp" || name == "pg_postmaster_start_time") return oid::kTimestampTz;
  if (name == "pg_backend_pid") return oid::kInt4;
  return 0;
}

std::int32_t type_of_cast(std::string_view text) {
  const std::size_t as = text.rfind(" AS ");
  const std::string_view type = as == std::string_view::npos ? "" : trim(text.substr(as + 4, text.size() - as - 5));
  return type == "INTEGER" ? oid::kInt4 : type == "REAL" ? oid::kFloat8 : type == "NUMERIC" ? oid::kNumeric : oid::kText;
}

std::int32_t type_of_expression(std::string_view text) {
  const std::string name = lower(called_function(text));
  if (name == "cast") return type_of_cast(text);
  if (!name.empty()) return type_of_function(name);
  const std::string word = lower(text);
  if (word == "true" || word == "false") return oid::kBool;
  std::int64_t number = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  return ec == std::errc() && end == text.data() + text.size() && !text.empty() ? oid::kInt4 : 0;
}

std::int32_t type_of_value(int sqlite_type) {
  if (sqlite_type == SQLITE_INTEGER) return oid::kInt8;
  return sqlite_type == SQLITE_FLOAT ? oid::kFloat8 : sqlite_type == SQLITE_BLOB ? oid::kBytea : oid::kText;
}

std::string_view column_bytes(sqlite3_stmt* statement, int i) {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement, i));
  return {data ? data : "", static_cast<std::size_t>(sqlite3_column_bytes(statement, i))};
}

std::string hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out = "\\x";
  for (const unsigned char c : bytes) out.append({kDigits[c >> 4], kDigits[c & 15]});
  return out;
}

// Doubles in the shortest form that reads back the same, as PostgreSQL prints them (12.1 and later).
std::string_view double_text(double value, std::array<char, 40>& room) {
  if (std::isnan(value)) return "NaN";
  const auto [end, ec] = std::to_chars(room.data(), room.data() + room.size(), value);
  return {room.data(), static_cast<std::size_t>(end - room.data())};
}

void append_text(Writer& row, sqlite3_stmt* statement, int i, const Column& column) {
  std::array<char, 40> room;
  const int type = sqlite3_column_type(statement, i);
  if (type == SQLITE_NULL) row.value(std::nullopt);
  else if (type == SQLITE_BLOB) row.value(hex(column_bytes(statement, i)));
  else if (type == SQLITE_FLOAT) row.value(double_text(sqlite3_column_double(statement, i), room));
  else if (column.type == oid::kBool) row.value(bool_text(column_bytes(statement, i)));
  else row.value(column_bytes(statement, i));
}

bool append_binary(Writer& row, sqlite3_stmt* statement, int i, const Column& column, ServerError& error) {
  if (sqlite3_column_type(statement, i) == SQLITE_NULL) return row.value(std::nullopt), true;
  const std::int64_t number = sqlite3_column_int64(statement, i);
  switch (column.type) {
    case oid::kBool: row.int32(1).byte(bool_text(column_bytes(statement, i)) == "t"); return true;
    case oid::kInt2: row.int32(2).int16(static_cast<std::int16_t>(number)); return true;
    case oid::kInt4:
    case oid::kOid: row.int32(4).int32(static_cast<std::int32_t>(number)); return true;
    case oid::kInt8: row.int32(8).int64(number); return true;
    case oid::kFloat8: row.int32(8).int64(std::bit_cast<std::int64_t>(sqlite3_column_double(statement, i))); return true;
    case oid::kFloat4:
      row.int32(4).int32(std::bit_cast<std::int32_t>(static_cast<float>(sqlite3_column_double(statement, i))));
      return true;
    case oid::kText: case oid::kVarchar: case oid::kName: case oid::kBytea: case oid::kUnknown: case oid::kJson:
      row.value(column_bytes(statement, i));
      return true;
    default:
      error = make_error("0A000", "no binary output for column \"" + column.name + "\"");
      return false;
  }
}

bool bad_parameter(ServerError& error, int i) {
  error = make_error("22P03", "incorrect binary data format in bind parameter " + std::to_string(i));
  return false;
}

bool bind_binary(sqlite3_stmt* statement, int i, std::string_view value, std::int32_t type, ServerError& error) {
  Reader reader(value);
  switch (type) {
    case oid::kBool: sqlite3_bind_int(statement, i, reader.byte()); break;
    case oid::kInt2: sqlite3_bind_int64(statement, i, reader.int16()); break;
    case oid::kInt4:
    case oid::kOid: sqlite3_bind_int64(statement, i, reader.int32()); break;
    case oid::kInt8: sqlite3_bind_int64(statement, i, reader.int64()); break;
    case oid::kFloat4: sqlite3_bind_double(statement, i, std::bit_cast<float>(reader.int32())); break;
    case oid::kFloat8: sqlite3_bind_double(statement, i, std::bit_cast<double>(reader.int64())); break;
    case oid::kBytea:
      sqlite3_bind_blob(statement, i, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT);
      return true;
    default:
      sqlite3_bind_text(statement, i, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT);
      return true;
  }
  return reader.done() || bad_parameter(error, i);
}

bool numeric_type(std::int32_t type) {
  return type == 0 || type == oid::kInt2 || type == oid::kInt4 || type == oid::kInt8 || type == oid::kOid || type == oid::kUnknown;
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

std::string_view bool_text(std::string_view stored) {
  const bool yes = !stored.empty() && (stored[0] == '1' || stored[0] == 't' || stored[0] == 'T' || stored[0] == 'y' || stored == "on");
  return yes ? "t" : "f";
}

std::vector<Column> describe_columns(sqlite3_stmt* statement, bool on_row) {
  std::vector<Column> columns(static_cast<std::size_t>(sqlite3_column_count(statement)));
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const int n = static_cast<int>(i);
    const char* name = sqlite3_column_name(statement, n);
    const char* declared = sqlite3_column_decltype(statement, n);
    columns[i].name = column_name(name ? name : "");
    if (declared && *declared) {
      columns[i].type = type_of_declaration(declared);
      continue;
    }
    columns[i].type = type_of_expression(name ? name : "");
    if (columns[i].type == 0) columns[i].type = on_row ? type_of_value(sqlite3_column_type(statement, n)) : oid::kText;
  }
  return columns;
}

bool append_data_row(std::string& out, sqlite3_stmt* statement, const std::vector<Column>& columns, ServerError& error) {
  Writer row(out, 'D');
  row.int16(static_cast<std::int16_t>(columns.size()));
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].format == 0) append_text(row, statement, static_cast<int>(i), columns[i]);
    else if (!append_binary(row, statement, static_cast<int>(i), columns[i], error)) return false;
  }
  return true;
}

bool bind_parameter(sqlite3_stmt* statement, int i, std::optional<std::string_view> value, std::int32_t type, int format,
                    ServerError& error) {
  if (!value) return sqlite3_bind_null(statement, i), true;
  if (format == 1) return bind_binary(statement, i, *value, type, error);
  std::int64_t number = 0;
  const char* end = value->data() + value->size();
  const auto [stop, ec] = std::from_chars(value->data(), end, number);
  const bool leading_zero = value->size() > 1 && (value->front() == '0' || value->starts_with("-0"));
  if (numeric_type(type) && ec == std::errc() && stop == end && !leading_zero) {
    sqlite3_bind_int64(statement, i, number);
  } else if (type == oid::kBool) {
    sqlite3_bind_int(statement, i, bool_text(*value) == "t");
  } else {
    sqlite3_bind_text(statement, i, value->data(), static_cast<int>(value->size()), SQLITE_TRANSIENT);
  }
  return true;
}

}  // namespace chaos::pg
