// PostgreSQL's functions that SQLite does not have.
#pragma once

#include "postgres/store/handle.hpp"

namespace chaos::pg {

/// now, version, pg_backend_pid, pg_current_wal_lsn, pg_sleep, ...: what is asked of the server. What depends on its arguments
/// alone is registered by function_tools.hpp.
void register_functions(Handle& handle);

/// What acts on the server or tells of it: pg_terminate_backend, pg_stat_reset, ... (functions_admin.cpp).
void register_admin_functions(Handle& handle);

/// pg_advisory_lock and its family (functions_advisory.cpp).
void register_advisory_functions(Handle& handle);

/// pg_promote, pg_wal_replay_pause, ... (functions_recovery.cpp).
void register_recovery_functions(Handle& handle);

/// The answer of version() and of SHOW server_version.
inline constexpr std::string_view kServerVersion = "15.0";

}  // namespace chaos::pg
