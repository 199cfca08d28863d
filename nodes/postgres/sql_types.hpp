// How SQLite's values look to a PostgreSQL client, and back. Pure but for reading a statement's row.
#pragma once

#include "postgres/sqlite.hpp"
#include "wire/pgwire_backend.hpp"

namespace chaos::pg {

/// PostgreSQL's id for a column's declared type ("INTEGER", "varchar(20)"); oid::kText when it says nothing.
std::int32_t type_of_declaration(std::string_view declared);

/// The name that PostgreSQL gives a column which SQLite names by its expression: the function's name, the column of a
/// cast, "?column?".
std::string column_name(std::string_view sqlite_name);

/// Names and types of a statement's columns. A column without a declared type has the type of its function (count: int8)
/// or, when the statement stands on a row, of the value there.
std::vector<Column> describe_columns(sqlite3_stmt* statement, bool on_row);

/// Appends the row that the statement stands on as a DataRow. False: a value cannot be given in the binary format that
/// was asked for; `error` says which.
bool append_data_row(std::string& out, sqlite3_stmt* statement, const std::vector<Column>& columns, ServerError& error);

/// Binds parameter i (from 1). format 0: text, 1: binary (bool, int2, int4, int8, float4, float8, text, bytea).
/// A text value of unknown type that reads as a whole number is bound as one; the column's affinity decides then.
bool bind_parameter(sqlite3_stmt* statement, int i, std::optional<std::string_view> value, std::int32_t type, int format,
                    ServerError& error);

/// A column of declared type boolean: what is in it ("1", "true", "t", ...) as PostgreSQL prints it.
std::string_view bool_text(std::string_view stored);

}  // namespace chaos::pg
