#include "postgres/executor.hpp"

#include "postgres/sql_error.hpp"
#include "postgres/sql_token.hpp"
#include "runtime/sleep.hpp"

#include <limits>

namespace chaos::pg {

namespace {

constexpr std::chrono::milliseconds kInline{10};           // a read may hold the data thread this long
constexpr std::chrono::seconds kInlineAtMost{5};           // a write, or a read of the server's memory
constexpr std::size_t kInlineBytes = 256 * 1024;
constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

// While it lives, pg_stat_activity shows what the session waits for.
class Waiting {
 public:
  Waiting(Backend& backend, std::string_view type, std::string_view event) : backend_(backend) {
    backend_.wait_event_type = type;
    backend_.wait_event = event;
  }
  ~Waiting() {
    backend_.wait_event_type = backend_.wait_event = {};
    backend_.wake = nullptr;
  }

 private:
  Backend& backend_;
};

ServerError cancelled() { return make_error("57014", "canceling statement due to user request"); }

ServerError read_only_error(const Plan& plan) {
  const std::string verb = plan.verb == Verb::define ? plan.tag : plan.tag.substr(0, plan.tag.find(' '));
  return make_error("25006", "cannot execute " + verb + " in a read-only transaction");
}

}  // namespace

RealTime Executor::wait_until(RealDuration limit) const {
  const RealDuration longest = kLongestWait;
  const RealDuration bound = limits.statement > RealDuration::zero() ? std::min(longest, limits.statement) : longest;
  return RealClock::now() + (limit > RealDuration::zero() ? std::min(limit, bound) : bound);
}

bool Executor::check_cancelled(ServerError& error) {
  if (!backend_.cancelled) return true;
  backend_.cancelled = false;
  error = cancelled();
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
  const Waiting waiting(backend_, "Extension", "StationSlot");
  const auto slot = co_await engine_.station.enter(wait_until({}));
  if (!slot) {
    const bool late = slot.error() == make_error_code(Errc::timeout);
    error = late ? make_error("57014", "canceling statement due to statement timeout") : make_error("53000", "the server is overloaded");
    co_return false;
  }
  backend_.wait_event_type = backend_.wait_event = {};
  co_await engine_.station.work();
  co_return check_cancelled(error);
}

// SQLite has no data-modifying WITH: a SELECT never writes.
bool Executor::needs_writing(const Plan& plan) const { return plan.verb != Verb::select || plan.locks; }

awaitable<bool> Executor::data(const Call& call, std::int64_t& rows, ServerError& error) {
  const bool writes = needs_writing(call.plan);
  if (writes && (database_->read_only() || transaction_.read_only())) {
    error = read_only_error(call.plan);
    co_return false;
  }
  if (!co_await admit(call, error)) co_return false;
  if (writes) co_return co_await write(call, rows, error);
  co_return co_await read(call, rows, error);
}

bool Executor::open_snapshot(ServerError& error) {
  if (own_) return true;
  own_ = database_->borrow(error);
  return own_ && own_->exec("BEGIN", error);
}

awaitable<bool> Executor::read(const Call& call, std::int64_t& rows, ServerError& error) {
  if (transaction_.active() && transaction_.snapshot() && !open_snapshot(error)) co_return false;
  bool outgrown = false;
  {
    Handle& on = handle();
    RowRun run;
    if (!run.open(on, call.plan, call.plan.sql.front(), call.values, error)) co_return false;
    std::string& out = call.sink.out();
    const std::size_t mark = out.size();
    const bool memory = call.plan.catalog;
    on.backend = &backend_;
    on.limit(RealClock::now() + (memory ? RealDuration(kInlineAtMost) : RealDuration(kInline)));
    const RowRun::Step step = run.run(out, memory ? kNoLimit : kInlineBytes, call.format);
    rows = run.rows();
    outgrown = !memory && (step == RowRun::Step::full || on.over_time());
    error = run.error();
    on.limit(RealTime::max());
    if (!outgrown) co_return step == RowRun::Step::done && co_await call.sink.flush(error);
    out.resize(mark);
  }
  co_return co_await read_slowly(call, rows, error);
}

// From the start again, on another thread, in portions that the client must take before the next one.
awaitable<bool> Executor::read_slowly(const Call& call, std::int64_t& rows, ServerError& error) {
  engine_.metrics.slow->Increment();
  Database::Lease lease;
  if (!own_) lease = database_->borrow(error);
  Handle* on = own_ ? own_.get() : lease.get();
  if (!on) co_return false;
  RowRun run;
  if (!run.open(*on, call.plan, call.plan.sql.front(), call.values, error)) co_return false;
  on->backend = &backend_;
  on->limit(limits.statement > RealDuration::zero() ? RealClock::now() + limits.statement : RealTime::max());
  backend_.wake = [on] { on->cancel(); };
  const bool done = co_await pour(run, call, error);
  backend_.wake = nullptr;
  backend_.cancelled = false;
  on->limit(RealTime::max());
  rows = run.rows();
  co_return done;
}

awaitable<bool> Executor::pour(RowRun& run, const Call& call, ServerError& error) {
  std::string portion;
  Handle& on = run.handle();
  while (true) {
    on.on_data_thread = false;
    const RowRun::Step step = co_await engine_.slow.run(run, portion, call.format);
    on.on_data_thread = true;
    if (step == RowRun::Step::failed) {
      error = run.error();
      co_return false;
    }
    call.sink.out() += portion;
    portion.clear();
    if (!co_await call.sink.flush(error)) co_return false;
    if (step == RowRun::Step::done) co_return true;
    if (on.cancelled()) {
      error = cancelled();
      co_return false;
    }
  }
}

awaitable<bool> Executor::take_lock(ServerError& error) {
  WriteLock& lock = database_->lock();
  if (lock.held()) engine_.metrics.lock_waits->Increment();
  const Waiting waiting(backend_, lock.held() ? "Lock" : "", lock.held() ? "transactionid" : "");
  backend_.wake = [&lock] { lock.wake(); };
  const bool taken = co_await lock.acquire(wait_until(limits.lock), backend_.cancelled);
  if (!taken && check_cancelled(error)) error = make_error("55P03", "canceling statement due to lock timeout");
  co_return taken;
}

// The first write of a transaction.
awaitable<bool> Executor::begin_writing(ServerError& error) {
  if (writing_) co_return true;
  if (!co_await take_lock(error)) co_return false;
  writing_ = true;
  backend_.holds_lock = true;
  if (own_) {   // a snapshot becomes a writer, unless others have written since
    own_->changes.clear();
    own_->capturing = true;
    co_return own_->exec("UPDATE pg_control SET value = value WHERE name = 'system_id'", error);
  }
  own_ = database_->borrow(error);
  if (!own_) co_return false;
  co_return co_await database_->begin_writing(*own_.get(), wait_until(limits.lock), error);
}

bool Executor::run_write(Handle& on, const Call& call, std::int64_t& rows, ServerError& error) {
  on.backend = &backend_;
  on.limit(RealClock::now() + kInlineAtMost);
  for (const std::string& sql : call.plan.sql) {
    RowRun run;
    const std::size_t mark = on.changes.size();
    const int before = sqlite3_total_changes(on.db());
    bool done = run.open(on, call.plan, sql, call.values, error);
    if (done && run.run(call.sink.out(), kNoLimit, call.format) != RowRun::Step::done) {
      error = run.error();
      done = false;
    }
    const bool definition = call.plan.verb == Verb::define && !sql.starts_with("DELETE") && !sql.starts_with("ANALYZE");
    if (!done) on.changes.resize(mark);
    else if (definition) append_change(on.changes, {ChangeOp::define, sql, 0, {}});
    rows = call.plan.locks || call.plan.verb == Verb::select ? run.rows() : sqlite3_total_changes(on.db()) - before;
    if (!done) return false;
  }
  on.limit(RealTime::max());
  return true;
}

awaitable<bool> Executor::write(const Call& call, std::int64_t& rows, ServerError& error) {
  if (transaction_.active()) {
    if (!co_await begin_writing(error)) co_return false;
    co_return run_write(*own_.get(), call, rows, error) && co_await call.sink.flush(error);
  }
  if (!co_await take_lock(error)) co_return false;
  writing_ = true;
  Handle& on = database_->shared();
  bool done = co_await database_->begin_writing(on, wait_until(limits.lock), error);
  if (done && !run_write(on, call, rows, error)) {
    database_->rollback(on);
    done = false;
  }
  done = done && database_->commit(on, error);
  rollback();
  co_return done && co_await call.sink.flush(error);
}

}  // namespace chaos::pg
