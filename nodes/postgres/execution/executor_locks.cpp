// Which locks a statement takes.
#include "postgres/execution/executor.hpp"

#include "postgres/base/sql_error.hpp"

#include <algorithm>

namespace chaos::pg {

namespace {

constexpr std::size_t kMostRows = 50'000;     // a transaction's statement that touches more locks the table instead

LockMode mode_of(const Plan& plan, bool write) {
  if (!write) return plan.row_locks ? LockMode::row_share : LockMode::access_share;
  if (plan.verb != Verb::define) return LockMode::row_exclusive;
  if (plan.tag == "VACUUM" || plan.tag == "ANALYZE") return LockMode::share_update_exclusive;
  if (plan.tag != "CREATE INDEX") return LockMode::access_exclusive;
  return plan.concurrently ? LockMode::share_update_exclusive : LockMode::share;
}

// The changes under other numbers, by their places. False: they cannot be read or written.
bool give_numbers(ChangeBuffer& changes, const std::map<std::size_t, std::int64_t>& numbers) {
  ChangeBuffer out(changes.dir());
  ChangeCursor cursor(changes);
  for (Change change; cursor.next(change);) {
    const auto number = numbers.find(cursor.at());
    if (number != numbers.end()) change.rowid = number->second;
    out.append(change);
  }
  const bool whole = cursor.ok() && !out.failed();
  if (whole) changes.swap(out);
  return whole;
}

ServerError unreadable() { return make_error("58030", "could not read the changes of the transaction"); }

}  // namespace

bool Executor::want(const LockWant& wanted) {
  if (engine_.locks.acquire(backend_.pid, wanted)) return true;
  wanted_ = wanted;
  return false;
}

// An advisory lock that a function of the statement could not get: those that it got before are given back until the next try.
bool Executor::waits_for_function(Handle& on) {
  if (!on.wanted) return on.taken.clear(), false;
  for (const LockWant& taken : on.taken) {
    if (taken.session) engine_.locks.release_session(backend_.pid, taken.tag, taken.mode);
  }
  on.taken.clear();
  wanted_ = *on.wanted;
  on.wanted.reset();
  return true;
}

bool Executor::lock_relations(const Accesses& accesses, const Plan& plan) {
  for (const Access& access : accesses) {
    const LockWant wanted{engine_.locks.relation(access.table), mode_of(plan, access.write)};
    if (!want(wanted)) return false;
    if (access.write) targets_.push_back(access.table);
    if (transaction_.serializable()) read_tables_.insert(access.table);
  }
  return true;
}

bool Executor::claim_keys(const TableInfo& info, std::uint32_t table, const Change& change) {
  for (std::size_t i = 0; i < info.unique.size(); ++i) {
    const auto key = key_hash(info.unique[i], i, change.values);
    if (key && !want({{LockKind::key, table, *key}, LockMode::exclusive})) return false;
  }
  return true;
}

// A row of a table that hides its rowid may get another number instead of waiting for that of an open transaction.
bool Executor::claim_row(Handle& on, std::size_t at, const Change& change, std::vector<std::size_t>& renumber) {
  const bool added = change.op == ChangeOp::insert, gone = change.op == ChangeOp::erase;
  const std::uint32_t table = engine_.locks.table(change.table);
  const TableInfo& info = tables().of(on, change.table);
  const LockWant row{{LockKind::row, table, change.rowid}, gone ? LockMode::access_exclusive : LockMode::exclusive, false, gone};
  if (added && info.own_rowid && engine_.locks.blocked(backend_.pid, row)) renumber.push_back(at);
  else if (!want(row)) return false;
  if (added && (info.own_rowid || (info.autoincrement && transaction_.active()))) {
    database_->numbers().used(change.table, change.rowid, info.autoincrement);
  }
  return gone || claim_keys(info, table, change);
}

bool Executor::renumber(Handle& on, const std::vector<std::size_t>& which, ServerError& error) {
  std::map<std::size_t, std::int64_t> numbers;
  on.capturing = false;
  bool done = true;
  for (auto at = which.rbegin(); done && at != which.rend(); ++at) {   // the highest first: none is in the way of another
    ChangeCursor cursor(on.changes, *at);
    Change change;
    cursor.next(change);
    const std::int64_t number = database_->numbers().next(change.table, change.rowid);
    done = on.exec("UPDATE \"" + std::string(change.table) + "\" SET rowid = " + std::to_string(number) + " WHERE rowid = " + std::to_string(change.rowid), error);
    numbers[*at] = number;
    engine_.locks.acquire(backend_.pid, {{LockKind::row, engine_.locks.table(change.table), number}, LockMode::exclusive});
  }
  on.capturing = true;
  if (!done || give_numbers(on.changes, numbers)) return done;
  error = unreadable();
  return false;
}

Executor::Outcome Executor::claim_rows(Handle& on, const Plan& plan, ServerError& error) {
  if (!needs_locks()) return Outcome::done;
  if (on.touched.rows > 0) need_transaction_id();
  const bool many = on.touched.rows > kMostRows || engine_.locks.mark(backend_.pid) > kMostRows;
  std::vector<std::size_t> others;
  std::string_view whole;                    // a table that is ours alone
  ChangeCursor cursor(on.changes, on.touched.from);
  for (Change change; cursor.next(change);) {
    if (change.op == ChangeOp::define) continue;
    if (change.op != ChangeOp::insert && !row_unchanged(change.table, change.rowid, error)) return Outcome::failed;
    if (transaction_.active() && !changed_tables_.contains(change.table)) changed_tables_.emplace(change.table);
    if (change.table == whole) continue;
    const LockTag relation = engine_.locks.relation(change.table);
    if (many && !want({relation, LockMode::exclusive})) return Outcome::blocked;
    if (engine_.locks.holds(backend_.pid, relation, LockMode::exclusive)) whole = change.table;
    else if (!claim_row(on, cursor.at(), change, others)) return Outcome::blocked;
  }
  if (!cursor.ok()) {
    error = unreadable();
    return Outcome::failed;
  }
  if (on.touched.rows == 0 && plan.verb != Verb::define) {   // in the snapshot there may have been rows that now do not match
    for (const std::string& table : targets_) {
      if (!snapshot_holds({{table, true}}, error)) return Outcome::failed;
    }
  }
  on.forget_touched();
  return others.empty() || renumber(on, others, error) ? Outcome::done : Outcome::failed;
}

bool Executor::table_exists(const std::string& table, ServerError& error) {
  if (defined_) return true;     // perhaps made by this transaction
  const auto there = database_->shared().internal("SELECT 1 FROM sqlite_schema WHERE name = ? AND type IN ('table', 'view')", error);
  if (!there) return false;
  sqlite3_bind_text(there.get(), 1, table.data(), static_cast<int>(table.size()), SQLITE_STATIC);
  if (sqlite3_step(there.get()) == SQLITE_ROW) return true;
  error = make_error("42P01", "relation \"" + table + "\" does not exist");
  return false;
}

awaitable<bool> Executor::lock_tables(const Plan& plan, ServerError& error) {
  if (!transaction_.active()) {
    error = make_error("25P01", "LOCK TABLE can only be used in transaction blocks");
    co_return false;
  }
  for (const std::string& table : plan.tables) {
    if (!table_exists(table, error)) co_return false;
    if (want({engine_.locks.relation(table), plan.lock_mode})) continue;
    if (plan.nowait) {
      error = nowait_error();
      co_return false;
    }
    if (!co_await wait_for_lock(error)) co_return false;
  }
  co_return true;
}

// SELECT ... FOR UPDATE: its rows first, then (without a suspension between) the select itself.
awaitable<bool> Executor::lock_rows(const Call& call, ServerError& error) {
  while (true) {
    Handle* on = co_await reading_handle(call.plan, call.plan.sql.front(), error);
    if (!on) co_return false;
    const Outcome outcome = lock_rows_once(*on, call, error);
    on->limit(RealTime::max());
    if (outcome == Outcome::done) co_return true;
    if (outcome == Outcome::failed) co_return false;
    if (call.plan.row_locks->nowait) {
      error = nowait_error();
      co_return false;
    }
    if (!co_await wait_for_lock(error)) co_return false;
  }
}

Executor::Outcome Executor::lock_rows_once(Handle& on, const Call& call, ServerError& error) {
  const RowLocks& locks = *call.plan.row_locks;
  RowRun run;
  if (locks.sql.empty()) return Outcome::done;
  if (!run.open(on, call.plan, locks.sql, call.values, error)) return Outcome::failed;
  if (!lock_relations(run.accesses(), call.plan)) return Outcome::blocked;
  on.backend = &backend_;
  on.limit(std::min(RealClock::now() + std::chrono::seconds(5), statement_until_));
  need_transaction_id();
  int code = SQLITE_ROW;
  for (std::size_t rows = 0; (code = sqlite3_step(run.statement())) == SQLITE_ROW; ++rows) {
    for (std::size_t i = 0; i < locks.tables.size(); ++i) {
      const int column = sqlite3_column_count(run.statement()) - static_cast<int>(locks.tables.size() - i);
      if (sqlite3_column_type(run.statement(), column) == SQLITE_NULL) continue;     // of an outer join
      const std::int64_t rowid = sqlite3_column_int64(run.statement(), column);
      const LockTag relation = engine_.locks.relation(locks.tables[i]);
      if (rows > kMostRows && !want({relation, LockMode::exclusive})) return Outcome::blocked;
      if (engine_.locks.holds(backend_.pid, relation, LockMode::exclusive)) continue;
      if (!want({{LockKind::row, relation.table, rowid}, locks.mode})) return Outcome::blocked;
      if (!row_unchanged(locks.tables[i], rowid, error)) return Outcome::failed;
    }
  }
  if (code == SQLITE_DONE) return Outcome::done;
  error = on.last_error();
  return Outcome::failed;
}

}  // namespace chaos::pg
