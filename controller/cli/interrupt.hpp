// Ctrl-C as a call instead of a death.
#pragma once

#include <atomic>
#include <functional>

namespace chaos::cli {

/// To be called first in main, before any thread exists: SIGINT and SIGTERM are then for Interrupt alone, also in the
/// threads that libraries make. While no Interrupt lives they end the process as usual.
void watch_signals();

/// While it lives, SIGINT and SIGTERM call `on_signal` (on a thread of its own) instead of ending the process.
/// Of several the newest is called; they end in the reverse order of their making.
class Interrupt {
 public:
  explicit Interrupt(std::function<void()> on_signal);
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  bool came() const { return came_; }

 private:
  std::atomic<bool> came_{false};
};

}  // namespace chaos::cli
