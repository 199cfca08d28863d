// What a key holds when it is no string.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

namespace chaos::redis {

enum class Type { string, list, set, zset, hash, stream };
std::string_view type_name(Type type);

/// Small aggregates are kept as Redis 7 keeps them with its default settings, and named so by OBJECT ENCODING.
inline constexpr std::size_t kPackedEntries = 128;   // hash-max-listpack-entries, zset-max-listpack-entries
inline constexpr std::size_t kPackedBytes = 64;      // hash-max-listpack-value, zset-max-listpack-value
inline constexpr std::size_t kIntsetEntries = 512;   // set-max-intset-entries

class Box {
 public:
  virtual ~Box() = default;
  virtual Type type() const = 0;
  virtual std::size_t size() const = 0;
  /// Of the heap, this object included. Cheap: kept while the box changes.
  virtual std::uint64_t bytes() const = 0;
  virtual std::string_view encoding() const = 0;
  virtual std::unique_ptr<Box> copy() const = 0;
  /// True when the key goes with the last element (streams stay).
  virtual bool empty_is_gone() const { return true; }
};

}  // namespace chaos::redis
