#include "cli/interrupt.hpp"

#include <csignal>
#include <ctime>

namespace chaos::cli {

namespace {

sigset_t watched() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

Interrupt::Interrupt(std::function<void()> on_signal) : on_signal_(std::move(on_signal)) {
  const sigset_t set = watched();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  thread_ = std::thread([this, set] {
    const timespec look{0, 50'000'000};
    while (!ending_) {
      if (sigtimedwait(&set, nullptr, &look) < 0) continue;
      came_ = true;
      on_signal_();
    }
  });
}

Interrupt::~Interrupt() {
  ending_ = true;
  thread_.join();
  const sigset_t set = watched();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace chaos::cli
