// Which rows have been changed since when: kept only while somebody holds a snapshot. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

namespace chaos::pg {

/// Positions are sequence numbers of the change log.
class RecentCommits {
 public:
  static constexpr std::size_t kMostRows = 200'000;     // beyond these every row of a table counts as changed with the table

  void open_snapshot() { ++snapshots_; }
  /// The last one takes all that is known with it.
  void close_snapshot();
  bool watched() const { return snapshots_ > 0; }

  /// A change record that was committed as `seq`.
  void note(std::string_view record, std::int64_t seq);
  bool table_changed(std::string_view table, std::int64_t since) const;
  bool row_changed(std::string_view table, std::int64_t rowid, std::int64_t since) const;

 private:
  struct Table {
    std::int64_t last = 0;
    std::unordered_map<std::int64_t, std::int64_t> rows;
  };
  std::map<std::string, Table, std::less<>> tables_;
  std::size_t rows_ = 0;
  int snapshots_ = 0;
};

}  // namespace chaos::pg
