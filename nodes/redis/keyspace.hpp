// The keys of a Redis node: values with an expiry, and what eviction needs to know of them.
#pragma once

#include "redis/births.hpp"
#include "redis/eviction.hpp"
#include "redis/values/box.hpp"
#include "redis/values/footprint.hpp"
#include "runtime/random.hpp"
#include "runtime/units.hpp"

#include <boost/intrusive/set.hpp>
#include <boost/intrusive/unordered_set.hpp>

#include <functional>
#include <string>
#include <vector>

namespace chaos::redis {

namespace bi = boost::intrusive;

/// "Never expires".
inline constexpr LabTime kNever{INT64_MAX};

struct Entry : bi::unordered_set_base_hook<bi::store_hash<true>>, bi::set_base_hook<bi::optimize_size<true>> {
  Entry(std::string_view k, std::string_view v) : key(k), value(v) {}
  Type type() const { return box ? box->type() : Type::string; }

  const std::string key;
  std::string value;            // of a string; changed only through Keyspace::assign, which keeps the account
  std::unique_ptr<Box> box;     // of anything else; after a change of it: Keyspace::settle
  LabTime expires = kNever;     // changed only through Keyspace::expire_at
  LabTime used{};               // when it was last read or written
  std::uint64_t version = 0;    // rises with each change; another key's or life's is never the same
  std::uint64_t bytes = 0;      // what the account holds for it
  Usage usage;
  std::uint32_t place = 0, volatile_place = 0;   // in the keyspace's lists
  bool raw = false;             // a string that was edited in place (OBJECT ENCODING)
};

/// Counts since the start, but for `expired` and `evicted` all as INFO stats names them.
struct KeyspaceCounters {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::uint64_t evicted = 0;
  std::uint64_t expired = 0;
};

/// Pure: time and chance come in. An expired key is gone for every caller from its instant on (lazy expiry);
/// expire() removes those that nobody asks for (active expiry).
class Keyspace {
 public:
  /// How a lookup counts. read: hit or miss, and freshens. write: freshens. look: hit or miss (TTL, TYPE, EXISTS).
  /// peek: leaves no trace (OBJECT, MEMORY).
  enum class Use { read, write, look, peek };

  explicit Keyspace(Rng rng = Rng(1));
  ~Keyspace();
  Keyspace(const Keyspace&) = delete;
  Keyspace& operator=(const Keyspace&) = delete;

  /// Null when there is none. Valid until the key is erased, expires, is evicted or replaced by set() or put().
  Entry* find(std::string_view key, LabTime now, Use use);
  /// Puts a string or a box under a key, new or not.
  Entry& set(std::string_view key, std::string_view value, LabTime expires = kNever);
  /// The same for a key that is there.
  void set(Entry& entry, std::string_view value, LabTime expires);
  Entry& put(std::string_view key, std::unique_ptr<Box> box, LabTime expires = kNever);
  void assign(Entry& entry, std::string value);
  /// After a change of the entry's box: brings the account up to date, or erases the key when nothing is left in it.
  void settle(Entry& entry);
  void expire_at(Entry& entry, LabTime at);
  void erase(Entry& entry);
  void clear();

  /// Removes at most `at_most` keys whose time is over, the oldest first; how many it removed.
  std::size_t expire(LabTime now, std::size_t at_most);
  /// Evicts by the rule while more than `max_bytes` are in use. False when nothing is left that may go.
  bool evict_to(std::uint64_t max_bytes, LabTime now);
  EvictionRule rule;

  /// One step of SCAN: visits one bucket and gives the next cursor, 0 at the end (redis/values/footprint.hpp: next_cursor).
  std::uint64_t scan(std::uint64_t cursor, const std::function<void(const Entry&)>& visit) const;
  void for_each(const std::function<void(const Entry&)>& visit) const;
  /// A key by chance; null when there is none.
  Entry* random();

  std::size_t size() const { return all_.size(); }
  std::size_t expiring() const { return volatile_.size(); }
  /// Of the keys that expire; 0 when none does.
  LabDuration average_ttl(LabTime now) const;
  /// Memory of keys, values, entries and the table, malloc's rounding included.
  std::uint64_t used_bytes() const { return used_; }
  std::uint64_t table_bytes() const { return allocation(bucket_count_ * sizeof(Table::bucket_type)); }
  /// What one entry counts for.
  static std::uint64_t bytes_of(const Entry& entry);
  std::uint64_t changes() const { return changes_; }
  KeyspaceCounters& counters() { return counters_; }
  Rng& rng() { return rng_; }
  Births& births() { return births_; }

 private:
  struct KeyOf { using type = std::string_view; type operator()(const Entry& e) const { return e.key; } };
  struct Hash { std::size_t operator()(std::string_view key) const { return std::hash<std::string_view>{}(key); } };
  struct ByExpiry { bool operator()(const Entry& a, const Entry& b) const { return a.expires < b.expires; } };
  using Table = bi::unordered_set<Entry, bi::key_of_value<KeyOf>, bi::hash<Hash>, bi::equal<std::equal_to<>>,
                                  bi::power_2_buckets<true>, bi::constant_time_size<true>>;

  Entry& made(std::string_view key);
  void account(Entry& entry);
  void resize(std::size_t buckets);
  void fit();
  Entry* victim(LabTime now);

  std::unique_ptr<Table::bucket_type[]> buckets_;
  std::size_t bucket_count_;
  Table table_;
  std::vector<Entry*> all_, volatile_;          // in no order: to draw from
  bi::multiset<Entry, bi::compare<ByExpiry>> expiries_;
  EvictionPool pool_;
  Policy pooled_ = Policy::noeviction;          // that the pool's scores are of
  LabTime now_{};                               // of the last lookup
  std::uint64_t used_ = 0;
  std::uint64_t changes_ = 0;
  std::uint64_t touches_ = 0;
  KeyspaceCounters counters_;
  Births births_;
  Rng rng_;
};

}  // namespace chaos::redis
