// How much the broker holds in memory, and who waits for room: RabbitMQ's memory high watermark.
#pragma once

#include "runtime/wait_list.hpp"

#include <cstdint>

namespace chaos::broker {

/// Data thread only.
class Accounts {
 public:
  void set_limit(std::uint64_t bytes) { limit_ = bytes; }
  void add(std::size_t bytes) { held_ += bytes; }
  void release(std::size_t bytes) {
    held_ -= bytes;
    if (!full()) room_.notify_all();
  }
  /// Publishers wait until it is not.
  bool full() const { return limit_ != 0 && held_ >= limit_; }
  std::uint64_t held() const { return held_; }
  WaitList& room() { return room_; }

 private:
  std::uint64_t limit_ = 0;   // 0: no limit
  std::uint64_t held_ = 0;
  WaitList room_;
};

}  // namespace chaos::broker
