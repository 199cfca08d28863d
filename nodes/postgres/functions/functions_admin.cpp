#include "postgres/base/pg_time.hpp"
#include "postgres/functions/function_values.hpp"
#include "postgres/functions/functions.hpp"
#include "postgres/store/relations.hpp"

#include <algorithm>
#include <cmath>

namespace chaos::pg {

namespace {

// pg_cancel_backend and pg_terminate_backend reach the sessions of one's own role; those of all but a superuser for the
// tables' owner, who is a member of pg_signal_backend; all for a superuser.
bool may_signal(Context context, std::int32_t pid, std::string_view act) {
  const auto& all = facts_of(context).backends().all();
  const auto found = all.find(pid);
  if (found == all.end()) warn(context, "PID " + std::to_string(pid) + " is not a PostgreSQL backend process");
  if (found == all.end() || superuser(context)) return true;
  const std::string_view user = found->second->user;
  if (user == caller(context)->user || (user != kSuperuser && caller(context)->user == kOwner)) return true;
  const std::string verb(act);
  if (user == kSuperuser) fail_with(context, "42501", "must be a superuser to " + verb + " superuser process");
  else fail_with(context, "42501", "must be a member of the role whose process is being " + std::string(act == "cancel" ? "canceled" : "terminated") + " or member of pg_signal_backend");
  return false;
}

// Whoever signals itself does not get so far as to see the answer.
void signalled(Context context, std::int32_t pid, bool done) {
  if (done && caller(context) && caller(context)->pid == pid) return sqlite3_result_error_code(context, SQLITE_INTERRUPT);
  sqlite3_result_int(context, done);
}

void cancel_backend(Context context, int, Values values) {
  if (is_null(values[0])) return sqlite3_result_null(context);
  const std::int32_t pid = sqlite3_value_int(values[0]);
  if (may_signal(context, pid, "cancel")) signalled(context, pid, facts_of(context).backends().cancel(pid));
}

void terminate_backend(Context context, int, Values values) {
  if (is_null(values[0])) return sqlite3_result_null(context);
  const std::int32_t pid = sqlite3_value_int(values[0]);
  if (may_signal(context, pid, "terminate")) signalled(context, pid, facts_of(context).backends().terminate(pid));
}

void stat_reset(Context context, int, Values) {
  if (!permitted(context, "pg_stat_reset")) return;
  facts_of(context).statistics().reset(unix_now_us());
  answer(context, "");
}

// pg_stat_reset_single_table_counters(oid): a table's or an index's
void stat_reset_one(Context context, int, Values values) {
  if (!permitted(context, "pg_stat_reset_single_table_counters")) return;
  const auto relation = relation_of(handle_of(context), sqlite3_value_int64(values[0]));
  if (relation && relation->kind == 'r') facts_of(context).statistics().reset_table(relation->name, unix_now_us());
  else if (relation) facts_of(context).statistics().reset_index(relation->stored.empty() ? key_index(relation->table_name) : relation->stored, unix_now_us());
  answer(context, "");
}

// pg_stat_reset_shared(target)
void stat_reset_shared(Context context, int, Values values) {
  if (!permitted(context, "pg_stat_reset_shared")) return;
  const std::string target(text_of(values[0]));
  if (target != "archiver" && target != "bgwriter" && target != "recovery_prefetch" && target != "wal") {
    return fail_with(context, "22023", "unrecognized reset target: \"" + target + "\"", "Target must be \"archiver\", \"bgwriter\", \"recovery_prefetch\", or \"wal\".");
  }
  facts_of(context).statistics().reset_shared(target, unix_now_us());
  answer(context, "");
}

// The node's log goes to its standard error, as with logging_collector off.
void rotate_logfile(Context context, int, Values) {
  if (!permitted(context, "pg_rotate_logfile")) return;
  warn(context, "rotation not possible because log collection not active");
  sqlite3_result_int(context, 0);
}

// pg_stat_statements_reset([user, database, query])
void statements_reset(Context context, int count, Values values) {
  if (!permitted(context, "pg_stat_statements_reset")) return;
  StatementStats::Key key;
  if (count > 0) key.user = sqlite3_value_int64(values[0]);
  if (count > 2) key.query = sqlite3_value_int64(values[2]);
  facts_of(context).statistics().statements.reset(key, unix_now_us());
  answer(context, "");
}

// current_setting(name [, missing_ok])
void current_setting(Context context, int count, Values values) {
  const std::string name(text_of(values[0]));
  const SessionSettings* mine = caller(context) ? caller(context)->settings : nullptr;
  ServerError error;
  if (mine && !mine->may_see(name, error)) return fail_with(context, error.sqlstate, error.message);
  const auto value = mine ? mine->get(name) : SessionSettings(facts_of(context).config()).get(name);
  if (value) return answer(context, *value);
  if (count < 2 || sqlite3_value_int(values[1]) == 0) fail_with(context, "42704", "unrecognized configuration parameter \"" + name + "\"");
}

// set_config(name, value, is_local)
void set_config(Context context, int, Values values) {
  SessionSettings* mine = caller(context) ? caller(context)->settings : nullptr;
  if (!mine) return sqlite3_result_null(context);
  ServerError error;
  const std::string name(text_of(values[0])), value(is_null(values[1]) ? "default" : text_of(values[1]));
  const bool local = sqlite3_value_int(values[2]) != 0;
  if (local ? mine->set_local(name, value, error) : mine->set(name, value, error)) answer(context, mine->get(name).value_or(""));
  else fail_with(context, error.sqlstate, error.message);
}

void reload(Context context, int, Values) {
  if (!permitted(context, "pg_reload_conf")) return;
  facts_of(context).reload_config();
  sqlite3_result_int(context, 1);
}

void load_time(Context context, int, Values) { answer(context, format_timestamp(facts_of(context).config().loaded_us())); }
void server_address(Context context, int, Values) { answer(context, facts_of(context).address()); }
void server_port(Context context, int, Values) { sqlite3_result_int64(context, facts_of(context).config().number("port")); }
void transaction_number(Context context, int, Values) { sqlite3_result_int64(context, facts_of(context).next_transaction()); }

void client_address(Context context, int, Values) {
  if (caller(context)) answer(context, caller(context)->client_addr);
}
void client_port(Context context, int, Values) {
  if (caller(context)) sqlite3_result_int(context, caller(context)->client_port);
}
void session_user(Context context, int, Values) { answer(context, caller(context) ? std::string_view(caller(context)->user) : kSuperuser); }
void database(Context context, int, Values) { answer(context, kDatabase); }

// current_schemas(implicit)
void schemas(Context context, int, Values values) { answer(context, sqlite3_value_int(values[0]) != 0 ? "{pg_catalog,public}" : "{public}"); }

// pg_size_pretty(bytes): the next unit from 10 * 1024 of the smaller one on, rounded half away from zero (dbsize.c).
void size_pretty(Context context, int, Values values) {
  if (is_null(values[0])) return sqlite3_result_null(context);
  static constexpr std::string_view kUnits[] = {" bytes", " kB", " MB", " GB", " TB", " PB"};
  std::int64_t size = sqlite3_value_int64(values[0]);
  if (std::abs(size) < 10 * 1024) return answer(context, std::to_string(size) + " bytes");
  size /= 512;                                       // keeps one bit for the rounding
  std::size_t unit = 1;
  for (; unit + 1 < std::size(kUnits) && std::abs(size) >= 20 * 1024 - 1; ++unit) size /= 1024;
  answer(context, std::to_string((size + (size < 0 ? -1 : 1)) / 2) + std::string(kUnits[unit]));
}

// pg_walfile_name(lsn): timeline and number of the 16 MB segment that the byte before the position is in (xlogfuncs.c).
void walfile_name(Context context, int, Values values) {
  if (is_null(values[0])) return sqlite3_result_null(context);
  if (facts_of(context).in_recovery()) return fail_with(context, "55000", "recovery is in progress", "pg_walfile_name() cannot be executed during recovery.");
  const auto lsn = parse_lsn(text_of(values[0]));
  if (!lsn) return fail_with(context, "22P02", "invalid input syntax for type pg_lsn: \"" + std::string(text_of(values[0])) + "\"");
  answer(context, wal_file_name(facts_of(context).timeline(), *lsn));
}

constexpr FunctionEntry kFunctions[] = {
    {"pg_walfile_name", 1, walfile_name},
    {"pg_cancel_backend", 1, cancel_backend}, {"pg_terminate_backend", -1, terminate_backend}, {"pg_stat_reset", 0, stat_reset},
    {"pg_stat_reset_shared", 1, stat_reset_shared}, {"pg_stat_reset_single_table_counters", 1, stat_reset_one}, {"pg_rotate_logfile", 0, rotate_logfile},
    {"pg_stat_statements_reset", -1, statements_reset}, {"inet_client_addr", 0, client_address}, {"inet_client_port", 0, client_port},
    {"current_setting", -1, current_setting}, {"set_config", 3, set_config}, {"pg_reload_conf", 0, reload}, {"pg_conf_load_time", 0, load_time},
    {"inet_server_addr", 0, server_address}, {"inet_server_port", 0, server_port}, {"txid_current", 0, transaction_number},
    {"pg_current_xact_id", 0, transaction_number},
    {"current_user", 0, session_user}, {"session_user", 0, session_user}, {"current_database", 0, database}, {"current_schemas", 1, schemas},
    {"pg_size_pretty", 1, size_pretty},
};

}  // namespace

void register_admin_functions(Handle& handle) { register_all(handle, kFunctions); }

}  // namespace chaos::pg
