// The streaming replication sub-protocol, inside of CopyData, and log positions.
// Source: PostgreSQL 15 documentation, 55.4 "Streaming Replication Protocol".
#pragma once

#include "wire/pgwire.hpp"

namespace chaos::pg {

/// A position in the log of changes: bytes written since the beginning.
using Lsn = std::uint64_t;
std::string format_lsn(Lsn lsn);                           // "16/B374D848"
std::optional<Lsn> parse_lsn(std::string_view text);
/// "000000010000000000000002": the segment of 16 MB that holds the byte before the position (xlog_internal.h, XLogFileName).
std::string wal_file_name(int timeline, Lsn lsn);

/// Microseconds since 2000-01-01 00:00 UTC, the epoch of the protocol, from microseconds since 1970.
std::int64_t to_pg_time(std::int64_t unix_us);
std::int64_t from_pg_time(std::int64_t pg_us);

/// 'w' from the primary: the bytes of the log from `start` on; `end` is where the primary's log ends now.
struct XLogData {
  Lsn start = 0;
  Lsn end = 0;
  std::int64_t time = 0;
  std::string_view bytes;
};
/// 'k' from the primary.
struct Keepalive {
  Lsn end = 0;
  std::int64_t time = 0;
  bool reply_now = false;
};
/// 'r' from the replica.
struct StandbyStatus {
  Lsn written = 0;
  Lsn flushed = 0;
  Lsn applied = 0;
  std::int64_t time = 0;
  bool reply_now = false;
};

// Whole CopyData messages, appended to `out`.
void append_xlog_data(std::string& out, const XLogData& data);
void append_keepalive(std::string& out, const Keepalive& keepalive);
void append_standby_status(std::string& out, const StandbyStatus& status);

// From the payload of a CopyData. False when it is not of that form.
bool parse_xlog_data(std::string_view payload, XLogData& out);
bool parse_keepalive(std::string_view payload, Keepalive& out);
bool parse_standby_status(std::string_view payload, StandbyStatus& out);

}  // namespace chaos::pg
