#include "runtime/sleep.hpp"

#include <algorithm>

namespace chaos {

awaitable<void> sleep_until(RealTime at) {
  auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor, at);
  co_await timer.async_wait(asio::use_awaitable);
}

awaitable<void> sleep_real(RealDuration d) { co_await sleep_until(RealClock::now() + d); }

awaitable<void> sleep_lab(const Clock& clock, LabDuration d) {
  const LabTime end = clock.lab_now() + d;
  for (LabTime now = clock.lab_now(); now < end; now = clock.lab_now()) {
    const RealDuration left = clock.to_real(end - now) + std::chrono::microseconds(1);
    co_await sleep_real(std::min<RealDuration>(left, std::chrono::milliseconds(50)));
  }
}

}  // namespace chaos
