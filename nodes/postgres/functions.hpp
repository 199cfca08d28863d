// PostgreSQL's functions that SQLite does not have.
#pragma once

#include "postgres/handle.hpp"

namespace chaos::pg {

/// now, age, version, current_user, pg_backend_pid, pg_current_wal_lsn, pg_cancel_backend, pg_sleep, ..., the operators
/// ILIKE (as MATCH) and ~ (as REGEXP), and what the translation uses (pg_interval, pg_time_add, pg_bool, pg_extract).
void register_functions(Handle& handle);

/// What acts on the server or tells of it: pg_terminate_backend, pg_stat_reset, ... (functions_admin.cpp).
void register_admin_functions(Handle& handle);

/// What psql's \d commands call: format_type, pg_get_indexdef, pg_table_is_visible, ... (catalog_functions.cpp).
void register_catalog_functions(Handle& handle);

/// pg_promote, pg_wal_replay_pause, ... (functions_recovery.cpp).
void register_recovery_functions(Handle& handle);

/// The answer of version() and of SHOW server_version.
inline constexpr std::string_view kServerVersion = "15.0";

}  // namespace chaos::pg
