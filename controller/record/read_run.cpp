#include "record/read_run.hpp"

#include "chaoslab/v1/node.pb.h"
#include "record/gauges.hpp"

#include <bit>

namespace chaos {

std::string_view to_word(RunState state) {
  switch (state) {
    case RunState::running: return "running";
    case RunState::ended: return "ended";
    case RunState::interrupted: return "interrupted";
    case RunState::cut_off: return "cut off";
  }
  return "unknown";
}

namespace record {
namespace {

constexpr char kInfoColumns[] =
    "id, drill, responder, seed, speed, start_lab_s, end_lab_s, last_lab_s, start_unix_us, end_unix_us, state, "
    "(SELECT unix_us FROM sli_samples s WHERE s.run = runs.id ORDER BY tick DESC LIMIT 1)";
constexpr int kInfo = 12;      // how many these are

std::uint64_t unsigned64(const SQLite::Column& column) { return static_cast<std::uint64_t>(column.getInt64()); }

RunState state_from(const std::string& word) {
  if (word == "ended") return RunState::ended;
  return word == "running" ? RunState::running : RunState::interrupted;
}

RunInfo info_from(SQLite::Statement& row) {
  RunInfo info;
  info.id = row.getColumn(0).getString();
  info.drill = row.getColumn(1).getString();
  info.responder = row.getColumn(2).getString();
  info.seed = unsigned64(row.getColumn(3));
  info.speed = row.getColumn(4).getDouble();
  info.start_lab_s = row.getColumn(5).getDouble();
  info.end_lab_s = row.getColumn(6).getDouble();
  info.last_lab_s = row.getColumn(7).getDouble();
  info.start_unix_us = row.getColumn(8).getInt64();
  info.end_unix_us = row.getColumn(9).getInt64();
  info.state = state_from(row.getColumn(10).getString());
  info.last_unix_us = row.getColumn(11).getInt64();
  return info;
}

SQLite::Statement of_run(SQLite::Database& db, const std::string& sql, const std::string& run) {
  SQLite::Statement query(db, sql);
  query.bind(1, run);
  return query;
}

/// False: the plan is none.
bool read_info(SQLite::Database& db, const std::string& run, RunData* data) {
  auto row = of_run(db, std::string("SELECT ") + kInfoColumns + ", lab_file, plan, met, uptime, uptime_min, p95_ms, "
                        "p95_ms_max, budget_usd_month, budget_usd_month_max, requests, good, error_budget_left "
                        "FROM runs WHERE id = ?", run);
  row.executeStep();
  data->info = info_from(row);
  data->info.lab_file = row.getColumn(kInfo).getString();
  const std::string plan = row.getColumn(kInfo + 1).getString();
  if (!data->info.plan.ParseFromString(plan)) return false;
  if (row.getColumn(kInfo + 2).isNull()) return true;
  auto& v = data->verdict.emplace();
  v.set_met(row.getColumn(kInfo + 2).getInt() != 0);
  v.set_uptime(row.getColumn(kInfo + 3).getDouble());
  v.set_uptime_min(row.getColumn(kInfo + 4).getDouble());
  v.set_p95_ms(row.getColumn(kInfo + 5).getDouble());
  v.set_p95_ms_max(row.getColumn(kInfo + 6).getDouble());
  v.set_budget_usd_month(row.getColumn(kInfo + 7).getDouble());
  v.set_budget_usd_month_max(row.getColumn(kInfo + 8).getDouble());
  v.set_requests(unsigned64(row.getColumn(kInfo + 9)));
  v.set_good(unsigned64(row.getColumn(kInfo + 10)));
  v.set_error_budget_left(row.getColumn(kInfo + 11).getDouble());
  return true;
}

/// Every how many-th tick is read so that `most` suffice: a power of two, as thinning keeps them.
std::int64_t read_stride(SQLite::Database& db, const std::string& run, std::uint64_t most) {
  auto row = of_run(db, "SELECT coalesce(max(tick), 0) FROM sli_samples WHERE run = ?", run);
  row.executeStep();
  return static_cast<std::int64_t>(std::bit_ceil(unsigned64(row.getColumn(0)) / most + 1));
}

NodeSample node_from(SQLite::Statement& row) {
  NodeSample s;
  s.node = row.getColumn(0).getString();
  s.role = row.getColumn(1).getString();
  s.lab_s = row.getColumn(2).getDouble();
  s.unix_us = row.getColumn(3).getInt64();
  s.phase = static_cast<v1::Phase>(row.getColumn(4).getInt());
  s.attached = row.getColumn(5).getInt() != 0;
  s.resident_bytes = unsigned64(row.getColumn(6));
  s.memory_limit_bytes = unsigned64(row.getColumn(7));
  s.in_flight = row.getColumn(8).getUInt();
  s.queued = row.getColumn(9).getUInt();
  s.rate = real(row.getColumn(10));
  s.p95_ms = real(row.getColumn(11));
  s.error_ratio = real(row.getColumn(12));
  s.slowdown = real(row.getColumn(13));
  s.cpu_ratio = real(row.getColumn(14));
  s.gauges = gauges_from_json(row.getColumn(15).getString());
  return s;
}

void read_nodes(SQLite::Database& db, std::int64_t stride, RunData* data) {
  auto row = of_run(db, "SELECT node, role, lab_s, unix_us, phase, attached, resident_bytes, memory_limit_bytes, "
                        "in_flight, queued, rate, p95_ms, error_ratio, slowdown, cpu_ratio, gauges "
                        "FROM node_samples WHERE run = ? AND tick % ? = 0 ORDER BY tick, node", data->info.id);
  row.bind(2, stride);
  while (row.executeStep()) data->nodes.push_back(node_from(row));
}

void read_slis(SQLite::Database& db, std::int64_t stride, RunData* data) {
  auto row = of_run(db, "SELECT lab_s, unix_us, users, planned_users, rate, p50_ms, p95_ms, p99_ms, success, uptime, "
                        "p95_run_ms, budget_usd_month FROM sli_samples WHERE run = ? AND tick % ? = 0 ORDER BY tick",
                    data->info.id);
  row.bind(2, stride);
  while (row.executeStep()) {
    const auto at = [&](int i) { return real(row.getColumn(i)); };
    data->slis.push_back({at(0), row.getColumn(1).getInt64(), at(2), at(3), at(4), at(5), at(6), at(7), at(8), at(9),
                          at(10), at(11)});
  }
}

const std::string kSelectEvents = "SELECT seq, lab_s, unix_us, kind, node, what, text, actor, hidden FROM events WHERE run = ?";

v1::Event event_from(SQLite::Statement& row) {
  v1::Event e;
  e.set_seq(unsigned64(row.getColumn(0)));
  e.set_lab_s(row.getColumn(1).getDouble());
  e.set_unix_us(row.getColumn(2).getInt64());
  e.set_kind(row.getColumn(3).getString());
  e.set_node(row.getColumn(4).getString());
  e.set_what(row.getColumn(5).getString());
  e.set_text(row.getColumn(6).getString());
  e.set_actor(row.getColumn(7).getString());
  e.set_hidden(row.getColumn(8).getInt() != 0);
  return e;
}

void read_counts(SQLite::Database& db, RunData* data) {
  auto minute = of_run(db, "SELECT lab_minute, total, good FROM minutes WHERE run = ? ORDER BY lab_minute",
                       data->info.id);
  while (minute.executeStep()) {
    data->minutes.push_back({minute.getColumn(0).getInt64(), unsigned64(minute.getColumn(1)),
                             unsigned64(minute.getColumn(2))});
  }
  auto bucket = of_run(db, "SELECT bucket, count FROM latency WHERE run = ?", data->info.id);
  v1::HistogramDelta delta;
  while (bucket.executeStep()) {
    delta.add_bucket(bucket.getColumn(0).getUInt());
    delta.add_count(unsigned64(bucket.getColumn(1)));
  }
  data->latency.merge(delta);
  auto orders = of_run(db, "SELECT count(*) FROM orders WHERE run = ?", data->info.id);
  orders.executeStep();
  data->orders = unsigned64(orders.getColumn(0));
}

void read_failover_losses(SQLite::Database& db, RunData* data) {
  if (db.execAndGet("PRAGMA user_version").getInt() < 3) return;
  auto row = of_run(db, "SELECT id FROM failover_losses WHERE run = ? ORDER BY id", data->info.id);
  while (row.executeStep()) data->lost_in_failover.push_back(row.getColumn(0).getInt64());
}

void read_ledger(SQLite::Database& db, RunData* data) {
  auto total = of_run(db, "SELECT acknowledged FROM runs WHERE id = ?", data->info.id);
  total.executeStep();
  if (total.getColumn(0).isNull()) return;
  auto& ledger = data->ledger.emplace();
  ledger.acknowledged = unsigned64(total.getColumn(0));
  auto row = of_run(db, "SELECT id, problem FROM ledger WHERE run = ? ORDER BY id", data->info.id);
  while (row.executeStep()) {
    auto& list = row.getColumn(1).getString() == "lost" ? ledger.lost : ledger.without_receipt;
    list.push_back(row.getColumn(0).getInt64());
  }
  ledger.lost_in_failover = data->lost_in_failover;
}

}  // namespace

std::string resolve_run(SQLite::Database& db, const std::string& run) {
  const bool newest = run.empty() || run == "last";
  SQLite::Statement query(db, newest ? "SELECT id FROM runs ORDER BY number DESC LIMIT 1"
                                     : "SELECT id FROM runs WHERE id = ?");
  if (!newest) query.bind(1, run);
  return query.executeStep() ? query.getColumn(0).getString() : std::string();
}

std::string known_runs(SQLite::Database& db) {
  const int last = db.execAndGet("SELECT coalesce(max(number), 0) FROM runs").getInt();
  if (last == 0) return "no run yet";
  return last == 1 ? "r1" : "r1 to r" + std::to_string(last);
}

std::vector<RunInfo> read_runs(SQLite::Database& db) {
  SQLite::Statement row(db, std::string("SELECT ") + kInfoColumns + " FROM runs ORDER BY number");
  std::vector<RunInfo> runs;
  while (row.executeStep()) runs.push_back(info_from(row));
  return runs;
}

std::vector<v1::Event> read_events(SQLite::Database& db, const std::string& run, std::uint64_t after) {
  auto row = of_run(db, kSelectEvents + " AND seq > ? ORDER BY seq", run);
  row.bind(2, signed64(after));
  std::vector<v1::Event> events;
  while (row.executeStep()) events.push_back(event_from(row));
  return events;
}

void visit_events(SQLite::Database& db, const std::string& run, RealSpan span, const EventVisitor& visit) {
  auto row = of_run(db, kSelectEvents + " AND unix_us >= ? AND unix_us <= ? ORDER BY seq DESC", run);
  row.bind(2, span.from_us);
  row.bind(3, span.to_us);
  while (row.executeStep()) {
    if (!visit(event_from(row))) return;
  }
}

std::vector<std::int64_t> read_orders(SQLite::Database& db, const std::string& run) {
  auto row = of_run(db, "SELECT id FROM orders WHERE run = ? ORDER BY id", run);
  std::vector<std::int64_t> ids;
  while (row.executeStep()) ids.push_back(row.getColumn(0).getInt64());
  return ids;
}

RecordResult<RunData> read_run(Connection& connection, const std::string& run, std::uint64_t most_ticks) {
  auto& [file, db] = connection;
  RunData data;
  if (!read_info(db, run, &data)) {
    return RecordError(file, "the plan of run " + run + " cannot be read: the file is damaged, restore a copy of it");
  }
  data.events = read_events(db, run, 0);
  const std::int64_t stride = read_stride(db, run, most_ticks);
  read_nodes(db, stride, &data);
  read_slis(db, stride, &data);
  read_counts(db, &data);
  read_failover_losses(db, &data);
  read_ledger(db, &data);
  return data;
}

}  // namespace record
}  // namespace chaos
