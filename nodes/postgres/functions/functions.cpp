#include "postgres/functions/functions.hpp"

#include "postgres/base/pg_time.hpp"
#include "postgres/functions/function_values.hpp"
#include "postgres/sql/sql_types.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>
#include <vector>

namespace chaos::pg {

namespace {


// now() is the start of the transaction; clock_timestamp() the instant of the call.
std::int64_t now_us(Context context) {
  const Backend* backend = handle_of(context).backend;
  return backend && backend->transaction_us != 0 ? backend->transaction_us : unix_now_us();
}
void now(Context context, int, Values) { answer(context, format_timestamp(now_us(context))); }
void clock_timestamp(Context context, int, Values) { answer(context, format_timestamp(unix_now_us())); }

void version(Context context, int, Values) { answer(context, "PostgreSQL " + std::string(kServerVersion) + " (wire protocol 3.0; SQL by SQLite " SQLITE_VERSION ")"); }
void current_schema(Context context, int, Values) { answer(context, "public"); }
void backend_pid(Context context, int, Values) { sqlite3_result_int(context, handle_of(context).backend ? handle_of(context).backend->pid : 0); }
void in_recovery(Context context, int, Values) { sqlite3_result_int(context, facts_of(context).in_recovery()); }
void start_time(Context context, int, Values) { answer(context, format_timestamp(facts_of(context).start_time_us())); }

void answer_lsn(Context context, std::optional<Lsn> lsn) {
  if (lsn) answer(context, format_lsn(*lsn));
  else sqlite3_result_null(context);
}

void write_lsn(Context context, int, Values) {
  if (facts_of(context).in_recovery()) return fail_with(context, "55000", "recovery is in progress");
  answer_lsn(context, facts_of(context).write_lsn());
}
void receive_lsn(Context context, int, Values) { answer_lsn(context, facts_of(context).receive_lsn()); }
void replay_lsn(Context context, int, Values) { answer_lsn(context, facts_of(context).replay_lsn()); }

void replay_time(Context context, int, Values) {
  const auto us = facts_of(context).replay_time_us();
  if (us) answer(context, format_timestamp(*us));
  else sqlite3_result_null(context);
}

void lsn_diff(Context context, int, Values values) {
  const auto a = parse_lsn(text_of(values[0])), b = parse_lsn(text_of(values[1]));
  if (!a || !b) return sqlite3_result_null(context);
  sqlite3_result_int64(context, static_cast<std::int64_t>(*a) - static_cast<std::int64_t>(*b));
}

// On the data thread nothing may sleep: the statement is interrupted there and runs again on the thread for slow ones.
void sleep(Context context, int, Values values) {
  Handle& handle = handle_of(context);
  if (sqlite3_value_double(values[0]) <= 0) return is_null(values[0]) ? sqlite3_result_null(context) : answer(context, "");
  if (handle.on_data_thread) {
    handle.set_over_time();
    return sqlite3_result_error_code(context, SQLITE_INTERRUPT);
  }
  const RealTime until = RealClock::now() + real_ms(sqlite3_value_double(values[0]) * 1e3);
  while (RealClock::now() < until) {
    if (handle.must_stop()) return sqlite3_result_error_code(context, SQLITE_INTERRUPT);
    std::this_thread::sleep_for(std::min(until - RealClock::now(), RealDuration(std::chrono::milliseconds(5))));
  }
  answer(context, "");
}

// pg_scanned(), pg_passed(): each row of a scan, before and behind its filter (sql_counted.hpp).
void scanned(Context context, int, Values) {
  const Backend* backend = handle_of(context).backend;
  if (RunCount* count = backend ? backend->count : nullptr) {
    count->last_scanned = RealClock::now();
    if (++count->scanned == 1) count->first_scanned = count->last_scanned;
  }
  sqlite3_result_int(context, 1);
}
void passed(Context context, int, Values) {
  const Backend* backend = handle_of(context).backend;
  RunCount* count = backend ? backend->count : nullptr;
  if (count && ++count->passed == 1) count->first_passed = RealClock::now();
  sqlite3_result_int(context, 1);
}

constexpr FunctionEntry kFunctions[] = {
    {"pg_scanned", 0, scanned}, {"pg_passed", -1, passed},
    {"now", 0, now}, {"clock_timestamp", 0, clock_timestamp}, {"version", 0, version}, 
    {"current_schema", 0, current_schema}, {"pg_backend_pid", 0, backend_pid},
    {"pg_is_in_recovery", 0, in_recovery}, {"pg_postmaster_start_time", 0, start_time}, {"pg_current_wal_lsn", 0, write_lsn},
    {"pg_last_wal_receive_lsn", 0, receive_lsn}, {"pg_last_wal_replay_lsn", 0, replay_lsn},
    {"pg_last_xact_replay_timestamp", 0, replay_time}, {"pg_wal_lsn_diff", 2, lsn_diff}, 
    {"pg_sleep", 1, sleep},
};

}  // namespace

void register_functions(Handle& handle) {
  register_all(handle, kFunctions);
}

}  // namespace chaos::pg
