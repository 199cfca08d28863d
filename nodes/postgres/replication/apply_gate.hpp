// What was received and is not applied yet, in order. Pure.
#pragma once

#include "runtime/units.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace chaos::pg {

/// One committed transaction of the primary.
struct ReceivedChange {
  std::uint64_t lsn = 0;       // where it ends in the primary's log
  std::int64_t at_us = 0;      // of its commit, microseconds since 1970
  std::string payload;
  std::int64_t seq = 0;        // in that log
};

/// A FIFO: a change that is held back holds those behind it.
class ApplyGate {
 public:
  /// hold: how long it must wait from `now` on; 0: not at all.
  void receive(ReceivedChange change, LabTime now, LabDuration hold);
  /// Those that may be applied now, oldest first, until `max_bytes` of payload are reached; none beyond `up_to`.
  std::vector<ReceivedChange> take(LabTime now, std::size_t max_bytes, std::uint64_t up_to = UINT64_MAX);
  /// Those that end beyond `lsn`, oldest first, until `max_bytes` of payload are reached; they stay.
  std::vector<const ReceivedChange*> beyond(std::uint64_t lsn, std::size_t max_bytes) const;
  /// No held change waits longer than `longest` from its receipt any more; 0 lets all go.
  void shorten(LabDuration longest);
  /// When the oldest may go; nullopt when there is none.
  std::optional<LabTime> next_due() const;
  void clear();

  bool empty() const { return changes_.empty(); }
  std::size_t size() const { return changes_.size(); }
  std::size_t bytes() const { return bytes_; }
  /// Commit time of the oldest change; 0 when there is none.
  std::int64_t oldest_at_us() const { return changes_.empty() ? 0 : changes_.front().change.at_us; }

 private:
  struct Waiting {
    ReceivedChange change;
    LabTime received;
    LabTime due;
  };
  std::deque<Waiting> changes_;
  std::size_t bytes_ = 0;
};

}  // namespace chaos::pg
