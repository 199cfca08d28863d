// The row that a CHECK or NOT NULL refused: SQLite names the constraint, not the row, so the statement's rows are made once more.
#pragma once

#include "postgres/sql/sql_plan.hpp"
#include "postgres/store/handle.hpp"
#include "postgres/store/row_run.hpp"

namespace chaos::pg {

/// "Failing row contains (4, d@b, -1)." of an INSERT or UPDATE .. SET that ended with `error` (23502, 23514), as PostgreSQL's
/// ExecBuildSlotValueDescription writes it; empty: its rows cannot be made once more (UPDATE .. FROM, COPY), or not in time.
std::string failing_row(Handle& handle, const Plan& plan, const std::vector<BoundValue>& values, const ServerError& error);

}  // namespace chaos::pg
