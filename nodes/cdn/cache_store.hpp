// Kept responses by key; the least recently used go first when the bytes run out. Pure.
#pragma once

#include "cdn/cache_rule.hpp"

#include <cstdint>
#include <list>
#include <map>

namespace chaos {

class CacheStore {
 public:
  /// capacity: bytes of bodies, keys and header fields together.
  explicit CacheStore(std::uint64_t capacity) : capacity_(capacity) {}

  /// nullptr when it is not there. Counts as a use. Fresh or not is the caller's question.
  CachedPtr find(std::string_view key);
  /// Adds or replaces, and evicts what must go. False when it is larger than the whole cache: then it is not kept.
  bool put(std::string key, CachedPtr response);
  bool erase(std::string_view key);
  /// How many were there.
  std::size_t erase_prefix(std::string_view prefix);
  void set_capacity(std::uint64_t capacity);

  std::uint64_t bytes() const { return bytes_; }
  std::size_t objects() const { return entries_.size(); }
  std::uint64_t evictions() const { return evictions_; }

 private:
  struct Entry;
  using Entries = std::map<std::string, Entry, std::less<>>;
  using Order = std::list<Entries::iterator>;
  struct Entry {
    CachedPtr response;
    std::uint64_t bytes = 0;
    Order::iterator place;
  };
  Entries::iterator drop(Entries::iterator it);
  void shrink_to(std::uint64_t bytes);

  std::uint64_t capacity_;
  std::uint64_t bytes_ = 0;
  std::uint64_t evictions_ = 0;
  Entries entries_;
  Order order_;      // most recently used first
};

}  // namespace chaos
