// Casts, as the functions that the translation of x::type calls (sql_type_names.cpp).
#include "postgres/base/json_text.hpp"
#include "postgres/base/numeric.hpp"
#include "postgres/base/pg_interval.hpp"
#include "postgres/base/pg_time.hpp"
#include "postgres/functions/function_tools.hpp"
#include "postgres/sql/sql_types.hpp"

#include <charconv>
#include <cmath>
#include <limits>

namespace chaos::pg {

namespace {

using Context = FunctionContext;
using Values = FunctionValues;

void bad_input(Context context, std::string_view type, std::string_view text, std::string_view sqlstate = "22P02") {
  fail_with(context, sqlstate, "invalid input syntax for type " + std::string(type) + ": \"" + std::string(text) + "\"");
}

struct IntegerType {
  const char* name;
  std::int64_t least, most;
};
constexpr IntegerType kInt2{"smallint", INT16_MIN, INT16_MAX}, kInt4{"integer", INT32_MIN, INT32_MAX}, kInt8{"bigint", INT64_MIN, INT64_MAX},
    kOid{"oid", 0, UINT32_MAX};

void integer_of_text(Context context, std::string_view given, const IntegerType& type) {
  std::string_view text = trimmed(given);
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int64_t number = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = end == text.data() + text.size() && !text.empty();
  if (ec == std::errc::result_out_of_range || (whole && ec == std::errc() && (number < type.least || number > type.most))) {
    return fail_with(context, "22003", "value \"" + std::string(given) + "\" is out of range for type " + type.name);
  }
  if (!whole || ec != std::errc()) return bad_input(context, type.name, given);
  sqlite3_result_int64(context, number);
}

void to_integer(Context context, sqlite3_value* value, const IntegerType& type) {
  switch (sqlite3_value_type(value)) {
    case SQLITE_NULL: return;
    case SQLITE_INTEGER: {
      const std::int64_t number = sqlite3_value_int64(value);
      if (number < type.least || number > type.most) return fail_with(context, "22003", std::string(type.name) + " out of range");
      return sqlite3_result_int64(context, number);
    }
    case SQLITE_FLOAT: {
      const double given = sqlite3_value_double(value);
      const double number = std::fabs(given) < 0x1p53 ? round_numeric(given, 0) : given;      // as numeric: half away from zero
      if (!(number >= static_cast<double>(type.least) && number < static_cast<double>(type.most) + 1)) {
        return fail_with(context, "22003", std::string(type.name) + " out of range");
      }
      return sqlite3_result_int64(context, static_cast<std::int64_t>(number));
    }
    default: return integer_of_text(context, text_of(value), type);
  }
}
void to_int2(Context context, int, Values values) { to_integer(context, values[0], kInt2); }
void to_int4(Context context, int, Values values) { to_integer(context, values[0], kInt4); }
void to_int8(Context context, int, Values values) { to_integer(context, values[0], kInt8); }
void to_oid(Context context, int, Values values) { to_integer(context, values[0], kOid); }

void to_double(Context context, sqlite3_value* value, const char* type) {
  if (is_null(value)) return;
  if (!is_text(value)) return sqlite3_result_double(context, sqlite3_value_double(value));
  std::string_view text = trimmed(text_of(value));
  if (text.starts_with('+')) text.remove_prefix(1);
  double number = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (ec != std::errc() || end != text.data() + text.size() || text.empty()) return bad_input(context, type, text_of(value));
  sqlite3_result_double(context, number);
}
void to_float8(Context context, int, Values values) { to_double(context, values[0], "double precision"); }
void to_float4(Context context, int, Values values) { to_double(context, values[0], "real"); }

void to_bool(Context context, int, Values values) {
  if (is_null(values[0])) return;
  if (!is_text(values[0])) return sqlite3_result_int(context, sqlite3_value_int64(values[0]) != 0);
  const auto yes = read_bool(trimmed(text_of(values[0])));
  if (!yes) return bad_input(context, "boolean", text_of(values[0]));
  sqlite3_result_int(context, *yes);
}

void to_text_of_bool(Context context, int, Values values) {
  if (!is_null(values[0])) answer(context, sqlite3_value_int64(values[0]) != 0 ? "true" : "false");
}

// varchar(n): what is longer is refused, blanks at the end are cut off.
void limit_length(Context context, int, Values values) {
  if (is_null(values[0])) return;
  const std::string_view text = text_of(values[0]);
  const std::int64_t most = sqlite3_value_int64(values[1]);
  std::size_t at = 0;
  std::int64_t count = 0;
  for (; at < text.size(); ++at) {
    if ((text[at] & 0xc0) != 0x80 && count++ == most) break;
  }
  if (text.find_first_not_of(' ', at) != std::string_view::npos) {
    return fail_with(context, "22001", "value too long for type " + std::string(text_of(values[2])) + "(" + std::to_string(most) + ")");
  }
  answer(context, text.substr(0, at));
}

void instant(Context context, sqlite3_value* value, std::string_view type, std::string (*format)(std::int64_t)) {
  if (is_null(value)) return;
  const auto us = read_instant(trimmed(text_of(value)), unix_now_us());
  if (const auto bad = !us ? field_out_of_range(trimmed(text_of(value))) : std::nullopt) return fail_with(context, *bad);
  if (!us) return bad_input(context, type, text_of(value), "22007");
  answer(context, format(*us));
}
void to_timestamptz(Context context, int, Values values) { instant(context, values[0], "timestamp with time zone", &format_timestamp); }
void to_timestamp(Context context, int, Values values) { instant(context, values[0], "timestamp", &format_plain_timestamp); }
void to_date(Context context, int, Values values) { instant(context, values[0], "date", &format_date); }

void to_interval(Context context, int, Values values) {
  if (is_null(values[0])) return;
  const auto interval = read_interval(trimmed(text_of(values[0])));
  if (!interval) return bad_input(context, "interval", text_of(values[0]), "22007");
  answer(context, write_interval(*interval));
}

void to_bytea(Context context, int, Values values) {
  if (!is_text(values[0])) return sqlite3_result_value(context, values[0]);
  std::string bytes;
  if (!read_bytea(text_of(values[0]), bytes)) return bad_input(context, "bytea", text_of(values[0]));
  sqlite3_result_blob(context, bytes.data(), static_cast<int>(bytes.size()), SQLITE_TRANSIENT);
}

void to_json(Context context, int, Values values) {
  if (!is_text(values[0])) return sqlite3_result_value(context, values[0]);
  if (const auto error = json_error(text_of(values[0]))) return fail_with(context, *error);
  sqlite3_result_value(context, values[0]);
}

// What stands behind / and %.
void divisor(Context context, int, Values values) {
  const int type = sqlite3_value_type(values[0]);
  const bool zero = (type == SQLITE_INTEGER && sqlite3_value_int64(values[0]) == 0) || (type == SQLITE_FLOAT && sqlite3_value_double(values[0]) == 0);
  if (zero) return fail_with(context, "22012", "division by zero");
  sqlite3_result_value(context, values[0]);
}

// LIMIT and OFFSET: NULL is none, and what is below zero is refused (nodeLimit.c).
template <bool kOffset>
void row_count(Context context, int, Values values) {
  if (is_null(values[0])) return sqlite3_result_int(context, kOffset ? 0 : -1);
  const bool whole = sqlite3_value_type(values[0]) == SQLITE_INTEGER;
  if (!whole || sqlite3_value_int64(values[0]) >= 0) return to_integer(context, values[0], kInt8);
  fail_with(context, kOffset ? "2201X" : "2201W", kOffset ? "OFFSET must not be negative" : "LIMIT must not be negative");
}

constexpr FunctionEntry kFunctions[] = {
    {"pg_limit_rows", 1, row_count<false>}, {"pg_offset_rows", 1, row_count<true>}, {"pg_int2", 1, to_int2}, {"pg_int4", 1, to_int4}, {"pg_int8", 1, to_int8}, {"pg_oid", 1, to_oid}, {"pg_float4", 1, to_float4},
    {"pg_float8", 1, to_float8}, {"pg_bool", 1, to_bool}, {"pg_bool_text", 1, to_text_of_bool},
    {"pg_limit_length", 3, limit_length}, {"pg_timestamptz", 1, to_timestamptz}, {"pg_timestamp", 1, to_timestamp}, {"pg_date", 1, to_date},
    {"pg_interval", 1, to_interval}, {"pg_bytea", 1, to_bytea}, {"pg_json", 1, to_json}, {"pg_divisor", 1, divisor},
};

}  // namespace

void register_cast_functions(Handle& handle) { register_pure(handle, kFunctions, std::size(kFunctions)); }

}  // namespace chaos::pg
