#include "redis/eviction.hpp"

#include "redis/values/text.hpp"

#include <algorithm>
#include <array>

namespace chaos::redis {
namespace {

constexpr std::size_t kPool = 16;
constexpr std::uint8_t kFirstFrequency = 5;
constexpr std::array<std::string_view, 8> kNames{"noeviction",   "allkeys-lru",  "allkeys-lfu",     "allkeys-random",
                                                 "volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl"};

}  // namespace

std::optional<Policy> policy_of(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (is_word(name, kNames[i])) return static_cast<Policy>(i);
  }
  return std::nullopt;
}

std::string_view name_of(Policy policy) { return kNames[static_cast<std::size_t>(policy)]; }

bool counts_frequency(Policy policy) { return policy == Policy::allkeys_lfu || policy == Policy::volatile_lfu; }

bool spares_persistent(Policy policy) { return policy >= Policy::volatile_lru; }

std::uint8_t Usage::frequency_at(std::int64_t minute, const EvictionRule& rule) const {
  if (rule.lfu_decay_minutes == 0) return frequency;
  const auto periods = (minute - decayed) / rule.lfu_decay_minutes;
  return periods >= frequency ? 0 : static_cast<std::uint8_t>(frequency - periods);
}

void Usage::count(std::int64_t minute, const EvictionRule& rule, Rng& rng) {
  frequency = frequency_at(minute, rule);
  decayed = minute;
  const double above = frequency > kFirstFrequency ? frequency - kFirstFrequency : 0;
  if (frequency < 255 && rng.chance(1 / (above * rule.lfu_log_factor + 1))) ++frequency;
}

void EvictionPool::offer(std::uint64_t score, std::string_view key) {
  if (entries_.size() == kPool && score <= entries_.front().score) return;
  if (std::any_of(entries_.begin(), entries_.end(), [&](const Candidate& c) { return c.key == key; })) return;
  const auto at = std::upper_bound(entries_.begin(), entries_.end(), score, [](std::uint64_t s, const Candidate& c) { return s < c.score; });
  entries_.insert(at, {score, std::string(key)});
  if (entries_.size() > kPool) entries_.erase(entries_.begin());
}

std::optional<std::string> EvictionPool::take() {
  if (entries_.empty()) return std::nullopt;
  std::string key = std::move(entries_.back().key);
  entries_.pop_back();
  return key;
}

}  // namespace chaos::redis
