#include "runtime/wait_list.hpp"

namespace chaos {

// Takes the waiter out of the list however the wait ends; a notification that a cancelled waiter got goes on.
struct WaitList::Link {
  WaitList& list;
  Waiter& waiter;
  bool done = false;

  ~Link() {
    if (waiter.is_linked()) list.waiters_.erase(list.waiters_.iterator_to(waiter));
    if (waiter.notified && !done) list.notify_one();
  }
};

awaitable<bool> WaitList::wait(RealTime deadline) {
  auto executor = co_await asio::this_coro::executor;
  Waiter waiter(executor);
  waiter.timer.expires_at(deadline);
  waiters_.push_back(waiter);
  Link link{*this, waiter};
  co_await waiter.timer.async_wait(as_result);
  auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) {
    throw boost::system::system_error(asio::error::operation_aborted);
  }
  link.done = true;
  co_return waiter.notified;
}

void WaitList::notify_one() {
  if (waiters_.empty()) return;
  Waiter& waiter = waiters_.front();
  waiters_.pop_front();
  waiter.notified = true;
  waiter.timer.cancel();
}

void WaitList::notify_all() {
  while (!waiters_.empty()) notify_one();
}

}  // namespace chaos
