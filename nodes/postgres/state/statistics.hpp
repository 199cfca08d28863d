// What the server counted since it started or pg_stat_reset() (PostgreSQL 15 documentation, 28.2). Pure.
#pragma once

#include "postgres/state/scan_plan.hpp"
#include "postgres/state/statement_stats.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace chaos::pg {

struct TableCounts {
  std::int64_t seq_scan = 0;
  std::int64_t seq_tup_read = 0;
  std::int64_t idx_scan = 0;
  std::int64_t idx_tup_fetch = 0;
  std::int64_t inserted = 0;            // in transactions that committed
  std::int64_t updated = 0;
  std::int64_t deleted = 0;
  std::optional<std::int64_t> live;     // rows there are; nullopt: nobody has counted them yet
  std::int64_t modified_since_analyze = 0;
  std::int64_t inserted_since_vacuum = 0;
  std::int64_t last_vacuum_us = 0;
  std::int64_t last_analyze_us = 0;
  std::int64_t vacuum_count = 0;
  std::int64_t analyze_count = 0;
};

struct IndexCounts {
  std::int64_t scans = 0;
  std::int64_t rows = 0;
};

/// What one run of a statement did.
struct StatementWork {
  std::int64_t scanned = 0;             // rows that scans of whole tables went over
  std::int64_t rows = 0;                // rows that came out of it or that it changed
  bool ran = false;
};

/// Data thread only.
class Statistics {
 public:
  explicit Statistics(std::int64_t now_us) : statements(now_us), reset_us_(now_us), started_us_(now_us) {}

  StatementStats statements;

  /// The changes of a transaction that committed (change_record.hpp).
  void committed(std::string_view changes);
  /// How the statement of this id reaches its rows; `find` is asked once, and again after a definition.
  const std::vector<TableScan>& scans(std::int64_t query_id, const std::function<std::vector<TableScan>()>& find);
  void scanned(const std::vector<TableScan>& scans, const StatementWork& work);
  /// A definition was carried out: tables and plans may be others now.
  void redefined() { scans_.clear(); }
  /// Tables may have been dropped: forgets those that are not among these.
  void keep_only(const std::vector<std::string>& tables);
  /// VACUUM or ANALYZE of one table.
  void vacuumed(std::string_view table, std::int64_t now_us);
  void analyzed(std::string_view table, std::int64_t now_us);
  void blocks(std::int64_t hits, std::int64_t reads) { hits_ += hits, reads_ += reads; }
  /// pg_stat_reset(): all but the statements and how many rows there are.
  void reset(std::int64_t now_us);
  void reset_table(std::string_view name, std::int64_t now_us);
  void reset_index(std::string_view name, std::int64_t now_us);
  /// pg_stat_reset_shared(): "bgwriter", "archiver", ...
  void reset_shared(const std::string& target, std::int64_t now_us) { shared_us_[target] = now_us; }
  std::int64_t shared_reset_us(const std::string& target) const;

  TableCounts& table(std::string_view name);
  IndexCounts index(std::string_view name) const;
  const std::map<std::string, TableCounts, std::less<>>& tables() const { return tables_; }
  std::int64_t block_hits() const { return hits_; }
  std::int64_t block_reads() const { return reads_; }
  std::int64_t reset_us() const { return reset_us_; }

 private:
  static constexpr std::size_t kMostPlans = 2000;
  std::map<std::string, TableCounts, std::less<>> tables_;
  std::map<std::string, IndexCounts, std::less<>> indexes_;
  std::unordered_map<std::int64_t, std::vector<TableScan>> scans_;
  std::int64_t hits_ = 0;
  std::int64_t reads_ = 0;
  std::int64_t reset_us_;
  std::int64_t started_us_;
  std::map<std::string, std::int64_t> shared_us_;      // of what was reset since the start
};

/// The name under which the index of a table's own order is counted.
std::string key_index(std::string_view table);

}  // namespace chaos::pg
