// Who goes when memory is full: Redis' policies (https://redis.io/docs/latest/develop/reference/eviction/), by samples.
#pragma once

#include "runtime/random.hpp"
#include "runtime/units.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chaos::redis {

enum class Policy { noeviction, allkeys_lru, allkeys_lfu, allkeys_random, volatile_lru, volatile_lfu, volatile_random, volatile_ttl };
std::optional<Policy> policy_of(std::string_view name);      // without case
std::string_view name_of(Policy policy);
bool counts_frequency(Policy policy);                        // an LFU policy
bool spares_persistent(Policy policy);                       // only keys with an expiry go

struct EvictionRule {
  Policy policy = Policy::allkeys_lru;
  std::size_t samples = 5;         // maxmemory-samples: keys looked at for each one that goes
  unsigned lfu_log_factor = 10;
  unsigned lfu_decay_minutes = 1;  // lab minutes; 0: never decays
};

/// How an entry was used.
struct Usage {
  std::uint64_t touched = 0;       // the keyspace's count of uses at its last one: the lower the longer ago
  std::uint8_t frequency = 5;      // a logarithmic counter (evict.c: LFULogIncr); new keys begin with 5
  std::int64_t decayed = 0;        // lab minute in which the counter was last brought up to date

  /// The counter as it is now, decayed by the minutes that have gone by.
  std::uint8_t frequency_at(std::int64_t minute, const EvictionRule& rule) const;
  void count(std::int64_t minute, const EvictionRule& rule, Rng& rng);
};

/// The best candidates of the last samples (evict.c: evictionPoolPopulate): at most 16, the best last.
class EvictionPool {
 public:
  /// The higher the score the sooner it goes.
  void offer(std::uint64_t score, std::string_view key);
  std::optional<std::string> take();
  void clear() { entries_.clear(); }

 private:
  struct Candidate { std::uint64_t score; std::string key; };
  std::vector<Candidate> entries_;
};

}  // namespace chaos::redis
