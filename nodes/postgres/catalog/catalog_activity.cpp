#include "postgres/base/pg_time.hpp"
#include "postgres/catalog/catalog.hpp"
#include "postgres/state/facts.hpp"
#include "postgres/state/roles.hpp"

namespace chaos::pg {

namespace {

CatalogValue text(std::string_view value) { return value.empty() ? CatalogValue{} : CatalogValue{std::string(value)}; }
CatalogValue time(std::int64_t us) { return us == 0 ? CatalogValue{} : CatalogValue{format_timestamp(us)}; }
CatalogValue number(std::int64_t n) { return n; }
CatalogValue lsn(Lsn value) { return value == 0 ? CatalogValue{} : CatalogValue{format_lsn(value)}; }
CatalogValue interval(const std::optional<std::int64_t>& us) { return us ? CatalogValue{format_interval(*us)} : CatalogValue{}; }

CatalogRow session(const Backend& b) {
  CatalogRow row{{"pid", number(b.pid)}, {"usesysid", number(role_oid(b.user))}, {"usename", text(b.user)},
                 {"application_name", std::string(b.application_name)}, {"client_addr", text(b.client_addr)}, {"client_port", number(b.client_port)},
                 {"backend_start", time(b.started_us)}, {"query_start", time(b.query_us)}, {"state_change", time(b.state_us)},
                 {"wait_event_type", text(b.wait_event_type)}, {"wait_event", text(b.wait_event)}, {"state", text(state_word(b.state))},
                 {"query", std::string(b.query)}, {"backend_type", text(b.type)}};
  if (b.query_id != 0) row.push_back({"query_id", number(b.query_id)});
  if (b.type == "walsender") return row;      // physical replication is of no database and has no transaction
  row.push_back({"datid", number(kDatabaseOid)});
  row.push_back({"datname", text(kDatabase)});
  row.push_back({"xact_start", time(b.transaction_us)});
  if (b.transaction_id != 0) row.push_back({"backend_xid", number(b.transaction_id)});
  return row;
}

CatalogRows activity(Handle& handle) {
  CatalogRows rows;
  for (const auto& [pid, b] : handle.facts().backends().all()) rows.push_back(session(*b));
  return rows;
}

CatalogRows replication(Handle& handle) {
  CatalogRows rows;
  for (const ReplicationRow& r : handle.facts().replication()) {
    rows.push_back({{"pid", number(r.backend->pid)}, {"usesysid", number(role_oid(r.backend->user))}, {"usename", text(r.backend->user)},
                    {"application_name", text(r.backend->application_name)}, {"client_addr", text(r.backend->client_addr)},
                    {"client_port", number(r.backend->client_port)}, {"backend_start", time(r.backend->started_us)}, {"state", text(r.state)},
                    {"sent_lsn", lsn(r.sent)}, {"write_lsn", lsn(r.written)}, {"flush_lsn", lsn(r.flushed)}, {"replay_lsn", lsn(r.replayed)},
                    {"write_lag", interval(r.write_lag_us)}, {"flush_lag", interval(r.flush_lag_us)}, {"replay_lag", interval(r.replay_lag_us)},
                    {"reply_time", time(r.reply_us)}});
  }
  return rows;
}

CatalogRows receiver(Handle& handle) {
  const auto r = handle.facts().receiver();
  if (!r) return {};
  return {{{"status", text(r->status)}, {"written_lsn", lsn(r->written)}, {"flushed_lsn", lsn(r->flushed)},
           {"last_msg_receipt_time", time(r->last_message_us)}, {"latest_end_lsn", lsn(r->latest_end)}, {"latest_end_time", time(r->latest_end_us)},
           {"sender_host", text(r->sender_host)}, {"receive_start_lsn", lsn(r->start)}, {"receive_start_tli", number(r->start_timeline)},
           {"received_tli", number(r->timeline)}, {"last_msg_send_time", time(r->last_send_us)}}};
}

CatalogRows encryption(Handle& handle) {
  CatalogRows rows;
  for (const auto& [pid, b] : handle.facts().backends().all()) {
    rows.push_back({{"pid", number(pid)}, {"ssl", number(b->tls ? 1 : 0)}});
    if (!b->tls) continue;
    rows.back().push_back({"version", text(b->tls->version)});
    rows.back().push_back({"cipher", text(b->tls->cipher)});
    rows.back().push_back({"bits", number(b->tls->bits)});
  }
  return rows;
}

// A replica asks for what it lacks by itself; no slot is kept for it.
CatalogRows slots(Handle&) { return {}; }

}  // namespace

const std::vector<CatalogTable>& activity_tables() {
  static const std::vector<CatalogTable> tables{
      {"pg_stat_activity", 'v',
       "datid oid, datname name, pid int4, leader_pid int4, usesysid oid, usename name, application_name text, "
       "client_addr inet, client_hostname text, client_port int4, backend_start timestamptz, xact_start timestamptz, "
       "query_start timestamptz, state_change timestamptz, wait_event_type text, wait_event text, state text, "
       "backend_xid xid, backend_xmin xid, query_id int8, query text, backend_type text",
       activity},
      {"pg_stat_replication", 'v',
       "pid int4, usesysid oid, usename name, application_name text, client_addr inet, client_hostname text, "
       "client_port int4, backend_start timestamptz, backend_xmin xid, state text, sent_lsn pg_lsn, write_lsn pg_lsn, "
       "flush_lsn pg_lsn, replay_lsn pg_lsn, write_lag interval, flush_lag interval, replay_lag interval, "
       "sync_priority int4=0, sync_state text=async, reply_time timestamptz",
       replication},
      {"pg_stat_wal_receiver", 'v',
       "pid int4, status text, receive_start_lsn pg_lsn, receive_start_tli int4=1, written_lsn pg_lsn, "
       "flushed_lsn pg_lsn, received_tli int4=1, last_msg_send_time timestamptz, last_msg_receipt_time timestamptz, "
       "latest_end_lsn pg_lsn, latest_end_time timestamptz, slot_name text, sender_host text, sender_port int4=5432, "
       "conninfo text",
       receiver},
      {"pg_replication_slots", 'v',
       "slot_name name, plugin name, slot_type text, datoid oid, database name, temporary bool, active bool, "
       "active_pid int4, xmin xid, catalog_xmin xid, restart_lsn pg_lsn, confirmed_flush_lsn pg_lsn, wal_status text, "
       "safe_wal_size int8, two_phase bool",
       slots},
      {"pg_stat_ssl", 'v',
       "pid int4, ssl bool=0, version text, cipher text, bits int4, client_dn text, client_serial numeric, "
       "issuer_dn text",
       encryption}};
  return tables;
}

}  // namespace chaos::pg
