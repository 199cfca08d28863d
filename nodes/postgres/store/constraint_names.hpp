// What SQLite leaves out of an error: which constraint by name, which key, where in the query.
#pragma once

#include "postgres/store/row_run.hpp"

namespace chaos::pg {

/// Completes the error of a statement that failed: position by SQLite's byte offset (error.position - 1 of `sql`), the name of
/// the violated constraint, DETAIL with the key where the statement spells it out.
void complete_error(Handle& handle, const Plan& plan, const std::string& sql, const std::vector<BoundValue>& values, ServerError& error);

}  // namespace chaos::pg
