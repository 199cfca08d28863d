// What was received and is not applied yet, in order. Pure.
#pragma once

#include "runtime/units.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace chaos::pg {

/// One committed transaction of the primary, or a part of a large one.
struct ReceivedChange {
  std::uint64_t lsn = 0;       // where it ends in the primary's log
  std::int64_t at_us = 0;      // of its commit, microseconds since 1970
  std::string payload;
  std::int64_t seq = 0;        // in that log
  bool more = false;           // the transaction goes on in the next one
};

/// A FIFO: a change that is held back holds those behind it. The parts of a transaction wait and go together.
class ApplyGate {
 public:
  /// hold: how long it must wait from `now` on; 0: not at all.
  void receive(ReceivedChange change, LabTime now, LabDuration hold);
  /// Whether what comes next belongs to the transaction that was received last, and is held as that one is.
  bool in_transaction() const { return !changes_.empty() && changes_.back().change.more; }
  /// Whole transactions that may be applied now, oldest first, until `max_bytes` of payload are reached; none beyond `up_to`.
  std::vector<ReceivedChange> take(LabTime now, std::size_t max_bytes, std::uint64_t up_to = UINT64_MAX);
  /// Those that end beyond `lsn`, oldest first, until `max_bytes` of payload are reached; they stay.
  std::vector<const ReceivedChange*> beyond(std::uint64_t lsn, std::size_t max_bytes) const;
  /// All up to `lsn` can be read from a disk: payloads of transactions in parts are not kept here.
  void on_disk(std::uint64_t lsn);
  /// The transaction that is not here to its end will not come.
  void drop_unfinished();
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
  std::size_t whole() const;
  std::deque<Waiting> changes_;
  std::size_t bytes_ = 0;
  std::uint64_t on_disk_ = 0;
};

}  // namespace chaos::pg
