#include "runtime/deadline.hpp"

namespace chaos {

namespace {
constexpr std::chrono::milliseconds kSweep{5};
}

Deadlines::Deadlines(asio::io_context& io) : timer_(io) {}

awaitable<void> Deadlines::run() {
  while (true) {
    timer_.expires_after(kSweep);
    co_await timer_.async_wait(asio::use_awaitable);
    sweep(RealClock::now());
  }
}

void Deadlines::sweep(RealTime now) {
  for (auto it = entries_.begin(); it != entries_.end();) {
    DeadlineEntry& entry = *it++;
    if (entry.deadline > now) continue;
    entry.deadline = RealTime::max();
    entry.expired();
  }
}

}  // namespace chaos
