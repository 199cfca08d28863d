#include "postgres/execution/executor.hpp"

#include "postgres/base/sql_error.hpp"
#include "postgres/sql/sql_token.hpp"
#include "postgres/store/change_apply.hpp"

#include <algorithm>
#include <limits>
#include <optional>

namespace chaos::pg {

namespace {

constexpr std::chrono::milliseconds kInline{10};           // a write may hold the data thread this long
constexpr std::chrono::seconds kInlineAtMost{5};           // one that asks the lock manager row by row
constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();
constexpr std::size_t kCheap = 64 * 1024;                  // changes of this size are done again in no time
constexpr std::chrono::nanoseconds kIdleABytes{500};       // larger ones are parked after ten times what doing them again costs

// The committed row that has the key of a 23505, where its DETAIL names one: "Key (id)=(7) already exists."
std::optional<std::int64_t> row_of_key(Handle& handle, const ServerError& duplicate) {
  const std::string& detail = duplicate.detail;
  const std::size_t equals = detail.find(")=("), end = detail.rfind(") already exists.");
  if (!detail.starts_with("Key (") || equals == std::string::npos || end == std::string::npos || end < equals + 3) return std::nullopt;
  ServerError ignored;
  const auto query = handle.internal("SELECT rowid FROM " + quote_name(duplicate.table) + " WHERE " + quote_name(detail.substr(5, equals - 5)) + " = ?", ignored);
  if (!query) return std::nullopt;
  sqlite3_bind_text(query.get(), 1, detail.data() + equals + 3, static_cast<int>(end - equals - 3), SQLITE_TRANSIENT);
  return sqlite3_step(query.get()) == SQLITE_ROW ? std::optional(sqlite3_column_int64(query.get(), 0)) : std::nullopt;
}

bool named(Handle& handle, const std::string& relation) {
  ServerError ignored;
  const auto query = handle.internal("SELECT 1 FROM sqlite_schema WHERE name = " + quote_text(relation), ignored);
  return query && sqlite3_step(query.get()) == SQLITE_ROW;
}

bool changes_keys(const Handle& handle, const Accesses& accesses) {
  return handle.watched && std::any_of(accesses.begin(), accesses.end(), [&](const Access& a) { return a.write && handle.watched->watches(a.table); });
}

// SQLite has objections of its own to a column that goes, and a key's index is found while it is there.
bool goes_first(KeyDefinition::Act act) { return act == KeyDefinition::Act::drop_column || act == KeyDefinition::Act::drop_indexes; }

bool replay_row(Handle& handle, const Change& change, const TableInfo& info, ServerError& error) {
  const bool put = change.op != ChangeOp::erase;
  const auto statement = handle.internal(put ? info.put_sql : "DELETE FROM \"" + std::string(change.table) + "\" WHERE rowid = ?1", error);
  if (!statement) return false;
  sqlite3_bind_int64(statement.get(), 1, change.rowid);
  int i = 2;
  for (const ChangeValue& value : change.values) bind(statement.get(), i++, value);
  if (sqlite3_step(statement.get()) == SQLITE_DONE) return true;
  error = handle.last_error();
  return false;
}

}  // namespace

RealTime Executor::parkable_at() const {
  if (busy_ || !live_) return RealTime::max();
  const std::size_t bytes = live_->changes.size();
  return bytes <= kCheap ? idle_since_ : idle_since_ + kIdleABytes * static_cast<std::int64_t>(bytes);
}

void Executor::park() {
  database_->park(*live_);
  live_ = nullptr;
}

// Back to where the changes were so long. SQLite's transaction ends; the next statement begins it again.
void Executor::undo(std::size_t changes) {
  Handle* on = live_ ? live_ : own_.get();
  database_->park(*on);
  on->changes.cut(changes);
  own_tables_.clear();        // they may have known what is undone
  on->limit(RealTime::max());
  live_ = nullptr;
  busy_ = false;
  database_->write_slot().leave(*this);
}

// The kept changes again, on what is committed now. Locks keep them free of conflicts, save for what no lock is taken for.
bool Executor::replay(ServerError& error) {
  Handle& on = *own_.get();
  on.capturing = false;
  on.limit(RealTime::max());
  ChangeCursor cursor(on.changes);
  Change change;
  bool done = true;
  while (done && cursor.next(change)) {
    if (change.op == ChangeOp::define) {
      done = on.exec(std::string(change.table), error);
      own_tables_.clear();
    } else {
      done = replay_row(on, change, tables().of(on, change.table), error);
    }
  }
  if (!cursor.ok()) error = make_error("58030", "could not read the changes of the transaction");
  on.capturing = true;
  on.forget_touched();
  return done && cursor.ok();
}

bool Executor::resume_now(ServerError& error) {
  if (live_) return true;
  if (!database_->write_slot().try_take(*this)) {
    error = make_error("55006", "the database is being written to by a long statement");
    return false;
  }
  if (!own_) own_ = database_->borrow(error);
  if (own_ && database_->try_begin_writing(*own_.get(), error) && replay(error)) {
    live_ = own_.get();
    idle_since_ = RealClock::now();
    return true;
  }
  if (own_) database_->park(*own_.get());
  database_->write_slot().leave(*this);
  return false;
}

// The transaction has SQLite's write transaction, with its changes in it; it may be parked again at the next suspension.
awaitable<bool> Executor::resume(ServerError& error) {
  while (!live_) {
    if (!co_await begin_statement(false, error)) co_return false;
    busy_ = false;
    idle_since_ = RealClock::now();
    database_->write_slot().idle();
  }
  co_return true;
}

// The writer is ours and stays so (busy_) until the statement's end.
awaitable<bool> Executor::begin_statement(bool slow, ServerError& error) {
  if (live_) {
    busy_ = true;
    co_return true;
  }
  const RealTime until = wait_until();
  {
    const Waiting waiting(backend_, database_->write_slot().contended() ? "Extension" : "", database_->write_slot().contended() ? "WriteSlot" : "");
    backend_.wake = [this] { database_->write_slot().wake(); };
    if (!co_await database_->write_slot().take(*this, until, backend_.cancelled)) {
      if (check_cancelled(error)) error = timeout_error();
      co_return false;
    }
  }
  busy_ = true;
  const bool alone = !transaction_.active() && !slow && !own_;   // at COMMIT the transaction is none any more, but its changes are there
  if (!alone && !own_) own_ = database_->borrow(error);
  Handle* on = alone ? &database_->shared() : own_.get();
  bool begun = on != nullptr;
  if (begun) begun = co_await database_->begin_writing(*on, until, error);
  if (begun && !alone) begun = replay(error);
  if (begun) {
    live_ = on;
    co_return true;
  }
  if (on) database_->park(*on);
  busy_ = false;
  database_->write_slot().leave(*this);
  co_return false;
}

awaitable<Executor::Outcome> Executor::run_sql(RowRun& run, const Call& call, bool slow, ServerError& error) {
  Handle& on = run.handle();
  std::string& out = call.sink.out();
  RowRun::Step step = RowRun::Step::full;
  if (!slow) {
    const bool asks = call.plan.asks_locks;
    on.limit(std::min(RealClock::now() + (asks ? RealDuration(kInlineAtMost) : RealDuration(kInline)), statement_until_));
    step = run.run(out, kNoLimit, call.format);
  } else {
    slow_ = true;
    engine_.metrics.slow->Increment();
    on.limit(statement_until_);
    backend_.wake = [&on] { on.cancel(); };
    std::string portion;
    while (step == RowRun::Step::full) {
      on.on_data_thread = false;
      step = co_await engine_.slow.run(run, portion, call.format);
      on.on_data_thread = true;
      out += portion;
      portion.clear();
    }
    backend_.wake = nullptr;
  }
  if (step == RowRun::Step::done && !on.changes.failed()) co_return Outcome::done;
  error = on.changes.failed() ? on.last_error() : run.error();
  co_return judge(on, slow, error);
}

// One run of the statement in the live transaction. Blocked: wanted_ says by which lock.
awaitable<Executor::Outcome> Executor::attempt(const Call& call, bool slow, std::int64_t& rows, ServerError& error) {
  Handle& on = *live_;
  on.backend = &backend_;
  on.forget_touched();
  targets_.clear();
  watch_keys(on);
  bool keyed = false;
  Accesses written;
  const bool first = call.plan.keys && goes_first(call.plan.keys->act);
  Outcome outcome = Outcome::done;
  if (first) outcome = co_await define_keys(on, *call.plan.keys, slow, error);
  if (outcome != Outcome::done) co_return outcome;
  const bool there = call.plan.keys && call.plan.keys->unless_there && named(on, call.plan.keys->table);
  for (const std::string& sql : call.plan.sql) {
    RowRun run;
    if (!run.open(on, call.plan, sql, call.values, error)) co_return Outcome::failed;
    if (needs_locks() && !lock_relations(run.accesses(), call.plan)) co_return Outcome::blocked;
    written = run.accesses();
    keyed = changes_keys(on, written);
    const int before = sqlite3_total_changes(on.db());
    outcome = co_await run_sql(run, call, slow, error);
    if (waits_for_function(on)) co_return Outcome::blocked;
    if (outcome != Outcome::done) co_return outcome;
    rows = call.plan.verb == Verb::select ? run.rows() : sqlite3_total_changes(on.db()) - before;
    if (call.plan.verb == Verb::define && !sql.starts_with("DELETE") && !sql.starts_with("ANALYZE")) {
      on.changes.append({ChangeOp::define, sql, 0, {}});
      defined_ = true;
      own_tables_.clear();
    }
  }
  if (call.plan.keys && !there && !first) outcome = co_await define_keys(on, *call.plan.keys, slow, error);
  if (outcome == Outcome::done && call.plan.verb != Verb::define) outcome = co_await check_integers(on, written, slow, error);
  if (outcome == Outcome::done && keyed && call.plan.verb != Verb::define) outcome = co_await check_keys(on, slow, error);
  co_return outcome == Outcome::done ? claim_rows(on, call.plan, error) : outcome;
}

awaitable<bool> Executor::write(const Call& call, std::int64_t& rows, ServerError& error) {
  if (transaction_.active() && transaction_.snapshot() && !view_ && !open_snapshot(error)) co_return false;
  bool slow = false;
  const std::size_t mark = call.sink.out().size();
  while (true) {
    if (!co_await begin_statement(slow, error)) co_return false;
    const std::size_t changes = live_->changes.size();
    const bool defined = defined_;
    const Outcome outcome = co_await attempt(call, slow, rows, error);
    if (outcome == Outcome::done) co_return co_await finish_write(call, error);
    call.sink.out().resize(mark);
    undo(changes);
    defined_ = defined;
    slow = slow || outcome == Outcome::outgrown;
    if (outcome == Outcome::outgrown) continue;
    const bool duplicate = outcome == Outcome::failed && error.sqlstate == "23505";
    const auto row = duplicate ? row_of_key(database_->shared(), error) : std::nullopt;
    if (row) {     // its holder may be about to delete it, or to give it another key
      wanted_ = {{LockKind::row, engine_.locks.table(error.table), *row}, LockMode::exclusive};
      wanted_.unique = true;
      if (!engine_.locks.blocked(backend_.pid, wanted_)) co_return false;
    } else if (duplicate && !wait_for_gone_row()) {
      co_return false;
    }
    if (outcome == Outcome::failed && !duplicate) co_return false;
    if (!co_await wait_for_lock(error)) co_return false;
  }
}

awaitable<bool> Executor::finish_write(const Call& call, ServerError& error) {
  live_->limit(RealTime::max());
  if (transaction_.active()) {
    busy_ = false;
    idle_since_ = RealClock::now();
    database_->write_slot().idle();
    co_return co_await call.sink.flush(error);
  }
  need_transaction_id();
  const bool committed = database_->commit(*live_, error);
  if (defined_) database_->tables().clear();
  rollback();
  co_return committed && co_await call.sink.flush(error);
}

}  // namespace chaos::pg
