// REFERENCES and FOREIGN KEY as they stand in CREATE TABLE and ALTER TABLE. Pure.
// Source: PostgreSQL 15 documentation, "CREATE TABLE" (REFERENCES reftable [ ( refcolumn ) ] ...), "ALTER TABLE" (table_constraint).
#pragma once

#include "postgres/sql/sql_token.hpp"

#include <cstdint>

namespace chaos::pg {

/// As pg_constraint.confupdtype and confdeltype.
enum class KeyAction : char { no_action = 'a', restrict = 'r', cascade = 'c', set_null = 'n', set_default = 'd' };

struct ForeignKeyClause {
  std::string name;                          // empty: PostgreSQL chooses
  std::vector<std::string> columns;
  std::string parent;
  std::vector<std::string> parent_columns;   // none: its primary key
  KeyAction on_update = KeyAction::no_action;
  KeyAction on_delete = KeyAction::no_action;
  bool full = false;                         // MATCH FULL; over one column it is MATCH SIMPLE's work
  bool valid = true;                         // without NOT VALID
};

/// What a definition does to foreign keys, beside its own SQL.
struct KeyDefinition {
  enum class Act : std::uint8_t { add, drop, validate, rename, drop_tables, drop_indexes, drop_column, rename_table, rename_column, truncate };
  Act act = Act::add;
  std::string table;
  std::vector<std::string> tables;           // of drop_tables and truncate; of drop_indexes the indexes
  std::string name;                          // of a constraint or a column
  std::string to;                            // its new name, or the table's
  bool cascade = false;
  bool if_exists = false;
  bool unless_there = false;                 // CREATE TABLE IF NOT EXISTS: nothing is added when it was there
  std::vector<ForeignKeyClause> add;
};

/// Takes the clauses out of CREATE TABLE's list, which begins with the bracket at `open`; what constraints are left stand behind its
/// columns then. False: `error` (42601, 0A000).
bool take_foreign_keys(Tokens& tokens, std::size_t open, std::vector<ForeignKeyClause>& out, ServerError& error);
/// Takes the column constraint out of "name type ... REFERENCES ...", which begins at `column` and ends at `end`, or before.
bool take_column_reference(Tokens& tokens, std::size_t column, std::size_t end, std::vector<ForeignKeyClause>& out, ServerError& error);
/// Reads "[CONSTRAINT name] FOREIGN KEY (...) REFERENCES ..." at `at`, which moves behind it.
bool read_foreign_key(const Tokens& tokens, std::size_t& at, ForeignKeyClause& out, ServerError& error);

}  // namespace chaos::pg
