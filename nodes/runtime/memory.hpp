// Resident memory, and the limit that a node without a container keeps itself.
#pragma once

#include "runtime/asio.hpp"

#include <cstdint>
#include <functional>

namespace chaos {

/// From /proc/self/statm, in bytes; 0 when it cannot be read.
std::uint64_t resident_bytes();
/// What the heap holds free goes back to the system: after something large. Takes some ms.
void return_memory();
/// User and system CPU seconds of this process so far.
double cpu_seconds();
/// CPU seconds of the calling thread so far.
double thread_cpu_seconds();

/// What the kernel allows the container of this process (control groups, memory.max or memory.limit_in_bytes), in bytes; 0:
/// no limit.
std::uint64_t container_memory_limit();

/// Bytes of a megabyte of a node's memory limit.
#ifdef CHAOSLAB_SANITIZED
constexpr double kLimitMegabyte = 8e6;      // a sanitizer's shadow and what it holds back are no part of the node
#else
constexpr double kLimitMegabyte = 1e6;
#endif

/// Ends this process by SIGKILL, as the kernel's OOM killer does, when resident memory reaches its limit.
class MemoryGuard {
 public:
  /// own: of the configuration, 0: none. container: the kernel's own limit, 0: none; where it is not above `own` it is the
  /// limit, and the kernel's OOM killer does the killing.
  void set_limit(std::uint64_t own, std::uint64_t container);
  std::uint64_t limit() const { return limit_; }
  std::uint64_t resident() const { return resident_; }   // at the last look
  double ratio() const { return limit_ ? static_cast<double>(resident_) / static_cast<double>(limit_) : 0; }
  /// Looks every 20 ms; run by the node's task group. before_kill: last words, must not allocate much.
  awaitable<void> run(std::function<void()> before_kill);

 private:
  std::uint64_t limit_ = 0;
  bool by_kernel_ = false;
  std::uint64_t resident_ = 0;
};

}  // namespace chaos
