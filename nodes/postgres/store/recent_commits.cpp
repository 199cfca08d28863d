#include "postgres/store/recent_commits.hpp"

#include "postgres/state/change_record.hpp"

namespace chaos::pg {

void RecentCommits::close_snapshot() {
  if (--snapshots_ > 0) return;
  tables_.clear();
  rows_ = 0;
}

void RecentCommits::note(std::string_view record, std::int64_t seq) {
  if (!watched()) return;
  ChangeReader reader(record);
  for (Change change; reader.next(change);) {
    if (change.op == ChangeOp::define) continue;
    auto found = tables_.find(change.table);
    if (found == tables_.end()) found = tables_.emplace(change.table, Table{}).first;
    found->second.last = seq;
    if (rows_ >= kMostRows) continue;
    rows_ += found->second.rows.contains(change.rowid) ? 0 : 1;
    found->second.rows[change.rowid] = seq;
  }
}

bool RecentCommits::table_changed(std::string_view table, std::int64_t since) const {
  const auto found = tables_.find(table);
  return found != tables_.end() && found->second.last > since;
}

bool RecentCommits::row_changed(std::string_view table, std::int64_t rowid, std::int64_t since) const {
  const auto found = tables_.find(table);
  if (found == tables_.end() || found->second.last <= since) return false;
  const auto row = found->second.rows.find(rowid);
  return row == found->second.rows.end() ? rows_ >= kMostRows : row->second > since;
}

}  // namespace chaos::pg
