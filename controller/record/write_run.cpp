// How pending figures become rows.
#include "chaoslab/v1/node.pb.h"
#include "record/gauges.hpp"
#include "record/run_writer.hpp"

namespace chaos::record {
namespace {

template <class... Values>
void put(SQLite::Statement& statement, const Values&... values) {
  statement.reset();
  bind_all(statement, values...);
  statement.exec();
}

void write_events(SQLite::Database& db, const std::string& run, const std::vector<v1::Event>& events) {
  if (events.empty()) return;
  SQLite::Statement insert(db, "INSERT INTO events VALUES (?,?,?,?,?,?,?,?,?,?)");
  for (const auto& e : events) {
    put(insert, run, signed64(e.seq()), e.lab_s(), std::int64_t{e.unix_us()}, e.kind(), e.node(), e.what(), e.text(),
        e.actor(), int{e.hidden()});
  }
}

void write_nodes(SQLite::Database& db, const std::string& run, const std::deque<TickedNode>& nodes) {
  if (nodes.empty()) return;
  SQLite::Statement insert(db, "INSERT OR REPLACE INTO node_samples VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  for (const auto& [tick, s] : nodes) {
    put(insert, run, signed64(tick), s.node, s.role, s.lab_s, s.unix_us, int{s.phase}, int{s.attached},
        signed64(s.resident_bytes), signed64(s.memory_limit_bytes), s.in_flight, s.queued, s.rate, s.p95_ms,
        s.error_ratio, s.slowdown, s.cpu_ratio, to_json(s.gauges));
  }
}

void write_slis(SQLite::Database& db, const std::string& run, const std::deque<TickedSli>& slis) {
  if (slis.empty()) return;
  SQLite::Statement insert(db, "INSERT OR REPLACE INTO sli_samples VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  for (const auto& [tick, s] : slis) {
    put(insert, run, signed64(tick), s.lab_s, s.unix_us, s.users, s.planned_users, s.rate, s.p50_ms, s.p95_ms,
        s.p99_ms, s.success, s.uptime, s.p95_run_ms, s.budget_usd_month);
  }
}

void write_counts(SQLite::Database& db, const std::string& run, const Pending& pending) {
  SQLite::Statement minute(db, "INSERT INTO minutes VALUES (?,?,?,?) ON CONFLICT DO UPDATE SET "
                               "total = total + excluded.total, good = good + excluded.good");
  for (const auto& [at, m] : pending.minutes) put(minute, run, at, signed64(m.total), signed64(m.good));

  SQLite::Statement bucket(db, "INSERT INTO latency VALUES (?,?,?) ON CONFLICT DO UPDATE SET "
                               "count = count + excluded.count");
  v1::HistogramDelta delta;
  pending.latency.write(&delta);
  for (int i = 0; i < delta.bucket_size(); ++i) put(bucket, run, delta.bucket(i), signed64(delta.count(i)));

  SQLite::Statement order(db, "INSERT OR IGNORE INTO orders VALUES (?,?)");
  for (const std::int64_t id : pending.orders) put(order, run, id);
}

void write_failover_losses(SQLite::Database& db, const std::string& run, const std::vector<std::int64_t>& ids) {
  SQLite::Statement insert(db, "INSERT OR IGNORE INTO failover_losses VALUES (?,?)");
  for (const std::int64_t id : ids) put(insert, run, id);
}

void write_ledger(SQLite::Database& db, const std::string& run, const Ledger& ledger) {
  SQLite::Statement total(db, "UPDATE runs SET acknowledged = ? WHERE id = ?");
  put(total, signed64(ledger.acknowledged), run);
  SQLite::Statement clear(db, "DELETE FROM ledger WHERE run = ?");
  put(clear, run);
  SQLite::Statement insert(db, "INSERT OR IGNORE INTO ledger VALUES (?,?,?)");
  for (const std::int64_t id : ledger.lost) put(insert, run, "lost", id);
  for (const std::int64_t id : ledger.without_receipt) put(insert, run, "no receipt", id);
  write_failover_losses(db, run, ledger.lost_in_failover);
}

void write_snapshot(SQLite::Database& db, const std::string& run, const std::string& bytes) {
  SQLite::Statement replace(db, "INSERT OR REPLACE INTO snapshots VALUES (?,?)");
  replace.bind(1, run);
  replace.bind(2, bytes.data(), static_cast<int>(bytes.size()));
  replace.exec();
}

void write_ending(SQLite::Database& db, const std::string& run, const Ending& ending) {
  const auto& v = ending.verdict;
  SQLite::Statement update(db,
                           "UPDATE runs SET state = 'ended', end_unix_us = ?, met = ?, uptime = ?, uptime_min = ?, "
                           "p95_ms = ?, p95_ms_max = ?, budget_usd_month = ?, budget_usd_month_max = ?, requests = ?, "
                           "good = ?, error_budget_left = ? WHERE id = ?");
  put(update, ending.unix_us, int{v.met()}, v.uptime(), v.uptime_min(), v.p95_ms(), v.p95_ms_max(),
      v.budget_usd_month(), v.budget_usd_month_max(), signed64(v.requests()), signed64(v.good()),
      v.error_budget_left(), run);
}

}  // namespace

void write(SQLite::Database& db, const std::string& run, const Pending& pending) {
  write_events(db, run, pending.events);
  write_nodes(db, run, pending.nodes);
  write_slis(db, run, pending.slis);
  write_counts(db, run, pending);
  if (!pending.lost_in_failover.empty()) write_failover_losses(db, run, pending.lost_in_failover);
  if (pending.ledger) write_ledger(db, run, *pending.ledger);
  if (pending.snapshot) write_snapshot(db, run, *pending.snapshot);
  if (pending.interrupted) {
    SQLite::Statement update(db, "UPDATE runs SET state = 'interrupted' WHERE id = ?");
    put(update, run);
  }
  if (pending.ending) write_ending(db, run, *pending.ending);
  SQLite::Statement last(db, "UPDATE runs SET last_lab_s = max(last_lab_s, min(?, end_lab_s)) WHERE id = ?");
  put(last, pending.last_lab_s, run);
}

}  // namespace chaos::record
