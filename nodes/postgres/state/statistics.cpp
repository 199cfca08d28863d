#include "postgres/state/statistics.hpp"

#include "postgres/state/change_record.hpp"

#include <algorithm>

namespace chaos::pg {

std::string key_index(std::string_view table) { return std::string(table) + " (key)"; }

TableCounts& Statistics::table(std::string_view name) {
  const auto found = tables_.find(name);
  return found != tables_.end() ? found->second : tables_.emplace(std::string(name), TableCounts{}).first->second;
}

IndexCounts Statistics::index(std::string_view name) const {
  const auto found = indexes_.find(name);
  return found == indexes_.end() ? IndexCounts{} : found->second;
}

void Statistics::committed(std::string_view changes) {
  ChangeReader reader(changes);
  Change change;
  std::string_view name;
  TableCounts* counts = nullptr;
  while (reader.next_head(change)) {
    if (change.op == ChangeOp::define) {
      redefined();
      continue;
    }
    if (!counts || change.table != name) counts = &table(change.table);
    name = change.table;
    ++counts->modified_since_analyze;
    if (change.op == ChangeOp::put) {
      ++counts->updated;
      continue;
    }
    const bool added = change.op == ChangeOp::insert;
    ++(added ? counts->inserted : counts->deleted);
    if (added) ++counts->inserted_since_vacuum;
    if (counts->live) *counts->live += added ? 1 : -1;
  }
}

const std::vector<TableScan>& Statistics::scans(std::int64_t query_id, const std::function<std::vector<TableScan>()>& find) {
  const auto found = scans_.find(query_id);
  if (found != scans_.end()) return found->second;
  if (scans_.size() >= kMostPlans) scans_.clear();
  return scans_.emplace(query_id, find()).first->second;
}

void Statistics::scanned(const std::vector<TableScan>& scans, const StatementWork& work) {
  std::int64_t scanned = work.scanned;
  for (const TableScan& scan : scans) {
    TableCounts& counts = table(scan.table);
    if (scan.index.empty() && !scan.keyed) {
      ++counts.seq_scan;
      counts.seq_tup_read += scanned;
      scanned = 0;                      // of several the first is the outermost; SQLite tells one figure for all
      continue;
    }
    ++counts.idx_scan;
    counts.idx_tup_fetch += work.rows;
    IndexCounts& index = indexes_[scan.keyed ? key_index(scan.table) : scan.index];
    ++index.scans;
    index.rows += work.rows;
  }
}

void Statistics::keep_only(const std::vector<std::string>& tables) {
  std::erase_if(tables_, [&](const auto& entry) { return std::find(tables.begin(), tables.end(), entry.first) == tables.end(); });
  redefined();
}

void Statistics::vacuumed(std::string_view name, std::int64_t now_us) {
  TableCounts& counts = table(name);
  counts.last_vacuum_us = now_us;
  ++counts.vacuum_count;
  counts.inserted_since_vacuum = 0;
}

void Statistics::analyzed(std::string_view name, std::int64_t now_us) {
  TableCounts& counts = table(name);
  counts.last_analyze_us = now_us;
  ++counts.analyze_count;
  counts.modified_since_analyze = 0;
  redefined();                          // SQLite's planner may choose otherwise now
}

void Statistics::reset(std::int64_t now_us) {
  for (auto& [name, counts] : tables_) counts = {.live = counts.live};
  indexes_.clear();
  hits_ = reads_ = 0;
  reset_us_ = now_us;
}

void Statistics::reset_table(std::string_view name, std::int64_t now_us) {
  TableCounts& counts = table(name);
  counts = {.live = counts.live};
  reset_us_ = now_us;
}

void Statistics::reset_index(std::string_view name, std::int64_t now_us) {
  if (const auto found = indexes_.find(name); found != indexes_.end()) indexes_.erase(found);
  reset_us_ = now_us;
}

std::int64_t Statistics::shared_reset_us(const std::string& target) const {
  const auto found = shared_us_.find(target);
  return found == shared_us_.end() ? started_us_ : found->second;
}

}  // namespace chaos::pg
