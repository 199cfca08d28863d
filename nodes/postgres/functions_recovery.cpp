// SQL functions that steer recovery: pg_promote, pg_wal_replay_pause and its kin.
#include "postgres/facts.hpp"
#include "postgres/functions.hpp"
#include "runtime/units.hpp"

#include <algorithm>
#include <thread>

namespace chaos::pg {

namespace {

using Context = sqlite3_context*;
using Values = sqlite3_value**;

constexpr int kPromoteSeconds = 60;          // PostgreSQL: pg_promote's wait_seconds
constexpr std::chrono::milliseconds kLook{5};

Handle& handle_of(Context context) { return *static_cast<Handle*>(sqlite3_user_data(context)); }
Facts& facts_of(Context context) { return handle_of(context).facts(); }

bool in_recovery(Context context) {
  const bool yes = facts_of(context).in_recovery();
  if (!yes) sqlite3_result_error(context, "recovery is not in progress", -1);
  return yes;
}

// pg_promote([wait [, wait_seconds]]): asked for on the data thread; waited for on the thread for slow statements.
void promote(Context context, int count, Values values) {
  Handle& handle = handle_of(context);
  const bool wait = count < 1 || sqlite3_value_int(values[0]) != 0;
  const int seconds = count < 2 ? kPromoteSeconds : sqlite3_value_int(values[1]);
  if (seconds <= 0) return sqlite3_result_error(context, "\"wait_seconds\" must not be negative or zero", -1);
  if (handle.on_data_thread) {
    if (!in_recovery(context)) return;
    handle.facts().promote();
    if (!wait) return sqlite3_result_int(context, 1);
    handle.set_over_time();
    return sqlite3_result_error_code(context, SQLITE_INTERRUPT);
  }
  const RealTime until = RealClock::now() + std::chrono::seconds(seconds);
  while (handle.facts().in_recovery() && handle.facts().promoting() && RealClock::now() < until) {
    if (handle.must_stop()) return sqlite3_result_error_code(context, SQLITE_INTERRUPT);
    std::this_thread::sleep_for(kLook);
  }
  sqlite3_result_int(context, handle.facts().in_recovery() ? 0 : 1);
}

void set_paused(Context context, bool paused) {
  if (!in_recovery(context)) return;
  if (facts_of(context).promoting()) return sqlite3_result_error(context, "standby promotion is ongoing", -1);
  facts_of(context).pause_replay(paused);
  sqlite3_result_text(context, "", 0, SQLITE_STATIC);
}
void pause(Context context, int, Values) { set_paused(context, true); }
void resume(Context context, int, Values) { set_paused(context, false); }

void is_paused(Context context, int, Values) {
  if (in_recovery(context)) sqlite3_result_int(context, facts_of(context).replay_pause() != ReplayPause::no);
}

void pause_state(Context context, int, Values) {
  if (!in_recovery(context)) return;
  const ReplayPause state = facts_of(context).replay_pause();
  const char* word = state == ReplayPause::no ? "not paused" : state == ReplayPause::requested ? "pause requested" : "paused";
  sqlite3_result_text(context, word, -1, SQLITE_STATIC);
}

struct Entry { const char* name; int arguments; void (*run)(Context, int, Values); };

constexpr Entry kFunctions[] = {
    {"pg_promote", 0, promote}, {"pg_promote", 1, promote}, {"pg_promote", 2, promote}, {"pg_wal_replay_pause", 0, pause},
    {"pg_wal_replay_resume", 0, resume}, {"pg_is_wal_replay_paused", 0, is_paused}, {"pg_get_wal_replay_pause_state", 0, pause_state},
};

}  // namespace

void register_recovery_functions(Handle& handle) {
  for (const Entry& entry : kFunctions) {
    sqlite3_create_function_v2(handle.db(), entry.name, entry.arguments, SQLITE_UTF8, &handle, entry.run, nullptr, nullptr, nullptr);
  }
}

}  // namespace chaos::pg
