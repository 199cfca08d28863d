// The tables, indexes, sequences and views of a database as PostgreSQL names them: with the index behind each primary key
// (SQLite keeps a whole-number key in the table itself) and the sequence behind each serial column.
#pragma once

#include "postgres/store/handle.hpp"

#include <optional>
#include <vector>

namespace chaos::pg {

/// The oid of a relation is this plus its rowid in SQLite's schema table; of what SQLite does not list, see oid_of_key.
inline constexpr std::int64_t kFirstOid = 16385;
inline constexpr std::int64_t oid_of_key(std::int64_t table) { return table + 1'000'000; }
inline constexpr std::int64_t oid_of_sequence(std::int64_t table) { return table + 2'000'000; }
/// Of the constraint that an index stands for.
inline constexpr std::int64_t oid_of_constraint(std::int64_t index) { return index + 4'000'000; }

/// Of a table's n-th CHECK, from 0.
inline constexpr std::int64_t kFirstCheckOid = 8'000'000;
inline constexpr std::int64_t kMostChecks = 1000;
inline constexpr std::int64_t oid_of_check(std::int64_t table, std::size_t n) { return kFirstCheckOid + (table - kFirstOid) * kMostChecks + static_cast<std::int64_t>(n); }

struct Relation {
  std::int64_t oid = 0;
  std::string name;
  char kind = 'r';              // as pg_class.relkind: r table, i index, v view, S sequence
  std::int64_t table = 0;       // of an index or a sequence: its table's oid
  std::string table_name;
  std::string stored;           // SQLite's own name; empty: the table's own order, or its counter
  std::string sql;              // how it was made; empty: with its table
  bool unique = false;          // of an index
  bool primary = false;
  bool constraint = false;      // it came with a constraint: PRIMARY KEY or UNIQUE
};

/// All of users' own in the order of their making; the server's tables are not shown.
std::vector<Relation> relations(Handle& handle);
std::optional<Relation> relation_of(Handle& handle, std::int64_t oid);
/// By name, perhaps with its schema before it ("public.items") and in quotes.
std::optional<Relation> relation_of(Handle& handle, std::string_view name);

struct TableColumn {
  std::int64_t number = 0;      // from 1
  std::string name;
  std::string type;             // as it was declared
  bool not_null = false;
  std::string preset;           // DEFAULT as PostgreSQL prints it; empty: none
  int key = 0;                  // its place in the primary key, from 1; 0: none
  bool serial = false;          // its numbers come from a sequence
};
std::vector<TableColumn> columns_of(Handle& handle, const Relation& table);

struct IndexColumn {
  std::int64_t number = 0;      // of the table's column; 0: an expression
  std::string text;             // name or expression
  bool descending = false;
};
std::vector<IndexColumn> columns_of_index(Handle& handle, const Relation& index);
/// What stands behind WHERE in a partial index's definition; empty: it is none.
std::string index_predicate(const Relation& index);
/// "CREATE UNIQUE INDEX name ON public.t USING btree (a, b DESC)", as pg_get_indexdef; plain: as \d shows it.
std::string index_definition(Handle& handle, const Relation& index, bool plain);
/// The query of a view.
std::string view_definition(const Relation& view);

/// "name", or "\"Name\"" where it must be quoted (quote_ident).
std::string quote_ident(std::string_view name);

}  // namespace chaos::pg
