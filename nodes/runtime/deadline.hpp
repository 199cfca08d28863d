// One sweep timer for all deadlines of a process (a timer an operation costs a quarter of the throughput).
// An expired deadline calls back; it never drops a value that has arrived.
#pragma once

#include "runtime/asio.hpp"
#include "runtime/units.hpp"

#include <boost/intrusive/list.hpp>

namespace chaos {

/// Something with a deadline. Data thread only. Unlinks itself when destroyed.
class DeadlineEntry : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  virtual ~DeadlineEntry() = default;
  /// Called once, at most one sweep (5 ms) after the deadline. Must not destroy other entries.
  virtual void expired() = 0;

  RealTime deadline = RealTime::max();
};

class Deadlines {
 public:
  explicit Deadlines(asio::io_context& io);
  void add(DeadlineEntry& entry) { entries_.push_back(entry); }
  /// Sweeps every 5 ms until stopped; run by the node's task group.
  awaitable<void> run();
  /// One pass: calls expired() of each entry whose deadline is at or before `now`, after resetting it to max.
  void sweep(RealTime now);

 private:
  using List = boost::intrusive::list<DeadlineEntry, boost::intrusive::constant_time_size<false>>;
  asio::steady_timer timer_;
  List entries_;
};

}  // namespace chaos
