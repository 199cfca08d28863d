// The slow log: commands that took longer than a bound (https://redis.io/docs/latest/commands/slowlog-get/).
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chaos::redis {

struct SlowEntry {
  std::uint64_t id = 0;
  std::int64_t unix_second = 0;
  std::int64_t us = 0;
  std::vector<std::string> args;     // shortened as Redis does: 32 of them, 128 bytes each
  std::string remote, name;
};

class Slowlog {
 public:
  void add(SlowEntry entry, std::span<const std::string_view> args, std::size_t most);
  /// The newest first.
  const std::deque<SlowEntry>& entries() const { return entries_; }
  void trim(std::size_t most);
  void reset() { entries_.clear(); }

 private:
  std::deque<SlowEntry> entries_;
  std::uint64_t next_id_ = 0;
};

}  // namespace chaos::redis
