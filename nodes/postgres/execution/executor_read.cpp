#include "postgres/execution/executor.hpp"

#include "postgres/base/sql_error.hpp"
#include "postgres/state/waiting.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <optional>

namespace chaos::pg {

namespace {
constexpr std::chrono::milliseconds kInline{10};           // a read may hold the data thread this long
constexpr std::chrono::seconds kInlineAtMost{5};           // a read of the server's memory
constexpr std::size_t kInlineBytes = 256 * 1024;
constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();
constexpr double kLongestSleep = 1e7;

// SELECT pg_sleep(n) alone needs no thread to sleep on. Within another statement it sleeps on that for slow ones, and holds those up.
std::optional<double> sleep_of(const Plan& plan) {
  const Tokens& tokens = plan.tokens;
  const bool alone = tokens.size() == 5 && tokens[0].is("select") && tokens[1].is("pg_sleep") && tokens[2].is("(") && tokens[4].is(")");
  if (!alone || tokens[3].kind != TokenKind::number) return std::nullopt;
  return std::min(std::atof(tokens[3].text.c_str()), kLongestSleep);
}
}  // namespace

// Where a statement sees what it must see: our own changes if it reads a table that we changed, else our snapshot, else what
// is committed. null: error.
awaitable<Handle*> Executor::reading_handle(const Plan& plan, const std::string& sql, ServerError& error) {
  if (transaction_.active() && transaction_.snapshot() && !view_ && !open_snapshot(error)) co_return nullptr;
  Handle* on = view_ ? view_.get() : &database_->shared();
  if (!changed()) co_return on;
  bool own = defined_;
  if (!own) {
    RowRun probe;
    if (!probe.open(*on, plan, sql, {}, error)) co_return nullptr;
    const auto& accesses = probe.accesses();
    own = std::any_of(accesses.begin(), accesses.end(), [this](const Access& a) { return changed_tables_.contains(a.table); });
    if (own && !snapshot_holds(accesses, error)) co_return nullptr;
  }
  if (!own) co_return on;
  if (!co_await resume(error)) co_return nullptr;
  co_return live_;
}

awaitable<bool> Executor::read(const Call& call, std::int64_t& rows, ServerError& error) {
  const auto seconds = sleep_of(call.plan);
  if (!seconds) co_return co_await read_rows(call, rows, error);
  if (!co_await sleep(*seconds, error)) co_return false;
  Plan awake = call.plan;
  awake.sql = {"SELECT pg_sleep(0)"};
  const Call rest{awake, call.values, call.format, call.sink};
  co_return co_await read_rows(rest, rows, error);
}

awaitable<bool> Executor::sleep(double seconds, ServerError& error) {
  const RealTime until = RealClock::now() + real_ms(seconds * 1e3);
  const Waiting waiting(backend_, "Timeout", "PgSleep");
  backend_.wake = [this] { granted_.notify_all(); };
  while (RealClock::now() < std::min(until, statement_until_)) {
    co_await granted_.wait(std::min(until, statement_until_));
    if (!check_cancelled(error)) co_return false;
  }
  if (until <= statement_until_) co_return true;
  error = timeout_error();
  co_return false;
}

awaitable<bool> Executor::read_rows(const Call& call, std::int64_t& rows, ServerError& error) {
  std::optional<LockTag> waited;
  while (true) {
    Handle* on = co_await reading_handle(call.plan, call.plan.sql.front(), error);
    if (!on) co_return false;
    on->granted = std::exchange(waited, std::nullopt);
    switch (read_once(*on, call, rows, error)) {
      case Outcome::done: co_return co_await call.sink.flush(error);
      case Outcome::failed: co_return false;
      case Outcome::outgrown: co_return co_await read_slowly(*on, call, rows, error);
      case Outcome::blocked: break;
    }
    if (!co_await wait_for_lock(error)) co_return false;
    if (wanted_.tag.kind == LockKind::advisory) waited = wanted_.tag;
  }
}

Executor::Outcome Executor::read_once(Handle& on, const Call& call, std::int64_t& rows, ServerError& error) {
  RowRun run;
  if (!run.open(on, call.plan, call.plan.sql.front(), call.values, error)) return Outcome::failed;
  if (needs_locks() && !lock_relations(run.accesses(), call.plan)) return Outcome::blocked;
  std::string& out = call.sink.out();
  const std::size_t mark = out.size();
  const bool memory = call.plan.catalog || call.plan.row_locks;
  on.backend = &backend_;
  const RealTime until = RealClock::now() + (memory ? RealDuration(kInlineAtMost) : RealDuration(kInline));
  on.limit(std::min(until, statement_until_));
  const RowRun::Step step = run.run(out, memory ? kNoLimit : kInlineBytes, call.format);
  const bool outgrown = step == RowRun::Step::full || on.over_time();
  on.limit(RealTime::max());
  rows = run.rows();
  if (step == RowRun::Step::done) return on.taken.clear(), Outcome::done;
  out.resize(mark);
  if (waits_for_function(on)) return Outcome::blocked;
  error = run.error();
  if (!check_cancelled(error)) return Outcome::failed;
  const bool late = RealClock::now() >= statement_until_;
  if (outgrown && late) error = make_error("57014", "canceling statement due to statement timeout");
  return outgrown && !late && !memory ? Outcome::outgrown : Outcome::failed;
}

// From the start again, on another thread, in portions that the client must take before the next one.
awaitable<bool> Executor::read_slowly(Handle& inline_handle, const Call& call, std::int64_t& rows, ServerError& error) {
  slow_ = true;
  engine_.metrics.slow->Increment();
  Database::Lease lease;
  Handle* on = &inline_handle;
  if (on == &database_->shared()) {
    lease = database_->borrow(error);
    on = lease.get();
  }
  if (!on) co_return false;
  busy_ = on == live_;
  RowRun run;
  bool done = run.open(*on, call.plan, call.plan.sql.front(), call.values, error);
  if (done) {
    lock_relations(run.accesses(), call.plan);
    on->backend = &backend_;
    on->limit(statement_until_);
    backend_.wake = [on] { on->cancel(); };
    done = co_await pour(run, call, error);
    backend_.wake = nullptr;
    on->limit(RealTime::max());
    if (!done) check_cancelled(error);
    backend_.cancelled = false;
    rows = run.rows();
  }
  if (busy_) {
    busy_ = false;
    database_->write_slot().idle();
  }
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
      error = make_error("57014", "canceling statement due to user request");
      co_return false;
    }
  }
}

}  // namespace chaos::pg
