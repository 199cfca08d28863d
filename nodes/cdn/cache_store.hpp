// Kept responses by target and, where they vary, by the request's fields; the least recently used go first when the bytes run
// out. Pure.
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

  static constexpr std::size_t kMaxVariants = 8;     // of one target; one more takes the place of the oldest

  /// The one that the request selects, the youngest if there are several; nullptr when there is none. Counts as a use. Fresh
  /// or not is the caller's question.
  CachedPtr find(std::string_view target, const HttpRequest& request = {});
  /// Adds or replaces, and evicts what must go. False when it is larger than the whole cache: then it is not kept.
  bool put(std::string_view target, CachedPtr response);
  /// Removes all variants of a target, or of all targets that begin so. How many were there.
  std::size_t erase(std::string_view target);
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
  void make_room_for_variant(const std::string& front);
  Entries::iterator drop(Entries::iterator it);
  void shrink_to(std::uint64_t bytes);

  std::uint64_t capacity_;
  std::uint64_t bytes_ = 0;
  std::uint64_t evictions_ = 0;
  Entries entries_;  // by target, a newline and the selecting fields
  Order order_;      // most recently used first
};

}  // namespace chaos
