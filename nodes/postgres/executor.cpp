#include "postgres/executor.hpp"

#include "postgres/sql_error.hpp"
#include "postgres/sql_token.hpp"

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

}  // namespace

awaitable<bool> Executor::run(Call call, std::string& tag, ServerError& notice, ServerError& error) {
  notice.sqlstate.clear();
  if (!transaction_.active() || !database_) database_ = engine_.database;
  backend_.cancelled = false;
  if (is_control(call.plan.verb)) co_return co_await control(call.plan, tag, notice, error);
  if (!transaction_.admits(error)) co_return false;
  RequestStats::Scope scope = engine_.ctx.stats.begin(operation(call.plan.verb));
  std::int64_t rows = 0;
  const bool done = co_await data(call, rows, error);
  scope.finish(done || !server_fault(error.sqlstate));
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
  if (marks_.empty() && database_) rollback();
}

bool Executor::describe(const Plan& plan, const std::vector<std::int16_t>& formats, std::vector<Column>& out, ServerError& error) {
  out.clear();
  if (!transaction_.active() || !database_) database_ = engine_.database;
  if (plan.sql.empty() || plan.verb == Verb::define) return true;
  if (!transaction_.admits(error)) return false;
  RowRun run;
  if (!run.open(handle(), plan, plan.sql.front(), {}, error)) return false;
  if (run.returns_rows()) out = run.describe(formats);
  return true;
}

Handle& Executor::reading() {
  if (!transaction_.active() || !database_) database_ = engine_.database;
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
  if (!transaction_.control(plan, act, tag, notice, error)) {
    transaction_.fail();
    co_return false;
  }
  switch (act) {
    case TransactionAct::nothing: co_return true;
    case TransactionAct::commit: co_return commit(error);
    case TransactionAct::rollback: {
      rollback();
      engine_.metrics.rollbacks->Increment();
      co_return true;
    }
    default: break;
  }
  if (co_await savepoint(plan, act, error)) co_return true;
  transaction_.fail();
  co_return false;
}

awaitable<bool> Executor::savepoint(const Plan& plan, TransactionAct act, ServerError& error) {
  const auto mark = std::find_if(marks_.rbegin(), marks_.rend(), [&](const Mark& m) { return m.name == plan.name; });
  if (act != TransactionAct::save && mark == marks_.rend()) {
    error = make_error("3B001", "savepoint \"" + plan.name + "\" does not exist");
    co_return false;
  }
  if (act == TransactionAct::save) {
    if (!database_->read_only() && !co_await begin_writing(error)) co_return false;
    if (database_->read_only() && !open_snapshot(error)) co_return false;
    marks_.push_back({plan.name, own_->changes.size()});
    co_return own_->exec("SAVEPOINT " + quote_name(plan.name), error);
  }
  const bool back = act == TransactionAct::rollback_to;
  if (back) own_->changes.resize(mark->changes);
  marks_.erase(back ? mark.base() : std::prev(mark.base()), marks_.end());
  co_return own_->exec((back ? "ROLLBACK TO " : "RELEASE ") + quote_name(plan.name), error);
}

bool Executor::commit(ServerError& error) {
  const bool committed = !own_ || database_->commit(*own_.get(), error);
  (committed ? engine_.metrics.commits : engine_.metrics.rollbacks)->Increment();
  rollback();
  return committed;
}

// Gives back what the transaction holds; what was not committed is undone.
void Executor::rollback() {
  if (own_) database_->rollback(*own_.get());
  own_ = {};
  marks_.clear();
  if (writing_) database_->lock().release();
  writing_ = false;
  backend_.holds_lock = false;
}

bool Executor::end_implicit(bool success, ServerError& error) {
  if (transaction_.phase() != Transaction::Phase::implicit) return true;
  transaction_.reset();
  if (success) return commit(error);
  rollback();
  return true;
}

void Executor::finish() {
  if (!database_) return;
  rollback();
  transaction_.reset();
}

Handle& Executor::handle() { return own_ ? *own_.get() : database_->shared(); }

}  // namespace chaos::pg
