// What values take of the heap.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

namespace chaos::redis {

/// What glibc's malloc takes for a request of n bytes.
inline std::uint64_t allocation(std::size_t n) { return std::max<std::uint64_t>(32, (n + 8 + 15) / 16 * 16); }

/// What a string takes beyond its own object.
inline std::uint64_t heap_of(const std::string& s) {
  static const std::size_t inside = std::string().capacity();
  return s.capacity() > inside ? allocation(s.capacity() + 1) : 0;
}

/// The bits in reverse order: SCAN cursors count with theirs so (Redis, dict.c: dictScan), which visits every element
/// that stays even when the table grows or shrinks between two calls.
inline std::uint64_t reversed_bits(std::uint64_t v) {
  for (unsigned width = 32; width > 0; width /= 2) {
    const std::uint64_t mask = ~0ULL / ((1ULL << width) + 1);
    v = ((v >> width) & mask) | ((v & mask) << width);
  }
  return v;
}

/// The cursor after `cursor` in a table of mask + 1 buckets; 0 at the end.
inline std::uint64_t next_cursor(std::uint64_t cursor, std::uint64_t mask) {
  return reversed_bits(reversed_bits(cursor | ~mask) + 1);
}

}  // namespace chaos::redis
