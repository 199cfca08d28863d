// Commands of a replication session. Pure.
// Source: PostgreSQL 15 documentation, 55.4 "Streaming Replication Protocol".
#pragma once

#include "postgres/state/facts.hpp"
#include "wire/pgwire_backend.hpp"

namespace chaos::pg {

struct ReplicationCommand {
  enum class Kind { identify_system, timeline_history, base_backup, start_replication, show };
  Kind kind = Kind::identify_system;
  Lsn start = 0;            // of start_replication
  int timeline = 0;         // of start_replication (0: the present one) and timeline_history
  std::string name;         // of show
};

/// False: 42601, or 0A000 for what is not offered (slots, logical replication).
bool parse_replication_command(std::string_view text, ReplicationCommand& out, ServerError& error);

/// The bytes of an XLogData: a record of the log with its header of 32 bytes.
struct WireRecord {
  std::int64_t seq = 0;
  Lsn lsn = 0;              // where it ends
  std::int64_t at_us = 0;
  std::string_view payload;
};
std::string write_record(const WireRecord& record);
bool read_record(std::string_view bytes, WireRecord& out);

}  // namespace chaos::pg
