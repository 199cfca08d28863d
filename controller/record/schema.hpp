// The tables of the record. Times as in run_data.hpp; NULL: not measured. Private to controller/record.
#pragma once

namespace chaos::record {

inline constexpr char kSchema[] = R"sql(
CREATE TABLE runs (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
  drill TEXT NOT NULL, responder TEXT NOT NULL, seed INTEGER NOT NULL, speed REAL NOT NULL,
  lab_file TEXT NOT NULL, plan BLOB NOT NULL,         -- plan: a chaoslab.v1.Drill
  start_lab_s REAL NOT NULL, end_lab_s REAL NOT NULL, last_lab_s REAL NOT NULL,
  start_unix_us INTEGER NOT NULL, end_unix_us INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'ended', 'interrupted')),
  met INTEGER, uptime REAL, uptime_min REAL, p95_ms REAL, p95_ms_max REAL,
  budget_usd_month REAL, budget_usd_month_max REAL, requests INTEGER, good INTEGER, error_budget_left REAL,
  acknowledged INTEGER                                -- orders of the ledger check; NULL: not checked
);
CREATE TABLE events (
  run TEXT NOT NULL, seq INTEGER NOT NULL, lab_s REAL NOT NULL, unix_us INTEGER NOT NULL,
  kind TEXT NOT NULL, node TEXT NOT NULL, what TEXT NOT NULL, text TEXT NOT NULL, actor TEXT NOT NULL,
  hidden INTEGER NOT NULL, PRIMARY KEY (run, seq)
) WITHOUT ROWID;
CREATE TABLE node_samples (
  run TEXT NOT NULL, tick INTEGER NOT NULL, node TEXT NOT NULL, role TEXT NOT NULL,
  lab_s REAL NOT NULL, unix_us INTEGER NOT NULL, phase INTEGER NOT NULL, attached INTEGER NOT NULL,
  resident_bytes INTEGER NOT NULL, memory_limit_bytes INTEGER NOT NULL,
  in_flight INTEGER NOT NULL, queued INTEGER NOT NULL,
  rate REAL, p95_ms REAL, error_ratio REAL, slowdown REAL, cpu_ratio REAL,
  gauges TEXT NOT NULL, PRIMARY KEY (run, tick, node)   -- gauges: a JSON object
) WITHOUT ROWID;
CREATE TABLE sli_samples (
  run TEXT NOT NULL, tick INTEGER NOT NULL, lab_s REAL NOT NULL, unix_us INTEGER NOT NULL,
  users REAL, planned_users REAL, rate REAL, p50_ms REAL, p95_ms REAL, p99_ms REAL, success REAL,
  uptime REAL, p95_run_ms REAL, budget_usd_month REAL, PRIMARY KEY (run, tick)
) WITHOUT ROWID;
CREATE TABLE minutes (
  run TEXT NOT NULL, lab_minute INTEGER NOT NULL, total INTEGER NOT NULL, good INTEGER NOT NULL,
  PRIMARY KEY (run, lab_minute)
) WITHOUT ROWID;
CREATE TABLE latency (
  run TEXT NOT NULL, bucket INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (run, bucket)
) WITHOUT ROWID;
CREATE TABLE orders (run TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (run, id)) WITHOUT ROWID;
CREATE TABLE ledger (   -- columns in the key's order: else SQLite 3.40's quick_check sees NULLs that are none
  run TEXT NOT NULL, problem TEXT NOT NULL CHECK (problem IN ('lost', 'no receipt')), id INTEGER NOT NULL,
  PRIMARY KEY (run, problem, id)
) WITHOUT ROWID;
)sql";

// Since schema 2. What a run that was cut off goes on from: a chaoslab.v1.Snapshot.
inline constexpr char kSnapshots[] = "CREATE TABLE IF NOT EXISTS snapshots (run TEXT PRIMARY KEY, bytes BLOB NOT NULL)";

// Since schema 3. Acknowledged orders that a new primary lacked.
inline constexpr char kFailoverLosses[] =
    "CREATE TABLE IF NOT EXISTS failover_losses (run TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (run, id)) WITHOUT ROWID";

}  // namespace chaos::record
