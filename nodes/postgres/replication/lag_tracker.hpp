// How long a standby takes to one kind of progress (written, flushed or applied), from its answers. Pure.
// Source: PostgreSQL 15, src/backend/replication/walsender.c, LagTrackerWrite and LagTrackerRead; documentation, 28.2.4
// "pg_stat_replication".
#pragma once

#include "postgres/state/facts.hpp"

#include <deque>
#include <optional>

namespace chaos::pg {

class LagTracker {
 public:
  static constexpr std::size_t kMost = 8192;     // samples; beyond them the newest one is replaced

  /// The log ended at `lsn` when it was `now_us` here.
  void ended(Lsn lsn, std::int64_t now_us);
  /// The standby says that it has come to `lsn`: how long that took. Between two samples it is interpolated; one that has not come to
  /// the first of a new burst is late by that one's age. nullopt: nothing to measure by.
  std::optional<std::int64_t> heard(Lsn lsn, std::int64_t now_us);

 private:
  struct Sample { Lsn lsn = 0; std::int64_t at_us = 0; };
  std::optional<std::int64_t> between(Lsn lsn) const;
  std::deque<Sample> waiting_;       // not reached yet
  std::optional<Sample> reached_;    // the last one, while there are others
  Lsn last_ = 0;
};

}  // namespace chaos::pg
