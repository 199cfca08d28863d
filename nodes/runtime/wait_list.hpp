// A FIFO of coroutines that wait for a condition: a condition variable for one thread.
#pragma once

#include "runtime/asio.hpp"
#include "runtime/units.hpp"

#include <boost/intrusive/list.hpp>

namespace chaos {

/// Data thread only. A notification wakes; it carries no value, so none can be lost: the woken coroutine
/// looks at the condition again. A waiter that is cancelled after it was notified passes the notification on.
class WaitList {
 public:
  /// True when notified, false at the deadline. RealTime::max() waits without one (only where something else bounds it).
  awaitable<bool> wait(RealTime deadline);
  void notify_one();
  void notify_all();
  std::size_t size() const { return waiters_.size(); }

 private:
  struct Waiter : boost::intrusive::list_base_hook<> {
    explicit Waiter(asio::any_io_executor ex) : timer(ex) {}
    asio::steady_timer timer;
    bool notified = false;
  };
  struct Link;
  boost::intrusive::list<Waiter> waiters_;
};

}  // namespace chaos
