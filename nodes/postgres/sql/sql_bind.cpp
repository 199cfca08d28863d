// Parameters on their way into SQLite.
#include "postgres/base/json_text.hpp"
#include "postgres/base/numeric.hpp"
#include "postgres/base/pg_interval.hpp"
#include "postgres/base/pg_time.hpp"
#include "postgres/base/sql_error.hpp"
#include "postgres/sql/sql_binary.hpp"
#include "postgres/sql/sql_types.hpp"

#include <charconv>

namespace chaos::pg {

namespace {

bool bad_parameter(ServerError& error, int i) {
  error = make_error("22P03", "incorrect binary data format in bind parameter " + std::to_string(i));
  return false;
}

bool bind_text(sqlite3_stmt* statement, int i, std::string_view text) {
  sqlite3_bind_text(statement, i, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
  return true;
}

bool bad_input(ServerError& error, std::string_view sqlstate, std::string_view type, std::string_view text) {
  error = make_error(std::string(sqlstate), "invalid input syntax for type " + std::string(type) + ": \"" + std::string(text) + "\"");
  return false;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.remove_suffix(1);
  return text;
}

bool bind_integer(sqlite3_stmt* statement, int i, std::string_view given, std::int32_t type, ServerError& error) {
  const char* name = type == oid::kInt2 ? "smallint" : type == oid::kInt4 ? "integer" : type == oid::kOid ? "oid" : "bigint";
  const std::string_view text = trimmed(given);
  std::int64_t number = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool narrow = (type == oid::kInt2 && number != static_cast<std::int16_t>(number)) || (type == oid::kInt4 && number != static_cast<std::int32_t>(number));
  if (ec == std::errc::result_out_of_range || (ec == std::errc() && narrow)) {
    error = make_error("22003", "value \"" + std::string(given) + "\" is out of range for type " + name);
    return false;
  }
  if (ec != std::errc() || end != text.data() + text.size()) return bad_input(error, "22P02", name, given);
  sqlite3_bind_int64(statement, i, number);
  return true;
}

bool bind_double(sqlite3_stmt* statement, int i, std::string_view given, std::int32_t type, ServerError& error) {
  const std::string_view text = trimmed(given);
  double number = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (ec != std::errc() || end != text.data() + text.size()) return bad_input(error, "22P02", type == oid::kFloat4 ? "real" : "double precision", given);
  sqlite3_bind_double(statement, i, number);
  return true;
}

// What has more digits than a double keeps goes as text: a cast to numeric(p, s) that stands around it rounds it.
bool bind_numeric(sqlite3_stmt* statement, int i, std::string_view given, ServerError& error) {
  double number = 0;
  const NumericInput input = read_numeric(trimmed(given), std::nullopt, number);
  if (input == NumericInput::malformed) return bad_input(error, "22P02", "numeric", given);
  if (input == NumericInput::too_long) return bind_text(statement, i, trimmed(given));
  sqlite3_bind_double(statement, i, number);
  return true;
}

bool bind_time(sqlite3_stmt* statement, int i, std::string_view text, std::int32_t type, ServerError& error) {
  const auto us = read_instant(trimmed(text), unix_now_us());
  if (auto bad = !us ? field_out_of_range(trimmed(text)) : std::nullopt) return error = std::move(*bad), false;
  if (!us) return bad_input(error, "22007", type == oid::kDate ? "date" : type == oid::kTimestamp ? "timestamp" : "timestamp with time zone", text);
  return bind_text(statement, i, type == oid::kDate ? format_date(*us) : type == oid::kTimestamp ? format_plain_timestamp(*us) : format_timestamp(*us));
}

// Of a type that nobody told: whole numbers are bound as such.
bool bind_unknown(sqlite3_stmt* statement, int i, std::string_view value) {
  std::int64_t number = 0;
  const char* end = value.data() + value.size();
  const auto [stop, ec] = std::from_chars(value.data(), end, number);
  const bool leading_zero = value.size() > 1 && (value.front() == '0' || value.starts_with("-0"));
  if (ec != std::errc() || stop != end || leading_zero) return bind_text(statement, i, value);
  sqlite3_bind_int64(statement, i, number);
  return true;
}

bool bind_typed(sqlite3_stmt* statement, int i, std::string_view value, std::int32_t type, ServerError& error) {
  switch (type) {
    case 0: case oid::kUnknown: return bind_unknown(statement, i, value);
    case oid::kInt2: case oid::kInt4: case oid::kInt8: case oid::kOid: return bind_integer(statement, i, value, type, error);
    case oid::kFloat4: case oid::kFloat8: return bind_double(statement, i, value, type, error);
    case oid::kNumeric: return bind_numeric(statement, i, value, error);
    case oid::kTimestamp: case oid::kTimestampTz: case oid::kDate: return bind_time(statement, i, value, type, error);
    case oid::kBool: {
      const auto yes = read_bool(trimmed(value));
      if (!yes) return bad_input(error, "22P02", "boolean", value);
      sqlite3_bind_int(statement, i, *yes);
      return true;
    }
    case oid::kInterval: {
      const auto interval = read_interval(trimmed(value));
      return interval ? bind_text(statement, i, write_interval(*interval)) : bad_input(error, "22007", "interval", value);
    }
    case oid::kBytea: {
      std::string bytes;
      if (!read_bytea(value, bytes)) return bad_input(error, "22P02", "bytea", value);
      sqlite3_bind_blob(statement, i, bytes.data(), static_cast<int>(bytes.size()), SQLITE_TRANSIENT);
      return true;
    }
    case oid::kJson: case oid::kJsonb: {
      auto bad = json_error(value);
      return bad ? error = std::move(*bad), false : bind_text(statement, i, value);
    }
    default: return bind_text(statement, i, value);
  }
}

}  // namespace

bool bind_parameter(sqlite3_stmt* statement, int i, std::optional<std::string_view> value, std::int32_t type, int format,
                    ServerError& error) {
  if (!value) return sqlite3_bind_null(statement, i), true;
  if (format == 0) return bind_typed(statement, i, *value, type, error);
  const auto text = text_of_binary(type, *value);
  if (!text) return bad_parameter(error, i);
  return bind_typed(statement, i, *text, type == 0 ? oid::kText : type, error);
}

}  // namespace chaos::pg
