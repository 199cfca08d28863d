// The keys of a Redis node: strings with an expiry, kept in least-recently-used order.
#pragma once

#include "runtime/units.hpp"

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/set.hpp>
#include <boost/intrusive/unordered_set.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace chaos::redis {

namespace bi = boost::intrusive;

/// "Never expires".
inline constexpr LabTime kNever{INT64_MAX};

struct Entry : bi::unordered_set_base_hook<bi::store_hash<true>>, bi::list_base_hook<>,
               bi::set_base_hook<bi::optimize_size<true>> {
  Entry(std::string_view k, std::string_view v) : key(k), value(v) {}
  const std::string key;
  std::string value;            // changed only through Keyspace::assign, which keeps the account
  LabTime expires = kNever;     // changed only through Keyspace::expire_at
};

/// Counts since the start, but for `expired` and `evicted` all as INFO stats names them.
struct KeyspaceCounters {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::uint64_t evicted = 0;
  std::uint64_t expired = 0;
};

/// Pure: time comes in with each call. An expired key is gone for every caller from its instant on (lazy expiry);
/// expire() removes those that nobody asks for (active expiry). Eviction is exact LRU, where Redis samples.
class Keyspace {
 public:
  /// How a lookup counts. read: hit or miss, and freshens. write: freshens. look: hit or miss (TTL, TYPE, EXISTS).
  enum class Use { read, write, look };

  Keyspace();
  ~Keyspace();
  Keyspace(const Keyspace&) = delete;
  Keyspace& operator=(const Keyspace&) = delete;

  /// Null when there is none. Valid until the key is erased, expires, is evicted or replaced by set().
  Entry* find(std::string_view key, LabTime now, Use use);
  /// Puts a value under a key, new or not; the most recently used.
  Entry& set(std::string_view key, std::string_view value, LabTime expires = kNever);
  void assign(Entry& entry, std::string value);
  void expire_at(Entry& entry, LabTime at);
  void erase(Entry& entry);
  void clear();

  /// Removes at most `at_most` keys whose time is over, the oldest first; how many it removed.
  std::size_t expire(LabTime now, std::size_t at_most);
  /// Evicts the least recently used while more than `max_bytes` are in use. False when nothing is left to evict.
  bool evict_to(std::uint64_t max_bytes);

  /// One step of SCAN: visits one bucket and gives the next cursor, 0 at the end. The cursor counts with its bits
  /// reversed (as Redis, dict.c: dictScan), so keys that stay are visited even when the table grows or shrinks meanwhile.
  std::uint64_t scan(std::uint64_t cursor, const std::function<void(const Entry&)>& visit) const;
  void for_each(const std::function<void(const Entry&)>& visit) const;

  std::size_t size() const { return recent_.size(); }
  std::size_t expiring() const { return expiries_.size(); }
  /// Of the keys that expire; 0 when none does.
  LabDuration average_ttl(LabTime now) const;
  /// Memory of keys, values, entries and the table, malloc's rounding included.
  std::uint64_t used_bytes() const { return used_; }
  /// What one entry counts for.
  static std::uint64_t bytes_of(const Entry& entry);
  KeyspaceCounters& counters() { return counters_; }

 private:
  struct KeyOf { using type = std::string_view; type operator()(const Entry& e) const { return e.key; } };
  struct Hash { std::size_t operator()(std::string_view key) const { return std::hash<std::string_view>{}(key); } };
  struct ByExpiry { bool operator()(const Entry& a, const Entry& b) const { return a.expires < b.expires; } };
  using Table = bi::unordered_set<Entry, bi::key_of_value<KeyOf>, bi::hash<Hash>, bi::equal<std::equal_to<>>,
                                  bi::power_2_buckets<true>, bi::constant_time_size<true>>;

  void resize(std::size_t buckets);
  void fit();

  std::unique_ptr<Table::bucket_type[]> buckets_;
  std::size_t bucket_count_;
  Table table_;
  bi::list<Entry> recent_;                                     // the most recently used first
  bi::multiset<Entry, bi::compare<ByExpiry>> expiries_;
  std::uint64_t used_ = 0;
  KeyspaceCounters counters_;
};

}  // namespace chaos::redis
