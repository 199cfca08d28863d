#include "postgres/state/statement_stats.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace chaos::pg {

double StatementCounts::stddev_ms() const { return calls > 1 ? std::sqrt(squares / static_cast<double>(calls)) : 0; }

StatementStats::Map::iterator StatementStats::add(Key key, std::string text) {
  if (all_.size() >= most_) evict();
  if (text.size() > kMaxText) text.resize(kMaxText);
  return all_.emplace(key, StatementCounts{std::move(text)}).first;
}

void StatementStats::count(StatementCounts& counts, double ms, std::int64_t rows) {
  ++counts.calls;
  counts.rows += rows;
  counts.total_ms += ms;
  counts.min_ms = counts.calls == 1 ? ms : std::min(counts.min_ms, ms);
  counts.max_ms = std::max(counts.max_ms, ms);
  const double before = counts.mean_ms;
  counts.mean_ms += (ms - before) / static_cast<double>(counts.calls);
  counts.squares += (ms - before) * (ms - counts.mean_ms);
}

void StatementStats::evict() {
  std::vector<std::pair<std::int64_t, Key>> order;
  order.reserve(all_.size());
  for (const auto& [key, counts] : all_) order.emplace_back(counts.calls, key);
  const std::size_t gone = std::max<std::size_t>(1, all_.size() / 20);
  std::nth_element(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(gone - 1), order.end());
  for (std::size_t i = 0; i < gone; ++i) all_.erase(order[i].second);
  ++evictions_;
}

void StatementStats::reset(Key which, std::int64_t now_us) {
  std::erase_if(all_, [&](const auto& entry) {
    return (which.user == 0 || which.user == entry.first.user) && (which.query == 0 || which.query == entry.first.query);
  });
  if (which != Key{}) return;
  evictions_ = 0;
  reset_us_ = now_us;
}

}  // namespace chaos::pg
