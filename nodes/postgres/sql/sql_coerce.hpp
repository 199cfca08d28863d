// What PostgreSQL does to a value because of the column that it meets: a literal takes the column's type, a parameter too.
// Pure but for the door to the schema. Source: PostgreSQL 15 documentation, 10.4 "Value Storage".
#pragma once

#include "postgres/sql/sql_output.hpp"

namespace chaos::pg {

/// In INSERT .. VALUES and UPDATE .. SET literals are cast to their column's type, varchar(n) is checked, DEFAULT is spelled out.
/// Parameters there, and those that are compared with a column, get its type in `parameters` (by number, from 1).
/// False: 42601, a row of VALUES has more or fewer values than it has columns to go to.
bool coerce_values(Tokens& tokens, SchemaTypes& schema, std::vector<std::int32_t>& parameters, ServerError& error);

/// Says SELECT DISTINCT ON of the outermost query in window functions. False: its columns cannot be told, or ORDER BY goes by number.
bool spread_distinct_on(Tokens& tokens, SchemaTypes& schema, const std::vector<std::int32_t>& parameters);

void spread_delete_using(Tokens& tokens);

}  // namespace chaos::pg
