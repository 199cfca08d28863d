// How SQLite's values look to a PostgreSQL client, and back. Pure but for reading a statement's row.
#pragma once

#include "postgres/base/sqlite.hpp"
#include "postgres/sql/sql_output.hpp"
#include "wire/pgwire_backend.hpp"

namespace chaos::pg {

/// PostgreSQL's id for a column's declared type ("INTEGER", "varchar(20)"); oid::kText when it says nothing.
std::int32_t type_of_declaration(std::string_view declared);

/// The name that PostgreSQL gives a column which SQLite names by its expression: the function's name, the column of a
/// cast, "?column?".
std::string column_name(std::string_view sqlite_name);

/// Names and types of a statement's columns: `derived` from the query's text (output_columns), where it fits, and what tables
/// declare. What is known of neither has, when the statement stands on a row, the type of the value there, else text.
std::vector<Column> describe_columns(sqlite3_stmt* statement, bool on_row, const std::optional<OutputColumns>& derived = std::nullopt);

/// Appends the row that the statement stands on as a DataRow. False: a value cannot be given in the binary format that
/// was asked for; `error` says which.
bool append_data_row(std::string& out, sqlite3_stmt* statement, const std::vector<Column>& columns, ServerError& error);

/// Binds parameter i (from 1). format 0: text, 1: binary (sql_binary.hpp). Text must be of the form that the type demands
/// (22P02, 22007). A text value of unknown type that reads as a whole number is bound as one; the column's affinity decides then.
bool bind_parameter(sqlite3_stmt* statement, int i, std::optional<std::string_view> value, std::int32_t type, int format,
                    ServerError& error);

/// A column of declared type boolean: what is in it ("1", "true", "t", ...) as PostgreSQL prints it.
std::string_view bool_text(std::string_view stored);
/// t, true, yes, on, 1 and their opposites, or the beginning of such a word; nullopt: none of them.
std::optional<bool> read_bool(std::string_view text);
/// "\x0aff", or text with \\ and \ooo escapes. False: malformed.
bool read_bytea(std::string_view text, std::string& out);
std::string hex_text(std::string_view bytes);      // "0aff"
/// Doubles in the shortest form that reads back the same, with an exponent from 1e15 on, as float8 is printed.
std::string double_text(double value);

}  // namespace chaos::pg
