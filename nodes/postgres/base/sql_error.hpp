// SQLite's failures as PostgreSQL's errors.
// Source: PostgreSQL 15 documentation, appendix A "PostgreSQL Error Codes". Pure.
#pragma once

#include "wire/pgwire_backend.hpp"

namespace chaos::pg {

/// code: SQLite's extended result code; message: sqlite3_errmsg; offset: sqlite3_error_offset, -1 for none.
ServerError sqlite_error(int code, std::string_view message);

/// 23505 with its table and constraint.
ServerError unique_violation(const std::string& table, const std::string& constraint);

/// True when the server is at fault, not the statement: classes 53, 55P03, 57, 58, XX.
bool server_fault(std::string_view sqlstate);

inline ServerError make_error(std::string sqlstate, std::string message) { return {"ERROR", std::move(sqlstate), std::move(message), {}, {}, 0}; }
inline ServerError make_fatal(std::string sqlstate, std::string message) { return {"FATAL", std::move(sqlstate), std::move(message), {}, {}, 0}; }

}  // namespace chaos::pg
