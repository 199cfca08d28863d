#include "postgres/execution/executor.hpp"

#include "postgres/base/pg_time.hpp"
#include "postgres/base/sql_error.hpp"
#include "runtime/memory.hpp"
#include "runtime/sleep.hpp"

#include <algorithm>

namespace chaos::pg {

namespace {

std::string_view operation(Verb verb) {
  switch (verb) {
    case Verb::select: return "SELECT";
    case Verb::insert: return "INSERT";
    case Verb::update: return "UPDATE";
    case Verb::erase: return "DELETE";
    default: return "OTHER";
  }
}

std::string complete_tag(const Plan& plan, std::int64_t rows) {
  const bool counted = plan.verb == Verb::select || plan.verb == Verb::insert || plan.verb == Verb::update || plan.verb == Verb::erase;
  return counted ? plan.tag + " " + std::to_string(rows) : plan.tag;
}

bool is_control(Verb verb) { return verb >= Verb::begin && verb <= Verb::rollback_to; }

bool is_write(Verb verb) { return verb == Verb::insert || verb == Verb::update || verb == Verb::erase || verb == Verb::define; }

ServerError read_only_error(const Plan& plan) {
  std::string verb = plan.verb == Verb::define ? plan.tag : plan.tag.substr(0, plan.tag.find(' '));
  if (plan.row_locks) verb += " FOR UPDATE";
  return make_error("25006", "cannot execute " + verb + " in a read-only transaction");
}

}  // namespace

Executor::~Executor() {
  finish();
  engine_.locks.give_up(backend_.pid);
  engine_.locks.release_session_locks(backend_.pid);
}

awaitable<bool> Executor::run(Call call, std::string& tag, ServerError& notice, ServerError& error) {
  notice.sqlstate.clear();
  if (!transaction_.active() || !database_) database_ = engine_.database;
  backend_.cancelled = false;
  statement_until_ = limits.statement > RealDuration::zero() ? RealClock::now() + limits.statement : RealTime::max();
  if (is_control(call.plan.verb)) co_return co_await control(call.plan, tag, notice, error);
  if (!transaction_.admits(error)) co_return false;
  transaction_.query();
  RequestStats::Scope scope = engine_.ctx.stats.begin(operation(call.plan.verb));
  std::int64_t rows = 0;
  slow_ = false;
  const bool done = co_await data(call, rows, error);
  if (slow_) return_memory();
  scope.finish(done || !server_fault(error.sqlstate));
  if (!transaction_.active()) release_locks();
  if (done) {
    tag = complete_tag(call.plan, rows);
    if (!transaction_.active()) engine_.metrics.commits->Increment();
    co_return true;
  }
  if (!transaction_.active()) engine_.metrics.rollbacks->Increment();
  refuse();
  co_return false;
}

void Executor::refuse() {
  transaction_.fail();
  // Nothing can come of a failed transaction without savepoints: others need not wait for its end.
  if (!marks_.empty() || !database_) return;
  rollback();
  if (transaction_.phase() == Transaction::Phase::failed) backend_.transaction_us = 0;     // it is over but for its name
}

bool Executor::describe(const Plan& plan, const std::vector<std::int16_t>& formats, std::vector<Column>& out, ServerError& error) {
  out.clear();
  if (!transaction_.active() || !database_) database_ = engine_.database;
  if (plan.sql.empty() || plan.verb == Verb::define) return true;
  if (!transaction_.admits(error)) return false;
  if (defined_ && !resume_now(error)) return false;
  RowRun run;
  if (!run.open(handle(), plan, plan.sql.front(), {}, error)) return false;
  if (run.returns_rows()) out = run.describe(formats);
  return true;
}

Handle& Executor::reading() {
  if (!transaction_.active() || !database_) database_ = engine_.database;
  ServerError ignored;
  if (defined_) resume_now(ignored);
  return handle();
}

bool Executor::relation_exists(const std::string& name) {
  ServerError ignored;
  const auto query = reading().internal("SELECT 1 FROM sqlite_schema WHERE name = ?", ignored);
  if (!query) return false;
  sqlite3_bind_text(query.get(), 1, name.data(), static_cast<int>(name.size()), SQLITE_TRANSIENT);
  return sqlite3_step(query.get()) == SQLITE_ROW;
}

awaitable<bool> Executor::control(const Plan& plan, std::string& tag, ServerError& notice, ServerError& error) {
  TransactionAct act = TransactionAct::nothing;
  const Transaction before = transaction_;
  if (!transaction_.control(plan, act, tag, notice, error)) {
    transaction_.fail();
    co_return false;
  }
  switch (act) {
    case TransactionAct::nothing: co_return true;
    case TransactionAct::commit: {
      const bool committed = co_await commit(error);
      if (committed && plan.chain) chain(before);
      co_return committed;
    }
    case TransactionAct::rollback: {
      rollback();
      engine_.metrics.rollbacks->Increment();
      if (plan.chain) chain(before);
      co_return true;
    }
    default: break;
  }
  if (savepoint(plan, act, error)) co_return true;
  transaction_.fail();
  co_return false;
}

void Executor::chain(const Transaction& before) {
  transaction_.chain(before);
  backend_.transaction_us = unix_now_us();
}

// A savepoint is a place in the kept changes. Going back to it cuts them there; what SQLite still holds is done anew.
bool Executor::savepoint(const Plan& plan, TransactionAct act, ServerError& error) {
  if (act == TransactionAct::save) {
    marks_.push_back({plan.name, own_ ? own_->changes.size() : 0, engine_.locks.mark(backend_.pid)});
    return true;
  }
  const auto mark = std::find_if(marks_.rbegin(), marks_.rend(), [&](const Mark& m) { return m.name == plan.name; });
  if (mark == marks_.rend()) {
    error = make_error("3B001", "savepoint \"" + plan.name + "\" does not exist");
    return false;
  }
  const bool back = act == TransactionAct::rollback_to;
  if (back) {
    if (own_ && own_->changes.size() > mark->changes) undo(mark->changes);
    engine_.locks.release_since(backend_.pid, mark->locks);
  }
  marks_.erase(back ? mark.base() : std::prev(mark.base()), marks_.end());
  return true;
}

awaitable<bool> Executor::commit(ServerError& error) {
  bool committed = true;
  if (changed()) {
    committed = reads_hold(error) && co_await resume(error);
    const bool defined = defined_;
    committed = committed && database_->commit(*live_, error);
    if (defined) database_->tables().clear();
  }
  (committed ? engine_.metrics.commits : engine_.metrics.rollbacks)->Increment();
  rollback();
  co_return committed;
}

// Gives back what the transaction holds; what was not committed is undone.
void Executor::rollback() {
  if (own_) database_->rollback(*own_.get());
  live_ = nullptr;
  busy_ = defined_ = false;
  own_ = {};
  close_snapshot();
  own_tables_.clear();
  changed_tables_.clear();
  read_tables_.clear();
  marks_.clear();
  if (database_) database_->write_slot().leave(*this);
  release_locks();
}

awaitable<bool> Executor::end_implicit(bool success, ServerError& error) {
  if (transaction_.phase() != Transaction::Phase::implicit) co_return true;
  transaction_.reset();
  if (success) co_return co_await commit(error);
  rollback();
  co_return true;
}

void Executor::finish() {
  if (!database_) return;
  rollback();
  transaction_.reset();
}

Handle& Executor::handle() {
  if (own_) return *own_.get();
  return view_ ? *view_.get() : database_->shared();
}

RealTime Executor::wait_until() const { return std::min(RealClock::now() + kLongestWait, statement_until_); }

bool Executor::check_cancelled(ServerError& error) {
  if (!backend_.cancelled) return true;
  backend_.cancelled = false;
  error = backend_.terminating ? make_fatal("57P01", "terminating connection due to administrator command")
                               : make_error("57014", "canceling statement due to user request");
  return false;
}

// The emulated work: a slot of the station for one draw of the service time.
awaitable<bool> Executor::admit(const Call& call, ServerError& error) {
  const CallVerdict verdict = engine_.ctx.seams.call(call.plan.tag);
  if (verdict.delay > RealDuration::zero()) co_await sleep_real(verdict.delay);
  if (verdict.status) {
    error = make_error("XX000", "internal error");
    co_return false;
  }
  {
    const Waiting waiting(backend_, "Extension", "StationSlot");
    const auto slot = co_await engine_.station.enter(wait_until());
    if (!slot) {
      const bool late = slot.error() == make_error_code(Errc::timeout);
      error = late ? timeout_error() : make_error("53000", "the server is overloaded");
      co_return false;
    }
    backend_.wait_event_type = backend_.wait_event = {};
    co_await engine_.station.work(1, statement_until_);
  }
  if (!check_cancelled(error)) co_return false;
  if (RealClock::now() < statement_until_) co_return true;
  error = timeout_error();
  co_return false;
}

awaitable<bool> Executor::data(const Call& call, std::int64_t& rows, ServerError& error) {
  const bool writes = is_write(call.plan.verb);
  const bool own = transaction_.phase() == Transaction::Phase::open;
  const bool read_only = transaction_.read_only() || (!own && limits.read_only);
  if ((writes || call.plan.row_locks) && (database_->read_only() || read_only)) {
    error = read_only_error(call.plan);
    co_return false;
  }
  if (!co_await admit(call, error)) co_return false;
  if (call.plan.verb == Verb::lock) co_return co_await lock_tables(call.plan, error);
  if (writes) co_return co_await write(call, rows, error);
  if (call.plan.row_locks && !co_await lock_rows(call, error)) co_return false;
  co_return co_await read(call, rows, error);
}

}  // namespace chaos::pg
