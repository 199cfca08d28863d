#include "cli/interrupt.hpp"

#include <csignal>
#include <mutex>
#include <pthread.h>
#include <thread>
#include <vector>

namespace chaos::cli {

namespace {

// Who hears of a signal: the newest; nobody: it ends the process.
struct Listeners {
  std::mutex mutex;
  std::vector<std::function<void()>> calls;
};

Listeners& listeners() {
  static Listeners all;
  return all;
}

sigset_t watched() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

// Ends the process by the signal itself, so that its parent sees the truth.
void die_by(int number) {
  std::signal(number, SIG_DFL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  raise(number);
}

void wait_for_signals() {
  const sigset_t set = watched();
  while (true) {
    int number = 0;
    if (sigwait(&set, &number) != 0) continue;
    const std::lock_guard lock(listeners().mutex);
    if (listeners().calls.empty()) die_by(number);
    else listeners().calls.back()();
  }
}

}  // namespace

void watch_signals() {
  const sigset_t set = watched();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  listeners();
  std::thread(wait_for_signals).detach();     // lives as long as the process: it owns nothing
}

Interrupt::Interrupt(std::function<void()> on_signal) {
  const std::lock_guard lock(listeners().mutex);
  listeners().calls.push_back([this, on_signal = std::move(on_signal)] {
    came_ = true;
    on_signal();
  });
}

Interrupt::~Interrupt() {
  const std::lock_guard lock(listeners().mutex);
  listeners().calls.pop_back();
}

}  // namespace chaos::cli
