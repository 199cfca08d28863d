// What a statement is, and how SQLite says it: a bridge for the part of PostgreSQL's dialect that applications and
// operators' tools use. Pure. What is not bridged goes to SQLite as it stands and is judged there.
#pragma once

#include "postgres/sql_token.hpp"

namespace chaos::pg {

enum class Verb {
  select, insert, update, erase, explain,                     // run by SQLite; explain: its query plan
  define,                                                     // CREATE, ALTER, DROP, TRUNCATE
  begin, commit, rollback, savepoint, release, rollback_to,   // the session's transaction
  set, show, reset, discard, deallocate, alter_system,        // the session itself; the server's settings
  nothing,                                                    // answered with its tag: VACUUM, ANALYZE, LISTEN, ...
};

struct Plan {
  Verb verb = Verb::select;
  std::string tag;                        // of CommandComplete; INSERT, UPDATE, DELETE and SELECT get their row count
  std::vector<std::string> sql;           // SQLite's; more than one only for define
  std::string name;                       // savepoint, setting, prepared statement; empty for ALL
  std::string value;                      // of SET and ALTER SYSTEM; RESET: "default"
  bool local = false;                     // SET LOCAL
  int parameters = 0;                     // highest $n
  std::vector<std::int32_t> types;        // of $1.. by their casts; 0: none
  bool locks = false;                     // SELECT ... FOR UPDATE
  bool catalog = false;                   // names what lives in the server's memory (pg_stat_activity, ...)
  bool snapshot = false;                  // BEGIN ISOLATION LEVEL REPEATABLE READ or SERIALIZABLE
  bool read_only = false;                 // BEGIN READ ONLY
  std::string text;                       // as it was sent
  std::int64_t query_id = 0;              // the same for statements that differ in constants alone
};

/// False: `error` says why (42601, 0A000).
bool make_plan(const StatementText& statement, Plan& out, ServerError& error);

/// Tokens as SQLite's text. `plan` gets parameters, types, locks and catalog.
std::string translate(const Tokens& tokens, Plan& plan);

/// The type that SQLite casts to, and PostgreSQL's id of it, for a type name such as "int8" or "character varying".
struct TypeName {
  std::string_view sqlite;
  std::int32_t oid;
};
TypeName type_by_name(std::string_view name);

}  // namespace chaos::pg
