// How much the broker holds in memory, whether the disk has room, and who waits for either: RabbitMQ's alarms.
#pragma once

#include "runtime/wait_list.hpp"

#include <cstdint>
#include <string>

namespace chaos::broker {

/// Data thread only.
class Accounts {
 public:
  void set_limit(std::uint64_t bytes) {
    limit_ = bytes;
    tell();
  }
  void add(std::size_t bytes) { held_ += bytes; }
  void release(std::size_t bytes) {
    held_ -= bytes;
    tell();
  }
  void set_disk(std::uint64_t free, std::uint64_t least) {
    disk_free_ = free;
    disk_limit_ = least;
    tell();
  }
  bool memory_full() const { return limit_ != 0 && held_ >= limit_; }
  bool disk_low() const { return disk_free_ < disk_limit_; }
  /// Publishers wait until it is not.
  bool full() const { return memory_full() || disk_low(); }
  /// RabbitMQ's words for connection.blocked.
  std::string reason() const {
    if (!disk_low()) return "low on memory";
    return memory_full() ? "low on memory & disk" : "low on disk";
  }
  /// Contents of transactions that are not committed, of all channels together. False: too much, and nothing was added.
  bool hold_uncommitted(std::size_t bytes) {
    if (uncommitted_ + bytes > kMaxUncommitted) return false;
    uncommitted_ += bytes;
    return true;
  }
  void release_uncommitted(std::size_t bytes) { uncommitted_ -= bytes; }
  std::uint64_t held() const { return held_; }
  std::uint64_t limit() const { return limit_; }
  std::uint64_t disk_free() const { return disk_free_; }
  std::uint64_t disk_limit() const { return disk_limit_; }
  WaitList& room() { return room_; }

 private:
  void tell() {
    if (!full()) room_.notify_all();
  }
  static constexpr std::uint64_t kMaxUncommitted = 64 * 1024 * 1024;
  std::uint64_t uncommitted_ = 0;
  std::uint64_t limit_ = 0;   // 0: no limit
  std::uint64_t held_ = 0;
  std::uint64_t disk_free_ = UINT64_MAX;
  std::uint64_t disk_limit_ = 0;
  WaitList room_;
};

}  // namespace chaos::broker
