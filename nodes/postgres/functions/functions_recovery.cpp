// SQL functions that steer recovery: pg_promote, pg_wal_replay_pause and its kin.
// Source: PostgreSQL 15 documentation, 9.27.4 "Recovery Control Functions"; whom they are granted to: system_functions.sql.
#include "postgres/functions/function_values.hpp"
#include "postgres/functions/functions.hpp"
#include "runtime/units.hpp"

#include <algorithm>
#include <thread>

namespace chaos::pg {

namespace {

constexpr int kPromoteSeconds = 60;          // PostgreSQL: pg_promote's wait_seconds
constexpr std::chrono::milliseconds kLook{5};

bool in_recovery(Context context) {
  const bool yes = facts_of(context).in_recovery();
  if (!yes) fail_with(context, "55000", "recovery is not in progress", "Recovery control functions can only be executed during recovery.");
  return yes;
}

// pg_promote([wait [, wait_seconds]]): asked for on the data thread; waited for on the thread for slow statements.
void promote(Context context, int count, Values values) {
  if (!permitted(context, "pg_promote")) return;
  Handle& handle = handle_of(context);
  const bool wait = count < 1 || sqlite3_value_int(values[0]) != 0;
  const int seconds = count < 2 ? kPromoteSeconds : sqlite3_value_int(values[1]);
  if (handle.on_data_thread) {
    if (!in_recovery(context)) return;
    if (seconds <= 0) return fail_with(context, "22003", "\"wait_seconds\" must not be negative or zero");
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

void set_paused(Context context, bool paused, const std::string& function) {
  if (!permitted(context, function) || !in_recovery(context)) return;
  if (facts_of(context).promoting()) return fail_with(context, "55000", "standby promotion is ongoing", function + "() cannot be executed after promotion is triggered.");
  facts_of(context).pause_replay(paused);
  answer(context, "");
}
void pause(Context context, int, Values) { set_paused(context, true, "pg_wal_replay_pause"); }
void resume(Context context, int, Values) { set_paused(context, false, "pg_wal_replay_resume"); }

void is_paused(Context context, int, Values) {
  if (in_recovery(context)) sqlite3_result_int(context, facts_of(context).replay_pause() != ReplayPause::no);
}

void pause_state(Context context, int, Values) {
  if (!in_recovery(context)) return;
  const ReplayPause state = facts_of(context).replay_pause();
  const char* word = state == ReplayPause::no ? "not paused" : state == ReplayPause::requested ? "pause requested" : "paused";
  sqlite3_result_text(context, word, -1, SQLITE_STATIC);
}

constexpr FunctionEntry kFunctions[] = {
    {"pg_promote", 0, promote}, {"pg_promote", 1, promote}, {"pg_promote", 2, promote}, {"pg_wal_replay_pause", 0, pause},
    {"pg_wal_replay_resume", 0, resume}, {"pg_is_wal_replay_paused", 0, is_paused}, {"pg_get_wal_replay_pause_state", 0, pause_state},
};

}  // namespace

void register_recovery_functions(Handle& handle) { register_all(handle, kFunctions); }

}  // namespace chaos::pg
