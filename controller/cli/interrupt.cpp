#include "cli/interrupt.hpp"

#include <csignal>
#include <mutex>
#include <pthread.h>
#include <thread>
#include <unistd.h>

namespace chaos::cli {

namespace {

// Who hears of a signal; empty: it ends the process.
struct Listener {
  std::mutex mutex;
  std::function<void()> call;
};

Listener& listener() {
  static Listener one;
  return one;
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
    const std::lock_guard lock(listener().mutex);
    if (listener().call) listener().call();
    else die_by(number);
  }
}

}  // namespace

void watch_signals() {
  const sigset_t set = watched();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  listener();
  std::thread(wait_for_signals).detach();     // lives as long as the process: it owns nothing
}

Interrupt::Interrupt(std::function<void()> on_signal) {
  const std::lock_guard lock(listener().mutex);
  listener().call = [this, on_signal = std::move(on_signal)] {
    came_ = true;
    on_signal();
  };
}

Interrupt::~Interrupt() {
  const std::lock_guard lock(listener().mutex);
  listener().call = nullptr;
}

}  // namespace chaos::cli
