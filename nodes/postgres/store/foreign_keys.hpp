// The foreign keys of a database: rows of the server's own table pg_foreign_keys, one a column. SQLite does not know of them.
#pragma once

#include "postgres/sql/foreign_key_clause.hpp"
#include "postgres/store/handle.hpp"

namespace chaos::pg {

/// The oid of its constraint is this plus its id.
inline constexpr std::int64_t kFirstForeignKeyOid = 7'000'000;

struct ForeignKey {
  std::int64_t id = 0;
  std::string name;
  std::string table;
  std::vector<std::string> columns;
  std::string parent;
  std::vector<std::string> parent_columns;
  KeyAction on_update = KeyAction::no_action;
  KeyAction on_delete = KeyAction::no_action;
  bool full = false;
  bool valid = true;
  std::vector<std::size_t> places;            // of the columns in their table, from 0
  std::vector<std::size_t> parent_places;
};

/// As they were when they were read; does not change.
class ForeignKeys {
 public:
  static ForeignKeys read(Handle& handle);
  /// In the order in which they were made, in which they are checked too.
  const std::vector<ForeignKey>& all() const { return all_; }
  /// Whether a change of the table's rows must be looked at: it refers, or is referred to. Any thread.
  bool watches(std::string_view table) const;

 private:
  std::vector<ForeignKey> all_;
};

struct Relation;
/// The unique index that the key refers to, among all relations; null: there is none.
const Relation* index_of_key(Handle& handle, const std::vector<Relation>& relations, const ForeignKey& key);

/// "FOREIGN KEY (a) REFERENCES t(b) ON DELETE CASCADE", as pg_get_constraintdef says it.
std::string foreign_key_text(const ForeignKey& key);

/// Carries out what a definition does to foreign keys, in the transaction that has made the rest of it. `made` gets the statements that
/// a replica must run too, `notices` what the client is told. False: 42P01, 42703, 42704, 42710, 42804, 42830, 23503, 2BP01, 0A000.
struct KeyDefinitionResult {
  std::vector<std::string> made;
  std::vector<ServerError> notices;
  std::vector<std::string> others;           // tables beside the named ones that were changed too
};
bool define_foreign_keys(Handle& handle, const KeyDefinition& definition, KeyDefinitionResult& result, ServerError& error);

}  // namespace chaos::pg
