// REPEATABLE READ and SERIALIZABLE on a store that cannot write to an old snapshot. Reads see the snapshot of the first statement.
// Writes are made on what is committed now, and refused with 40001 where that differs from the snapshot: a row that others have
// changed since, and, more strictly than PostgreSQL, a table that both we and others have changed when it is read again.
// SERIALIZABLE: with writes of our own, no table that was read may have changed since (PostgreSQL looks at rows).
#include "postgres/execution/executor.hpp"

#include "postgres/base/sql_error.hpp"

#include <algorithm>

namespace chaos::pg {

namespace {
ServerError concurrent_update() { return make_error("40001", "could not serialize access due to concurrent update"); }
}

bool Executor::open_snapshot(ServerError& error) {
  view_ = database_->borrow(error);
  // BEGIN alone takes no snapshot, the first read does.
  if (!view_ || !view_->exec("BEGIN; SELECT 1 FROM pg_control", error)) {
    view_ = {};
    return false;
  }
  database_->recent().open_snapshot();
  snapshot_seq_ = database_->log().last_seq();
  return true;
}

void Executor::close_snapshot() {
  if (!view_) return;
  database_->recent().close_snapshot();
  view_ = {};
}

bool Executor::snapshot_holds(const Accesses& accesses, ServerError& error) const {
  if (!view_) return true;
  const bool changed = std::any_of(accesses.begin(), accesses.end(), [this](const Access& a) {
    return database_->recent().table_changed(a.table, snapshot_seq_);
  });
  if (changed) error = concurrent_update();
  return !changed;
}

bool Executor::row_unchanged(std::string_view table, std::int64_t rowid, ServerError& error) const {
  if (!view_ || !database_->recent().row_changed(table, rowid, snapshot_seq_)) return true;
  error = concurrent_update();
  return false;
}

bool Executor::reads_hold(ServerError& error) const {
  if (!view_) return true;
  const bool changed = std::any_of(read_tables_.begin(), read_tables_.end(), [this](const std::string& table) {
    return database_->recent().table_changed(table, snapshot_seq_);
  });
  if (!changed) return true;
  error = make_error("40001", "could not serialize access due to read/write dependencies among transactions");
  error.hint = "The transaction might succeed if retried.";
  return false;
}

}  // namespace chaos::pg
