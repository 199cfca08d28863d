// The log of committed changes: a table in the database itself, written in the transaction that it describes.
#pragma once

#include "postgres/state/timeline.hpp"
#include "postgres/store/handle.hpp"

namespace chaos::pg {

/// One committed transaction, or a part of a large one. It ends at `lsn`; it began where the one before it ended.
struct LogRecord {
  std::int64_t seq = 0;      // 1, 2, 3, ... without gaps
  Lsn lsn = 0;
  std::int64_t at_us = 0;    // of the commit, microseconds since 1970
  std::string payload;       // change_record.hpp
};

/// How long the log is kept. Pure.
struct LogRetention {
  std::int64_t keep = 50'000;     // records for replicas that are away
  std::int64_t most = 200'000;    // even a connected replica gets no more; it must take a new base copy then
  /// Records up to this seq may go. confirmed: the least that a connected replica has applied, `last` when there is none.
  std::int64_t prune_to(std::int64_t last, std::int64_t confirmed) const;
};

/// Data thread only.
class ChangeLog {
 public:
  static constexpr Lsn kFirstLsn = 0x1000000;
  static constexpr std::size_t kHeader = 32;     // bytes that a record counts beyond its payload

  /// Makes the tables of a new database, or reads where the log of an old one ends and on which timeline.
  bool open(Handle& handle, std::uint64_t chance, ServerError& error);

  /// All changes of `handle`, inside of its transaction; `out` is the last record, without payload. The position counts from advance() on,
  /// which is called after COMMIT succeeded.
  bool append(Handle& handle, std::int64_t now_us, LogRecord& out, ServerError& error);
  void advance(const LogRecord& committed);

  Lsn end() const { return end_; }
  std::int64_t last_seq() const { return last_seq_; }
  std::uint64_t system_id() const { return system_id_; }
  int timeline() const { return timeline_; }
  /// The timelines before the present one, oldest first; `handle` is open on the log's file.
  static std::vector<TimelineEnd> history(Handle& handle);

  /// The seq after which a replica at `lsn` goes on; nullopt when the log does not hold that position (any more).
  std::optional<std::int64_t> find(Handle& handle, Lsn lsn) const;
  /// Up to `max_bytes` of records after `seq` (at least one if there is one). False: they are gone, or cannot be read.
  bool read(Handle& handle, std::int64_t seq, std::size_t max_bytes, std::vector<LogRecord>& out) const;
  /// Removes records up to `seq`, at most 5,000 at once.
  static bool prune(Handle& handle, std::int64_t seq, ServerError& error);

 private:
  static bool insert(Handle& handle, const LogRecord& record, ServerError& error);
  Lsn end_ = kFirstLsn;
  std::int64_t last_seq_ = 0;
  std::uint64_t system_id_ = 0;
  int timeline_ = 1;
};

}  // namespace chaos::pg
