// Which statements are the same but for their constants (pg_stat_statements, pg_stat_activity.query_id). Pure.
// Source: PostgreSQL 15 documentation, F.32 "pg_stat_statements"; the numbers themselves are this server's own.
#pragma once

#include "postgres/sql/sql_token.hpp"

namespace chaos::pg {

/// Never 0. with_constants: of commands, whose constants make them different.
std::int64_t query_id(const Tokens& tokens, bool with_constants);

/// The text with $1, $2, ... in place of its constants, numbered after the parameters it has; unchanged when it cannot be read.
std::string normalized_query(std::string_view text);

}  // namespace chaos::pg
