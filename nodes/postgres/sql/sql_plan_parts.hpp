// The kinds of statements behind make_plan() (sql_plan.hpp), and what they share.
#pragma once

#include "postgres/sql/sql_plan.hpp"

namespace chaos::pg {

bool plan_definition(const Tokens& tokens, Plan& plan, ServerError& error);      // sql_plan_define.cpp: CREATE, ALTER, DROP, TRUNCATE
bool plan_alter(const Tokens& tokens, Plan& plan, ServerError& error);           // sql_plan_alter.cpp: ALTER TABLE
bool plan_copy(const Tokens& tokens, Plan& plan, ServerError& error);            // sql_plan_copy.cpp
bool plan_transaction(const Tokens& tokens, Plan& plan, ServerError& error);     // sql_plan_session.cpp: BEGIN to RELEASE
bool plan_session(const Tokens& tokens, Plan& plan, ServerError& error);         // SET, SHOW, RESET, DISCARD, DEALLOCATE
bool plan_cursor(const Tokens& tokens, Plan& plan, ServerError& error);          // sql_plan_cursor.cpp: PREPARE, EXECUTE, DECLARE, FETCH, CLOSE

// Both return false.
bool refuse(ServerError& error, std::string sqlstate, std::string message, int position = 0);
bool syntax_error(const Tokens& tokens, std::size_t at, ServerError& error);

/// Makes plan.inner of what stands from `from` on: a query, with `writes` also INSERT, UPDATE or DELETE. False: 42601, as for anything else.
bool plan_inner(const Tokens& tokens, std::size_t from, bool writes, Plan& plan, ServerError& error);
/// Where the query begins that EXPLAIN or PREPARE is of; 0 in other statements.
std::size_t query_within(const Tokens& tokens);
bool begins_query(const Tokens& tokens, std::size_t at, bool writes);

inline bool is_at(const Tokens& tokens, std::size_t at, std::string_view text) { return at < tokens.size() && tokens[at].is(text); }
/// Behind the bracket that closes the one at `open`.
std::size_t after_group(const Tokens& tokens, std::size_t open);
inline Tokens tokens_from(const Tokens& tokens, std::size_t from) { return {tokens.begin() + static_cast<std::ptrdiff_t>(std::min(from, tokens.size())), tokens.end()}; }
inline Token make_word(std::string text) { return {TokenKind::word, std::move(text), 0}; }
inline std::string unquoted(const std::string& name) { return name.size() < 2 ? name : name.substr(1, name.size() - 2); }
/// Column definitions with serial and identity columns as SQLite's own counter.
Tokens counter_columns(const Tokens& tokens);
/// What a string token says, without quotes.
std::string string_value(const Token& token);
/// The names of a comma list from `at` on, quoted, their schema left out.
std::vector<std::string> name_list(const Tokens& tokens, std::size_t at);

}  // namespace chaos::pg
