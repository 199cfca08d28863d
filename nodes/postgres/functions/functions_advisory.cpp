// Advisory locks: pg_advisory_lock and its family.
// Source: PostgreSQL 15 documentation, 9.27.10 "Advisory Lock Functions". A function cannot wait: it says for which lock and fails,
// and the executor runs its statement again once the lock is there.
#include "postgres/functions/functions.hpp"
#include "postgres/state/facts.hpp"

namespace chaos::pg {

namespace {

using Context = sqlite3_context*;
using Values = sqlite3_value**;

Handle& handle_of(Context context) { return *static_cast<Handle*>(sqlite3_user_data(context)); }

// One key of 64 bits, or two of 32.
LockTag tag_of(int count, Values values) {
  if (count == 1) return {LockKind::advisory, 1, sqlite3_value_int64(values[0])};
  const auto high = static_cast<std::uint64_t>(static_cast<std::uint32_t>(sqlite3_value_int(values[0])));
  return {LockKind::advisory, 2, static_cast<std::int64_t>(high << 32 | static_cast<std::uint32_t>(sqlite3_value_int(values[1])))};
}

bool take(Handle& handle, const LockWant& want) {
  if (handle.granted == want.tag) return handle.granted.reset(), true;     // it was waited for
  if (!handle.facts().locks()->acquire(handle.backend->pid, want)) return false;
  handle.taken.push_back(want);
  return true;
}

template <bool Transaction, bool Shared, bool Try>
void lock(Context context, int count, Values values) {
  Handle& handle = handle_of(context);
  if (!handle.facts().locks() || !handle.backend) return sqlite3_result_null(context);
  const LockWant want{tag_of(count, values), Shared ? LockMode::share : LockMode::exclusive, !Transaction};
  const bool taken = take(handle, want);
  if (Try) return sqlite3_result_int(context, taken);
  if (taken) return sqlite3_result_text(context, "", 0, SQLITE_STATIC);
  handle.wanted = want;
  sqlite3_result_error(context, "waits for an advisory lock", -1);
}

template <bool Shared>
void unlock(Context context, int count, Values values) {
  Handle& handle = handle_of(context);
  const bool there = handle.facts().locks() && handle.backend;
  sqlite3_result_int(context, there && handle.facts().locks()->release_session(handle.backend->pid, tag_of(count, values),
                                                                               Shared ? LockMode::share : LockMode::exclusive));
}

void unlock_all(Context context, int, Values) {
  Handle& handle = handle_of(context);
  if (handle.facts().locks() && handle.backend) handle.facts().locks()->release_session_locks(handle.backend->pid);
  sqlite3_result_text(context, "", 0, SQLITE_STATIC);
}

struct Entry { const char* name; void (*run)(Context, int, Values); };
constexpr Entry kFunctions[] = {
    {"pg_advisory_lock", lock<false, false, false>}, {"pg_advisory_lock_shared", lock<false, true, false>},
    {"pg_try_advisory_lock", lock<false, false, true>}, {"pg_try_advisory_lock_shared", lock<false, true, true>},
    {"pg_advisory_xact_lock", lock<true, false, false>}, {"pg_advisory_xact_lock_shared", lock<true, true, false>},
    {"pg_try_advisory_xact_lock", lock<true, false, true>}, {"pg_try_advisory_xact_lock_shared", lock<true, true, true>},
    {"pg_advisory_unlock", unlock<false>}, {"pg_advisory_unlock_shared", unlock<true>}};

}  // namespace

void register_advisory_functions(Handle& handle) {
  for (const Entry& entry : kFunctions) {
    for (const int arguments : {1, 2}) {
      sqlite3_create_function_v2(handle.db(), entry.name, arguments, SQLITE_UTF8, &handle, entry.run, nullptr, nullptr, nullptr);
    }
  }
  sqlite3_create_function_v2(handle.db(), "pg_advisory_unlock_all", 0, SQLITE_UTF8, &handle, unlock_all, nullptr, nullptr, nullptr);
}

}  // namespace chaos::pg
