// What a PostgreSQL node shows to Prometheus beyond the figures of every node.
#pragma once

#include "postgres/state/backends.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <array>

namespace chaos::pg {

/// Data thread only.
class Metrics {
 public:
  explicit Metrics(prometheus::Registry& registry);

  void sessions(const Backends& backends);
  void lag(double seconds, double bytes) { lag_seconds->Set(seconds); lag_bytes->Set(bytes); }

  prometheus::Counter* commits;         // postgres_transactions_total{result="commit"}
  prometheus::Counter* rollbacks;       // postgres_transactions_total{result="rollback"}
  prometheus::Counter* refused;         // postgres_connections_refused_total
  prometheus::Counter* lock_waits;      // postgres_lock_waits_total: waits for another session's lock
  prometheus::Counter* deadlocks;       // postgres_deadlocks_total
  prometheus::Counter* slow;            // postgres_slow_queries_total: queries that outgrew the data thread
  prometheus::Gauge* wal_lsn;           // postgres_wal_lsn_bytes: end of the log (primary), applied position (replica)
  prometheus::Gauge* lag_seconds;       // postgres_replication_lag_seconds (real time)
  prometheus::Gauge* lag_bytes;         // postgres_replication_lag_bytes
  prometheus::Gauge* in_recovery;       // postgres_in_recovery: 1 on a standby
  prometheus::Gauge* timeline;          // postgres_timeline

 private:
  std::array<prometheus::Gauge*, 5> sessions_{};   // postgres_sessions{state=...}, by BackendState
};

}  // namespace chaos::pg
