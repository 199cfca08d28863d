// What the row locks and the replay of parked transactions need to know of a table.
#pragma once

#include "postgres/state/change_record.hpp"
#include "postgres/store/foreign_keys.hpp"

#include <map>
#include <optional>

namespace chaos::pg {

struct TableInfo {
  bool own_rowid = false;                              // no column shows the rowid: it may be another one
  bool autoincrement = false;
  std::vector<std::vector<int>> unique;                // columns of each whole unique index, by their places
  std::string put_sql;                                 // sets a row by its rowid: ?1, then all columns
  std::vector<int> integer_bytes;                      // of each column: 2, 4, 8; 0: it is none
  std::vector<int> numeric_limits;                     // of each column that is numeric(p, s): its modifier; 0: it is none
};

/// Whether whole-number columns hold what their types can: SQLite knows 64 bits alone. False: 22003.
bool integers_fit(const std::vector<int>& bytes_of, const Change& change, ServerError& error);

/// Whether numeric(p, s) columns hold what they round to. False: 22003; 0A000 for what came on a way that rounds nothing.
bool numerics_fit(const std::vector<int>& limits_of, const Change& change, ServerError& error);

/// A hash of the key that `values` have in one unique index; nullopt when a part of it is NULL (no two such are equal).
std::optional<std::int64_t> key_hash(const std::vector<int>& columns, std::size_t index, const std::vector<ChangeValue>& values);

/// Keeps what it has read; clear() after a definition. Indexes on expressions and partial ones are not looked at.
class TableInfos {
 public:
  const TableInfo& of(Handle& handle, std::string_view table);
  std::shared_ptr<const ForeignKeys> foreign_keys(Handle& handle);
  void clear() { known_.clear(), keys_.reset(); }

 private:
  static TableInfo read(Handle& handle, const std::string& table);
  std::map<std::string, TableInfo, std::less<>> known_;
  std::shared_ptr<const ForeignKeys> keys_;
};

/// Rowids that open transactions have used, which others must not use again although they do not see those rows.
class RowNumbers {
 public:
  /// A row was inserted under this number.
  void used(std::string_view table, std::int64_t rowid, bool counter);
  /// A number that nobody has used, above `seen`.
  std::int64_t next(std::string_view table, std::int64_t seen);
  /// Raises SQLite's counters to what was handed out, inside of a write transaction that has just begun.
  bool raise_counters(Handle& handle, ServerError& error);
  /// A transaction of the handle was committed: what it raised is in the file.
  void committed() { raised_ ? counters_.clear() : void(); raised_ = false; }
  void rolled_back() { raised_ = false; }

 private:
  std::map<std::string, std::int64_t, std::less<>> counters_;   // AUTOINCREMENT
  std::map<std::string, std::int64_t, std::less<>> rowids_;
  bool raised_ = false;
};

}  // namespace chaos::pg
