// What is checked when a statement has run, before its rows are locked: whole numbers and foreign keys.
#include "postgres/execution/executor.hpp"

#include "postgres/base/sql_error.hpp"

#include <map>

namespace chaos::pg {

namespace {
constexpr std::chrono::milliseconds kInline{10};           // a check may hold the data thread this long
}

// Work on the handle of the statement under way: here, or, once it has outgrown the data thread, on the other.
awaitable<Executor::Outcome> Executor::beside(Handle& on, bool slow, std::function<bool()> work, ServerError& error) {
  bool done = false;
  if (!slow) {
    on.limit(std::min(RealClock::now() + RealDuration(kInline), statement_until_));
    done = work();
  } else {
    on.limit(statement_until_);
    backend_.wake = [&on] { on.cancel(); };
    on.on_data_thread = false;
    done = co_await engine_.slow.call(std::move(work));
    on.on_data_thread = true;
    backend_.wake = nullptr;
  }
  if (done) co_return Outcome::done;
  co_return judge(on, slow, error);
}

// Why a run on the handle came to no end.
Executor::Outcome Executor::judge(const Handle& on, bool slow, ServerError& error) {
  if (!check_cancelled(error) || !on.over_time()) return Outcome::failed;
  if (RealClock::now() < statement_until_ && !slow) return Outcome::outgrown;
  error = make_error("57014", "canceling statement due to statement timeout");
  return Outcome::failed;
}

void Executor::watch_keys(Handle& on) {
  const auto keys = tables().foreign_keys(on);
  on.watched = keys->all().empty() ? nullptr : keys;
}

awaitable<Executor::Outcome> Executor::check_integers(Handle& on, const Accesses& accesses, bool slow, ServerError& error) {
  if (on.touched.rows == 0) co_return Outcome::done;
  struct Limits { std::vector<int> bytes, numerics; };
  std::map<std::string, Limits, std::less<>> limits;      // its own, for the other thread
  for (const Access& access : accesses) {
    if (!access.write) continue;
    const TableInfo& info = tables().of(on, access.table);
    limits[access.table] = {info.integer_bytes, info.numeric_limits};
  }
  const auto work = [&on, &limits, &error] {
    ChangeCursor cursor(on.changes, on.touched.from);
    for (Change change; cursor.next(change);) {
      const auto found = change.op == ChangeOp::erase ? limits.end() : limits.find(change.table);
      if (found != limits.end() && !(integers_fit(found->second.bytes, change, error) && numerics_fit(found->second.numerics, change, error))) return false;
    }
    return true;
  };
  co_return co_await beside(on, slow, work, error);
}

awaitable<Executor::Outcome> Executor::check_keys(Handle& on, bool slow, ServerError& error) {
  ForeignKeyCheck check(on, on.watched);
  const Outcome outcome = co_await beside(on, slow, [&check, &error] { return check.run(error); }, error);
  if (!needs_locks()) co_return outcome;
  for (std::size_t i = 0; outcome == Outcome::failed && i < check.in_the_way().size(); ++i) {
    const KeyLock& row = check.in_the_way()[i];
    wanted_ = {{LockKind::row, engine_.locks.table(row.table), row.rowid}, row.mode};
    if (engine_.locks.blocked(backend_.pid, wanted_)) co_return Outcome::blocked;
  }
  if (outcome != Outcome::done) co_return outcome;
  for (const KeyTouch& touch : on.key_touches) {
    const std::string entry = on.changes.entry(touch.at);
    Change change;
    ChangeReader(entry).next_head(change);
    if (!want({engine_.locks.relation(change.table), LockMode::row_exclusive})) co_return Outcome::blocked;
  }
  for (const KeyLock& lock : check.locks()) {
    const LockTag relation = engine_.locks.relation(lock.table);
    if (!want({relation, LockMode::row_share}) || !want({{LockKind::row, relation.table, lock.rowid}, lock.mode})) co_return Outcome::blocked;
  }
  co_return Outcome::done;
}

awaitable<Executor::Outcome> Executor::define_keys(Handle& on, const KeyDefinition& definition, bool slow, ServerError& error) {
  std::vector<std::string> tables = definition.tables;
  if (!definition.table.empty()) tables.push_back(definition.table);
  for (const ForeignKeyClause& clause : definition.add) tables.push_back(clause.parent);
  const bool adds = definition.act == KeyDefinition::Act::add || definition.act == KeyDefinition::Act::validate;
  for (const std::string& table : tables) {
    if (needs_locks() && !want({engine_.locks.relation(table), adds ? LockMode::share_row_exclusive : LockMode::access_exclusive})) co_return Outcome::blocked;
  }
  KeyDefinitionResult result;
  const Outcome outcome = co_await beside(on, slow, [&] { return define_foreign_keys(on, definition, result, error); }, error);
  if (outcome != Outcome::done) co_return outcome;
  for (const std::string& table : result.others) {
    if (needs_locks() && !want({engine_.locks.relation(table), LockMode::access_exclusive})) co_return Outcome::blocked;
  }
  for (const std::string& sql : result.made) {
    on.changes.append({ChangeOp::define, sql, 0, {}});
    defined_ = true;
    own_tables_.clear();
  }
  backend_.notices.insert(backend_.notices.end(), result.notices.begin(), result.notices.end());
  co_return Outcome::done;
}

}  // namespace chaos::pg
