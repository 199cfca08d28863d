// Where a statement changes a table, and the casts of what it stores. Pure but for the door to the schema.
// Source: PostgreSQL 15 documentation, 10.4 "Value Storage".
#pragma once

#include "postgres/sql/sql_output.hpp"
#include "wire/pgwire_backend.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace chaos::pg {

inline bool is_whole(std::int32_t type) { return type == oid::kInt2 || type == oid::kInt4 || type == oid::kInt8; }
inline bool is_double(std::int32_t type) { return type == oid::kFloat4 || type == oid::kFloat8; }
/// The type's name for a cast of a value that is stored; empty: it is stored as it is.
std::string_view cast_name(std::int32_t type);

/// Where INSERT or UPDATE begins, perhaps behind WITH; the end: there is none.
std::size_t change_at(const Tokens& tokens);

/// Where each value of the row in brackets at `open` begins.
std::vector<std::size_t> row_starts(const Tokens& tokens, std::size_t open);
struct RowsAt {
  const Tokens& tokens;
  std::size_t open;            // of the first row
};
/// All rows are alike, none has more values than columns, nor fewer than those that are listed. False: 42601.
bool as_many(const RowsAt& rows, const std::vector<std::size_t>& listed, std::size_t columns, ServerError& error);

struct StoredQuery {
  const Tokens& tokens;
  std::size_t at;              // where the query of an INSERT begins
  SchemaTypes& schema;
  const std::vector<std::int32_t>& parameters;
};
/// Appends the query as WITH pg_stored(c0, ..) AS (query) SELECT c0::type, .. when a column of `targets` rounds what it gets; where
/// the query ends, or `at` when nothing was appended.
std::size_t stored_query(const StoredQuery& query, const std::vector<const OutputColumn*>& targets, Tokens& out);

}  // namespace chaos::pg
