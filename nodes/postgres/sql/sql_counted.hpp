// A statement over one table, so written that each row of its scan is counted: for EXPLAIN ANALYZE. Pure.
#pragma once

#include "postgres/sql/sql_plan.hpp"

namespace chaos::pg {

/// WHERE pg_scanned() AND (condition) AND pg_passed(): SQLite asks them in this order. behind: the alias of a table that is reached
/// through an index which answers a part of the condition; then pg_passed() is made to depend on the row, or it would be asked before
/// the rest. nullopt: more than one table or query, or a plain aggregate over all rows, which SQLite may take without a scan.
std::optional<Tokens> counted_scan(const Plan& plan, const std::string& behind);

}  // namespace chaos::pg
