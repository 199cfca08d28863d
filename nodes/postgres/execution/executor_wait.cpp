// Waiting for a lock: until it is granted, a time-out strikes, somebody cancels, or it turns out to be a deadlock.
#include "postgres/execution/executor.hpp"

#include "postgres/base/pg_time.hpp"
#include "postgres/base/sql_error.hpp"
#include "postgres/state/lock_words.hpp"

#include <algorithm>

namespace chaos::pg {

namespace {

// The place in the queue is given back however the wait ends.
class Queued {
 public:
  Queued(LockManager& locks, Pid pid) : locks_(locks), pid_(pid) {}
  Queued(const Queued&) = delete;
  ~Queued() { locks_.give_up(pid_); }

 private:
  LockManager& locks_;
  Pid pid_;
};

double milliseconds_since(RealTime start) { return to_s(RealClock::now() - start) * 1e3; }

}  // namespace

ServerError Executor::timeout_error() const { return make_error("57014", "canceling statement due to statement timeout"); }

ServerError Executor::nowait_error() const {
  const std::string what = wanted_.tag.kind == LockKind::row ? "row in relation" : "relation";
  return make_error("55P03", "could not obtain lock on " + what + " \"" + engine_.locks.table_name(wanted_.tag.table) + "\"");
}

void Executor::need_transaction_id() {
  if (backend_.transaction_id == 0) backend_.transaction_id = database_->next_transaction_id();
}

void Executor::release_locks() {
  engine_.locks.release_transaction(backend_.pid);
  backend_.transaction_id = 0;
}

// A duplicate key whose row an open transaction has deleted: it decides.
bool Executor::wait_for_gone_row() {
  for (const std::string& table : targets_) {
    LockTag row;
    if (!engine_.locks.row_gone(backend_.pid, engine_.locks.table(table), row)) continue;
    wanted_ = {row, LockMode::exclusive};
    wanted_.unique = true;
    return true;
  }
  return false;
}

void Executor::show_wait() {
  backend_.wait_event_type = "Lock";
  backend_.wait_event = wait_event(wanted_, engine_.locks.first_in_line(backend_.pid));
}

bool Executor::look_for_deadlock(ServerError& error) {
  const std::vector<Pid> circle = engine_.locks.circle(backend_.pid);
  if (circle.empty()) return false;
  error = make_error("40P01", "deadlock detected");
  error.detail = circle_text(engine_.locks, *engine_.backends, circle);
  error.hint = "See server log for query details.";
  engine_.metrics.deadlocks->Increment();
  engine_.ctx.log.warn("deadlock_detected", {{"pid", backend_.pid}, {"detail", error.detail}, {"statement", backend_.query}});
  return true;
}

void Executor::log_wait(bool over, RealTime start) const {
  if (!limits.log_lock_waits) return;
  std::string blockers;
  for (const Pid pid : engine_.locks.blockers(backend_.pid)) blockers += (blockers.empty() ? "" : ", ") + std::to_string(pid);
  engine_.ctx.log.info(over ? "lock_acquired" : "lock_wait",
                       {{"pid", backend_.pid}, {"lock", lock_text(engine_.locks, *engine_.backends, wanted_, backend_.pid)},
                        {"waited_ms", milliseconds_since(start)}, {"blocked_by", blockers}, {"statement", backend_.query}});
}

awaitable<bool> Executor::wait_for_lock(ServerError& error) {
  const RealTime start = RealClock::now();
  const RealTime lock_until = limits.lock > RealDuration::zero() ? start + limits.lock : RealTime::max();
  RealTime look_at = start + limits.deadlock;
  engine_.metrics.lock_waits->Increment();
  need_transaction_id();
  engine_.locks.wait(backend_.pid, wanted_, unix_now_us(), [this] { granted_.notify_all(); });
  const Queued queued(engine_.locks, backend_.pid);
  const Waiting waiting(backend_, "Lock", "");
  backend_.wake = [this] { granted_.notify_all(); };
  while (engine_.locks.waiting(backend_.pid)) {
    show_wait();
    const RealTime now = RealClock::now();
    if (!check_cancelled(error)) co_return false;
    if (now >= statement_until_ || now >= lock_until) {
      error = now >= statement_until_ ? timeout_error() : make_error("55P03", "canceling statement due to lock timeout");
      co_return false;
    }
    if (now >= look_at) {
      if (look_for_deadlock(error)) co_return false;
      log_wait(false, start);
      look_at = RealTime::max();
    }
    co_await granted_.wait(std::min({statement_until_, lock_until, look_at}));
  }
  if (look_at == RealTime::max()) log_wait(true, start);
  co_return check_cancelled(error);
}

}  // namespace chaos::pg
