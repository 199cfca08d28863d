// What SQL functions written for SQLite need to read their arguments and to answer or fail as PostgreSQL's do.
#pragma once

#include "postgres/store/handle.hpp"

namespace chaos::pg {

using FunctionContext = sqlite3_context*;
using FunctionValues = sqlite3_value**;

struct FunctionEntry {
  const char* name;
  int arguments;      // -1: any number
  void (*run)(FunctionContext, int, FunctionValues);
};

inline bool is_null(sqlite3_value* value) { return sqlite3_value_type(value) == SQLITE_NULL; }
inline bool is_text(sqlite3_value* value) { return sqlite3_value_type(value) == SQLITE_TEXT; }
/// Its bytes as text; valid until the value is converted again.
std::string_view text_of(sqlite3_value* value);
/// Without the blanks around it.
std::string_view trimmed(std::string_view text);
void answer(FunctionContext context, std::string_view text);
/// The statement fails with this code, message and perhaps hint or detail; sqlite_error() (sql_error.hpp) reads them back.
void fail_with(FunctionContext context, std::string_view sqlstate, std::string_view message, std::string_view hint = {}, std::string_view detail = {});

void fail_with(FunctionContext context, const ServerError& error);      // its detail and context too

/// Functions of their arguments alone, known to the query planner as such.
void register_pure(Handle& handle, const FunctionEntry* entries, std::size_t count);

void register_cast_functions(Handle& handle);        // cast_functions.cpp: pg_int4, pg_bool, pg_divisor, ...
void register_numeric_functions(Handle& handle);     // numeric_functions.cpp: pg_numeric, round, pg_shown, ...
void register_time_functions(Handle& handle);        // time_functions.cpp: age, date_trunc, pg_extract, pg_plus, ...
void register_format_functions(Handle& handle);      // format_functions.cpp: to_char, to_timestamp, format, quote_ident, ...
void register_text_functions(Handle& handle);        // text_functions.cpp: left, split_part, ~, ILIKE, ...
void register_array_functions(Handle& handle);       // array_functions.cpp: pg_array, array_length, string_to_array, ...
void register_aggregates(Handle& handle);            // aggregate_functions.cpp: array_agg, stddev, percentile_cont, ...

}  // namespace chaos::pg
