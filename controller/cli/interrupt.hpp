// Ctrl-C as a call instead of a death.
#pragma once

#include <atomic>
#include <functional>
#include <thread>

namespace chaos::cli {

/// While it lives, SIGINT and SIGTERM call `on_signal` (on a thread of its own) instead of ending the process.
/// Make it before other threads exist: it blocks the signals for threads that are made later.
class Interrupt {
 public:
  explicit Interrupt(std::function<void()> on_signal);
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  bool came() const { return came_; }

 private:
  std::function<void()> on_signal_;
  std::atomic<bool> came_{false};
  std::atomic<bool> ending_{false};
  std::thread thread_;
};

}  // namespace chaos::cli
