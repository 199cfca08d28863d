// What PostgreSQL's constraint triggers do at the end of a statement: rows that refer must have their row, rows that are referred to
// must stay, or take the others along.
// Source: PostgreSQL 15 documentation, 5.4.5 "Foreign Keys"; src/backend/utils/adt/ri_triggers.c (MATCH SIMPLE).
#pragma once

#include "postgres/base/lock_modes.hpp"
#include "postgres/store/foreign_keys.hpp"

#include <optional>
#include <set>
#include <utility>

namespace chaos::pg {

/// A row that the statement must lock beside those that it changed.
struct KeyLock {
  std::string table;
  std::int64_t rowid = 0;
  LockMode mode = LockMode::access_share;
};

/// The rows that are there already, for a definition. False: `error` (23503, or why they could not be looked at).
bool check_rows(Handle& handle, const ForeignKey& key, ServerError& error);

/// One statement's check, on the handle that ran it and still keeps what it touched. One thread at a time, any.
class ForeignKeyCheck {
 public:
  ForeignKeyCheck(Handle& handle, std::shared_ptr<const ForeignKeys> keys) : handle_(handle), keys_(std::move(keys)) {}
  /// Looks at each row that was touched, those that its own cascades touch too. False: `error` (23503, or what a cascade met).
  bool run(ServerError& error);
  /// The rows that are referred to, and those whose key others may refer to no more.
  const std::vector<KeyLock>& locks() const { return locks_; }
  /// After a 23503 for a row that is still referred to: that row, and one that refers to it. Whoever has one of them locked may be about
  /// to delete who refers; PostgreSQL looks when it has both.
  const std::vector<KeyLock>& in_the_way() const { return in_the_way_; }

 private:
  struct Row { std::string record; Change change; };      // change: views into record
  using Values = std::vector<ChangeValue>;

  void note_own();
  bool look(std::size_t touch, ServerError& error);
  bool look_at_child(const ForeignKey& key, const Row& row, const Row* before, ServerError& error);
  bool look_at_parent(const ForeignKey& key, const Row& before, const Row* after, ServerError& error);
  bool act(const ForeignKey& key, KeyAction action, const Values& old, const Values* after, ServerError& error);
  std::string sets_of(const ForeignKey& key, KeyAction action) const;
  std::optional<std::int64_t> find(const std::string& table, const std::vector<std::string>& columns, const Values& values, ServerError& error);
  bool still_there(const ForeignKey& key, std::int64_t rowid, const Values& values, ServerError& error);

  Handle& handle_;
  std::shared_ptr<const ForeignKeys> keys_;
  std::vector<KeyLock> locks_;
  std::vector<KeyLock> in_the_way_;
  std::set<std::pair<std::string, std::int64_t>> own_;
};

}  // namespace chaos::pg
