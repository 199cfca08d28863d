#include "postgres/catalog.hpp"
#include "postgres/facts.hpp"
#include "postgres/pg_time.hpp"

namespace chaos::pg {

namespace {

CatalogValue text(std::string_view value) { return value.empty() ? CatalogValue{} : CatalogValue{std::string(value)}; }
CatalogValue time(std::int64_t us) { return us == 0 ? CatalogValue{} : CatalogValue{format_timestamp(us)}; }
CatalogValue number(std::int64_t n) { return n; }
CatalogValue lsn(Lsn value) { return value == 0 ? CatalogValue{} : CatalogValue{format_lsn(value)}; }

CatalogRows activity(Handle& handle) {
  CatalogRows rows;
  for (const auto& [pid, b] : handle.facts().backends().all()) {
    rows.push_back({number(16384), text(b->database), number(pid), number(10), text(b->user), text(b->application_name),
                    text(b->client_addr), number(b->client_port), time(b->started_us), time(b->transaction_us),
                    time(b->query_us), time(b->state_us), text(b->wait_event_type), text(b->wait_event),
                    text(state_word(b->state)), std::string(b->query), text(b->type)});
  }
  return rows;
}

CatalogRows replication(Handle& handle) {
  CatalogRows rows;
  for (const ReplicationRow& r : handle.facts().replication()) {
    const CatalogValue lag = r.replay_lag_us ? CatalogValue{format_interval(*r.replay_lag_us)} : CatalogValue{};
    rows.push_back({number(r.backend->pid), text(r.backend->user), text(r.backend->application_name), text(r.backend->client_addr),
                    number(r.backend->client_port), time(r.backend->started_us), text(r.state), lsn(r.sent), lsn(r.written),
                    lsn(r.flushed), lsn(r.replayed), lag, std::string("async"), time(r.reply_us)});
  }
  return rows;
}

CatalogRows receiver(Handle& handle) {
  const auto r = handle.facts().receiver();
  if (!r) return {};
  return {{text(r->status), lsn(r->written), lsn(r->flushed), time(r->last_message_us), lsn(r->latest_end), time(r->latest_end_us),
           text(r->sender_host), number(5432)}};
}

CatalogRows settings(Handle& handle) {
  CatalogRows rows;
  for (const Setting& setting : handle.facts().settings()) rows.push_back({std::string(setting.name), setting.value});
  return rows;
}

CatalogRows databases(Handle& handle) {
  const auto clients = static_cast<std::int64_t>(handle.facts().backends().clients());
  return {{number(16384), std::string("shop"), number(10), number(6), number(1), clients,
           std::string("C.UTF-8"), std::string("C.UTF-8"), CatalogValue{}, std::string("c"), CatalogValue{}, number(0), number(1663)}};
}

CatalogRows roles(Handle&) { return {{number(10), std::string("postgres"), number(1), number(1), number(1)}}; }

// Who waits for the one lock of the database, and who holds it.
CatalogRows locks(Handle& handle) {
  CatalogRows rows;
  for (const auto& [pid, b] : handle.facts().backends().all()) {
    const bool waits = b->wait_event_type == "Lock";
    if (!waits && !b->holds_lock) continue;
    rows.push_back({std::string("transactionid"), number(pid), std::string("ExclusiveLock"), number(waits ? 0 : 1)});
  }
  return rows;
}

}  // namespace

const std::vector<CatalogTable>& activity_tables() {
  static const std::vector<CatalogTable> tables{
      {"pg_stat_activity",
       "datid INTEGER, datname TEXT, pid INTEGER, usesysid INTEGER, usename TEXT, application_name TEXT, client_addr TEXT,"
       "client_port INTEGER, backend_start timestamptz, xact_start timestamptz, query_start timestamptz, state_change timestamptz,"
       "wait_event_type TEXT, wait_event TEXT, state TEXT, query TEXT, backend_type TEXT",
       activity},
      {"pg_stat_replication",
       "pid INTEGER, usename TEXT, application_name TEXT, client_addr TEXT, client_port INTEGER, backend_start timestamptz,"
       "state TEXT, sent_lsn TEXT, write_lsn TEXT, flush_lsn TEXT, replay_lsn TEXT, replay_lag interval, sync_state TEXT,"
       "reply_time timestamptz",
       replication},
      {"pg_stat_wal_receiver",
       "status TEXT, written_lsn TEXT, flushed_lsn TEXT, last_msg_receipt_time timestamptz, latest_end_lsn TEXT,"
       "latest_end_time timestamptz, sender_host TEXT, sender_port INTEGER",
       receiver},
      {"pg_settings", "name TEXT, setting TEXT", settings},
      {"pg_database", "oid INTEGER, datname TEXT, datdba INTEGER, encoding INTEGER, datallowconn INTEGER, numbackends INTEGER,"
       "datcollate TEXT, datctype TEXT, daticulocale TEXT, datlocprovider TEXT, datacl TEXT, datistemplate boolean, dattablespace INTEGER",
       databases},
      {"pg_roles", "oid INTEGER, rolname TEXT, rolsuper INTEGER, rolcanlogin INTEGER, rolreplication INTEGER", roles},
      {"pg_locks", "locktype TEXT, pid INTEGER, mode TEXT, granted boolean", locks}};
  return tables;
}

}  // namespace chaos::pg
