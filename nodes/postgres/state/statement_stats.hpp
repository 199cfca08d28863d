// What pg_stat_statements counts. Pure.
// Source: PostgreSQL 15 documentation, F.32 "pg_stat_statements".
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace chaos::pg {

struct StatementCounts {
  std::string text;            // normalised, at most kMaxText
  std::int64_t calls = 0;
  double total_ms = 0;
  double min_ms = 0;
  double max_ms = 0;
  double mean_ms = 0;
  double squares = 0;          // sum of squared differences from the mean (Welford)
  std::int64_t rows = 0;
  double stddev_ms() const;
};

/// Data thread only. At most `most` statements: when one more comes the twentieth part with the fewest calls goes.
class StatementStats {
 public:
  static constexpr std::size_t kMost = 1000;
  static constexpr std::size_t kMaxText = 4096;
  struct Key {
    std::int64_t user = 0;
    std::int64_t query = 0;
    auto operator<=>(const Key&) const = default;
  };

  explicit StatementStats(std::int64_t now_us, std::size_t most = kMost) : most_(most), reset_us_(now_us) {}
  /// One execution. text is asked only for a statement that is new.
  template <class Text>
  void record(Key key, double ms, std::int64_t rows, const Text& text) {
    auto found = all_.find(key);
    if (found == all_.end()) found = add(key, text());
    count(found->second, ms, rows);
  }
  /// Forgets those that fit; 0 fits all.
  void reset(Key which, std::int64_t now_us);

  const std::map<Key, StatementCounts>& all() const { return all_; }
  std::int64_t evictions() const { return evictions_; }    // times that statements were thrown out
  std::int64_t reset_us() const { return reset_us_; }

 private:
  using Map = std::map<Key, StatementCounts>;
  Map::iterator add(Key key, std::string text);
  static void count(StatementCounts& counts, double ms, std::int64_t rows);
  void evict();

  std::size_t most_;
  Map all_;
  std::int64_t evictions_ = 0;
  std::int64_t reset_us_;
};

}  // namespace chaos::pg
