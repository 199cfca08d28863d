// SQLite lets one transaction write at a time. Here is who it is, and how it makes room for the next one.
#pragma once

#include "runtime/wait_list.hpp"

namespace chaos::pg {

/// Data thread only.
class WriteSlot {
 public:
  /// Who has the write transaction.
  class Holder {
   public:
    virtual ~Holder() = default;
    /// From when on it may be parked; RealTime::max() while its statement runs.
    virtual RealTime parkable_at() const = 0;
    /// Rolls SQLite's transaction back; what it had changed is kept elsewhere and comes back when it has its turn again.
    virtual void park() = 0;
  };

  /// True when `me` has it: nobody had, or the one who had was parked. Waits, first come first served, for one that runs a
  /// statement. False at the deadline, or when `give_up` is set (wake() looks at it again).
  awaitable<bool> take(Holder& me, RealTime deadline, const bool& give_up);
  /// The same without waiting.
  bool try_take(Holder& me);
  /// No more need of it.
  void leave(Holder& me);
  /// The holder's statement has ended: it may be parked.
  void idle() { waiters_.notify_one(); }
  void wake() { waiters_.notify_all(); }
  bool has(const Holder& me) const { return holder_ == &me; }
  /// True when nobody has it (any more).
  bool clear();
  bool contended() const { return holder_ != nullptr; }

 private:
  Holder* holder_ = nullptr;
  WaitList waiters_;
};

}  // namespace chaos::pg
