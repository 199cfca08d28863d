// What a statement is, and how SQLite says it: a bridge for the part of PostgreSQL's dialect that applications and
// operators' tools use. Pure. What is not bridged goes to SQLite as it stands and is judged there.
#pragma once

#include "postgres/base/lock_modes.hpp"
#include "postgres/sql/foreign_key_clause.hpp"
#include "postgres/sql/sql_token.hpp"
#include "wire/copy_text.hpp"

#include <memory>
#include <optional>

namespace chaos::pg {

enum class Verb {
  select, insert, update, erase,                              // run by SQLite
  explain,                                                    // of `inner`
  define,                                                     // CREATE, ALTER, DROP, TRUNCATE, VACUUM, ANALYZE, REINDEX
  lock,                                                       // LOCK TABLE
  begin, set_transaction, commit, rollback, savepoint, release, rollback_to,   // the session's transaction
  set, show, reset, discard, deallocate, alter_system,        // the session itself; the server's settings
  nothing,                                                    // answered with its tag: LISTEN, CHECKPOINT, ...
  create_as, copy_in, copy_out,                               // made of others by the session
  prepare, execute, declare, fetch, close_cursor,
};

struct CopyPlan {
  std::string table;                      // quoted; empty: COPY (query) TO
  std::vector<std::string> columns;       // quoted; none: all
  CopyFormat format;
};

struct ExplainPlan {
  bool analyze = false;                   // run it, and tell real times and rows
  bool json = false;
  bool costs = true;
  bool timing = true;
  bool summary = true;
};

/// A notice about a definition, as that of IF [NOT] EXISTS: given when the relation is there (or is not).
struct SkipNotice {
  std::string relation;
  bool when_there = false;
  ServerError notice;
};

/// SELECT ... FOR UPDATE, FOR NO KEY UPDATE, FOR SHARE, FOR KEY SHARE.
struct RowLocks {
  LockMode mode = LockMode::access_exclusive;
  bool nowait = false;
  std::vector<std::string> tables;        // of the last columns of `sql`
  std::string sql;                        // the statement with the rowids that its rows come from; empty: of no table
};

struct Plan {
  Verb verb = Verb::select;
  std::string tag;                        // of CommandComplete; INSERT, UPDATE, DELETE and SELECT get their row count
  std::vector<std::string> sql;           // SQLite's; more than one only for define
  std::string name;                       // savepoint, setting, prepared statement, cursor; empty for ALL
  std::string value;                      // of SET and ALTER SYSTEM; RESET: "default"
  bool local = false;                     // SET LOCAL
  int parameters = 0;                     // highest $n
  std::vector<std::int32_t> types;        // of $1.. by their casts; 0: none
  std::optional<RowLocks> row_locks;      // of a SELECT; without those in its subqueries
  bool asks_locks = false;                // SKIP LOCKED: asks the lock manager while it runs
  std::vector<std::string> tables;        // of LOCK TABLE
  LockMode lock_mode = LockMode::access_exclusive;
  bool nowait = false;
  bool concurrently = false;              // CREATE INDEX CONCURRENTLY
  bool catalog = false;                   // names what lives in the server's memory (pg_stat_activity, ...)
  bool names_isolation = false;           // BEGIN, SET TRANSACTION: says an isolation level
  bool names_access = false;              // says READ ONLY or READ WRITE
  bool snapshot = false;                  // BEGIN ISOLATION LEVEL REPEATABLE READ or SERIALIZABLE
  bool serializable = false;              // of those two
  bool read_only = false;                 // BEGIN READ ONLY
  bool alone = false;                     // may not stand in a transaction block: VACUUM, CREATE INDEX CONCURRENTLY
  bool chain = false;                     // COMMIT AND CHAIN, ROLLBACK AND CHAIN
  bool hold = false;                      // DECLARE ... WITH HOLD
  std::int64_t count = 0;                 // of FETCH; negative: all
  std::string text;                       // as it was sent
  std::int64_t query_id = 0;              // the same for statements that differ in constants alone
  Tokens tokens;                          // of a query: what its output columns are is read from them
  std::string refused;                    // by the translation: what is not supported (0A000)
  std::pair<std::string, int> no_type;    // a cast to what is no type, and where it stands (42704)
  std::vector<std::pair<int, int>> spots; // of the first statement: byte in SQLite's text, position in the query
  std::vector<SkipNotice> skips;
  std::shared_ptr<Plan> inner;            // of EXPLAIN, COPY (query), PREPARE, DECLARE, CREATE TABLE AS; EXECUTE's arguments
  std::shared_ptr<const CopyPlan> copy;
  std::shared_ptr<ExplainPlan> explain;
  std::shared_ptr<KeyDefinition> keys;    // of define
};

/// False: `error` says why (42601, 0A000).
bool make_plan(const StatementText& statement, Plan& out, ServerError& error);

/// Takes the FOR UPDATE clauses out of a query: the statement's own becomes plan.row_locks (its sql, still to be translated, in
/// `rows`), SKIP LOCKED a condition. False: 0A000, as PostgreSQL refuses it with GROUP BY and its like.
bool take_row_locks(Tokens& tokens, Tokens& rows, Plan& plan, ServerError& error);
/// LOCK [TABLE] [ONLY] name, ... [IN mode MODE] [NOWAIT]
bool plan_lock(const Tokens& tokens, Plan& plan, ServerError& error);

/// Tokens as SQLite's text. `plan` gets parameters, types and catalog.
std::string translate(const Tokens& tokens, Plan& plan);

/// The type that SQLite casts to, and PostgreSQL's id of it, for a type name such as "int8" or "character varying".
struct TypeName {
  std::string_view sqlite;       // empty: the cast changes nothing; pg_...: a function
  std::int32_t oid;
  std::string_view name;         // as pg_type.typname
};
TypeName type_by_name(std::string_view name);

}  // namespace chaos::pg
