#include "postgres/state/metrics.hpp"

namespace chaos::pg {

namespace {

prometheus::Counter* counter(prometheus::Registry& registry, const char* name, const char* help) {
  return &prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({});
}
prometheus::Gauge* gauge(prometheus::Registry& registry, const char* name, const char* help) {
  return &prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

}  // namespace

Metrics::Metrics(prometheus::Registry& registry) {
  auto& transactions = prometheus::BuildCounter().Name("postgres_transactions_total").Help("Transactions that ended").Register(registry);
  commits = &transactions.Add({{"result", "commit"}});
  rollbacks = &transactions.Add({{"result", "rollback"}});
  refused = counter(registry, "postgres_connections_refused_total", "Sessions refused at startup");
  lock_waits = counter(registry, "postgres_lock_waits_total", "Times that a statement waited for another session's lock");
  deadlocks = counter(registry, "postgres_deadlocks_total", "Statements that were ended to break a deadlock");
  slow = counter(registry, "postgres_slow_queries_total", "Queries that were moved off the data thread");
  wal_lsn = gauge(registry, "postgres_wal_lsn_bytes", "End of the change log; on a replica the applied position");
  lag_seconds = gauge(registry, "postgres_replication_lag_seconds", "How old the newest applied change is while others wait");
  lag_bytes = gauge(registry, "postgres_replication_lag_bytes", "Bytes of the primary's log that are not applied yet");
  in_recovery = gauge(registry, "postgres_in_recovery", "1 while this node follows a primary, 0 while it is one");
  timeline = gauge(registry, "postgres_timeline", "Grows by one with each promotion");
  auto& sessions = prometheus::BuildGauge().Name("postgres_sessions").Help("Client sessions by state").Register(registry);
  for (std::size_t i = 0; i < sessions_.size(); ++i) {
    sessions_[i] = &sessions.Add({{"state", std::string(state_word(static_cast<BackendState>(i)))}});
  }
}

void Metrics::sessions(const Backends& backends) {
  for (std::size_t i = 0; i < sessions_.size(); ++i) {
    sessions_[i]->Set(static_cast<double>(backends.count(static_cast<BackendState>(i))));
  }
}

}  // namespace chaos::pg
