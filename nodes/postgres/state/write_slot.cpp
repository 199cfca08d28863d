#include "postgres/state/write_slot.hpp"

#include <algorithm>

namespace chaos::pg {

bool WriteSlot::clear() {
  if (!holder_) return true;
  if (holder_->parkable_at() > RealClock::now()) return false;
  Holder* parked = holder_;
  holder_ = nullptr;
  parked->park();
  return true;
}

bool WriteSlot::try_take(Holder& me) {
  if (holder_ == &me) return true;
  if (!clear()) return false;
  holder_ = &me;
  return true;
}

awaitable<bool> WriteSlot::take(Holder& me, RealTime deadline, const bool& give_up) {
  while (!try_take(me)) {
    co_await waiters_.wait(std::min(deadline, holder_->parkable_at()));
    if (!give_up && RealClock::now() < deadline) continue;
    waiters_.notify_one();   // what woke this one is for the next
    co_return false;
  }
  co_return true;
}

void WriteSlot::leave(Holder& me) {
  if (holder_ != &me) return;
  holder_ = nullptr;
  waiters_.notify_one();
}

}  // namespace chaos::pg
