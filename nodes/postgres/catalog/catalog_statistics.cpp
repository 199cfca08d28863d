#include "postgres/base/pg_time.hpp"
#include "postgres/catalog/catalog.hpp"
#include "postgres/sql/sql_token.hpp"
#include "postgres/state/facts.hpp"
#include "postgres/state/roles.hpp"
#include "postgres/store/relations.hpp"

namespace chaos::pg {

namespace {

CatalogValue time(std::int64_t us) { return us == 0 ? CatalogValue{} : CatalogValue{format_timestamp(us)}; }
double milliseconds(std::int64_t us) { return static_cast<double>(us) / 1e3; }

// Sessions that live count up to now.
std::int64_t session_us(const Backends& backends) {
  std::int64_t sum = backends.totals().session_us;
  for (const auto& [pid, b] : backends.all()) {
    if (b->totals) sum += unix_now_us() - b->started_us;
  }
  return sum;
}

CatalogRows database(Handle& handle) {
  Facts& facts = handle.facts();
  handle.count_blocks();
  const Statistics& s = facts.statistics();
  const DatabaseCounts counts = facts.database_counts();
  const SessionTotals& totals = facts.backends().totals();
  std::int64_t returned = 0, fetched = 0, inserted = 0, updated = 0, deleted = 0;
  for (const auto& [name, t] : s.tables()) {
    returned += t.seq_tup_read + t.idx_tup_fetch, fetched += t.idx_tup_fetch;
    inserted += t.inserted, updated += t.updated, deleted += t.deleted;
  }
  return {{{"datid", kDatabaseOid}, {"datname", std::string(kDatabase)}, {"numbackends", static_cast<std::int64_t>(facts.backends().clients())},
           {"xact_commit", counts.commits}, {"xact_rollback", counts.rollbacks}, {"blks_hit", s.block_hits()}, {"blks_read", s.block_reads()},
           {"tup_returned", returned}, {"tup_fetched", fetched}, {"tup_inserted", inserted}, {"tup_updated", updated}, {"tup_deleted", deleted},
           {"deadlocks", counts.deadlocks}, {"session_time", milliseconds(session_us(facts.backends()))},
           {"active_time", milliseconds(totals.active_us)}, {"idle_in_transaction_time", milliseconds(totals.idle_in_transaction_us)},
           {"sessions", totals.sessions}, {"sessions_abandoned", totals.abandoned}, {"sessions_fatal", totals.fatal},
           {"sessions_killed", totals.killed}, {"stats_reset", time(s.reset_us())}}};
}

// A replica never cancels a query for what it applies.
CatalogRows conflicts(Handle&) { return {{{"datid", kDatabaseOid}, {"datname", std::string(kDatabase)}}}; }

// Counted once; committed changes keep it true after that.
std::int64_t live_rows(Handle& handle, TableCounts& counts, const std::string& table) {
  ServerError error;
  if (!counts.live) {
    const auto query = handle.internal("SELECT count(*) FROM " + quote_name(table), error);
    if (query && sqlite3_step(query.get()) == SQLITE_ROW) counts.live = sqlite3_column_int64(query.get(), 0);
  }
  return counts.live.value_or(0);
}

CatalogRows tables(Handle& handle) {
  CatalogRows rows;
  const std::vector<Relation> all = relations(handle);
  for (const Relation& r : all) {
    if (r.kind != 'r') continue;
    TableCounts& t = handle.facts().statistics().table(r.name);
    CatalogRow row{{"relid", r.oid}, {"relname", r.name}, {"seq_scan", t.seq_scan}, {"seq_tup_read", t.seq_tup_read}, {"n_tup_ins", t.inserted},
                   {"n_tup_upd", t.updated}, {"n_tup_del", t.deleted}, {"n_live_tup", live_rows(handle, t, r.name)},
                   {"n_mod_since_analyze", t.modified_since_analyze}, {"n_ins_since_vacuum", t.inserted_since_vacuum},
                   {"last_vacuum", time(t.last_vacuum_us)}, {"last_analyze", time(t.last_analyze_us)}, {"vacuum_count", t.vacuum_count},
                   {"analyze_count", t.analyze_count}};
    bool indexed = false;                       // without an index these are null
    for (const Relation& other : all) indexed = indexed || (other.kind == 'i' && other.table == r.oid);
    if (indexed) row.push_back({"idx_scan", t.idx_scan}), row.push_back({"idx_tup_fetch", t.idx_tup_fetch});
    rows.push_back(std::move(row));
  }
  return rows;
}

CatalogRows indexes(Handle& handle) {
  CatalogRows rows;
  for (const Relation& r : relations(handle)) {
    if (r.kind != 'i') continue;
    const IndexCounts counts = handle.facts().statistics().index(r.stored.empty() ? key_index(r.table_name) : r.stored);
    rows.push_back({{"relid", r.table}, {"indexrelid", r.oid}, {"relname", r.table_name}, {"indexrelname", r.name}, {"idx_scan", counts.scans},
                    {"idx_tup_read", counts.rows}, {"idx_tup_fetch", counts.rows}});
  }
  return rows;
}

CatalogRows statements(Handle& handle) {
  CatalogRows rows;
  for (const auto& [key, c] : handle.facts().statistics().statements.all()) {
    rows.push_back({{"userid", key.user}, {"dbid", kDatabaseOid}, {"queryid", key.query}, {"query", c.text}, {"calls", c.calls},
                    {"total_exec_time", c.total_ms}, {"min_exec_time", c.min_ms}, {"max_exec_time", c.max_ms}, {"mean_exec_time", c.mean_ms},
                    {"stddev_exec_time", c.stddev_ms()}, {"rows", c.rows}});
  }
  return rows;
}

CatalogRows statements_info(Handle& handle) {
  const StatementStats& s = handle.facts().statistics().statements;
  return {{{"dealloc", s.evictions()}, {"stats_reset", time(s.reset_us())}}};
}

// There is no background writer and no archiver: nothing was ever done by them.
CatalogRows writer(Handle& handle) { return {{{"stats_reset", time(handle.facts().statistics().shared_reset_us("bgwriter"))}}}; }
CatalogRows archiver(Handle& handle) { return {{{"stats_reset", time(handle.facts().statistics().shared_reset_us("archiver"))}}}; }

// As pg_stat_all_tables and pg_stat_user_tables have them.
constexpr const char* kTableColumns =
    "relid oid, schemaname name=public, relname name, seq_scan int8, seq_tup_read int8, idx_scan int8, "
    "idx_tup_fetch int8, n_tup_ins int8, n_tup_upd int8, n_tup_del int8, n_tup_hot_upd int8=0, n_live_tup int8, "
    "n_dead_tup int8=0, n_mod_since_analyze int8, n_ins_since_vacuum int8, last_vacuum timestamptz, "
    "last_autovacuum timestamptz, last_analyze timestamptz, last_autoanalyze timestamptz, vacuum_count int8, "
    "autovacuum_count int8=0, analyze_count int8, autoanalyze_count int8=0";
constexpr const char* kIndexColumns =
    "relid oid, indexrelid oid, schemaname name=public, relname name, indexrelname name, idx_scan int8, "
    "idx_tup_read int8, idx_tup_fetch int8";

}  // namespace

const std::vector<CatalogTable>& statistics_tables() {
  static const std::vector<CatalogTable> all{
      {"pg_stat_database", 'v',
       "datid oid, datname name, numbackends int4=0, xact_commit int8, xact_rollback int8, blks_read int8, "
       "blks_hit int8, tup_returned int8, tup_fetched int8, tup_inserted int8, tup_updated int8, tup_deleted int8, "
       "conflicts int8=0, temp_files int8=0, temp_bytes int8=0, deadlocks int8, checksum_failures int8, "
       "checksum_last_failure timestamptz, blk_read_time float8=0, blk_write_time float8=0, session_time float8=0, "
       "active_time float8=0, idle_in_transaction_time float8=0, sessions int8, sessions_abandoned int8, "
       "sessions_fatal int8, sessions_killed int8, stats_reset timestamptz",
       database},
      {"pg_stat_database_conflicts", 'v',
       "datid oid, datname name, confl_tablespace int8=0, confl_lock int8=0, confl_snapshot int8=0, "
       "confl_bufferpin int8=0, confl_deadlock int8=0",
       conflicts},
      {"pg_stat_user_tables", 'v', kTableColumns, tables},
      {"pg_stat_all_tables", 'v', kTableColumns, tables},
      {"pg_stat_user_indexes", 'v', kIndexColumns, indexes},
      {"pg_stat_all_indexes", 'v', kIndexColumns, indexes},
      {"pg_stat_statements", 'v',
       "userid oid, dbid oid, toplevel bool=1, queryid int8, query text, plans int8=0, total_plan_time float8=0, "
       "min_plan_time float8=0, max_plan_time float8=0, mean_plan_time float8=0, stddev_plan_time float8=0, "
       "calls int8, total_exec_time float8, min_exec_time float8, max_exec_time float8, mean_exec_time float8, "
       "stddev_exec_time float8, rows int8, shared_blks_hit int8=0, shared_blks_read int8=0, "
       "shared_blks_dirtied int8=0, shared_blks_written int8=0, local_blks_hit int8=0, local_blks_read int8=0, "
       "local_blks_dirtied int8=0, local_blks_written int8=0, temp_blks_read int8=0, temp_blks_written int8=0, "
       "blk_read_time float8=0, blk_write_time float8=0, temp_blk_read_time float8=0, temp_blk_write_time float8=0, "
       "wal_records int8=0, wal_fpi int8=0, wal_bytes numeric=0, jit_functions int8=0, jit_generation_time float8=0, "
       "jit_inlining_count int8=0, jit_inlining_time float8=0, jit_optimization_count int8=0, "
       "jit_optimization_time float8=0, jit_emission_count int8=0, jit_emission_time float8=0",
       statements},
      {"pg_stat_statements_info", 'v',
       "dealloc int8, stats_reset timestamptz",
       statements_info},
      {"pg_stat_bgwriter", 'v',
       "checkpoints_timed int8=0, checkpoints_req int8=0, checkpoint_write_time float8=0, "
       "checkpoint_sync_time float8=0, buffers_checkpoint int8=0, buffers_clean int8=0, maxwritten_clean int8=0, "
       "buffers_backend int8=0, buffers_backend_fsync int8=0, buffers_alloc int8=0, stats_reset timestamptz",
       writer},
      {"pg_stat_archiver", 'v',
       "archived_count int8=0, last_archived_wal text, last_archived_time timestamptz, failed_count int8=0, "
       "last_failed_wal text, last_failed_time timestamptz, stats_reset timestamptz",
       archiver}};
  return all;
}

}  // namespace chaos::pg
