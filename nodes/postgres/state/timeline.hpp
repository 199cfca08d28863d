// Timelines: each promotion begins a new one, so that logs that went apart at one position are told from each other. Pure.
// Source: PostgreSQL 15 documentation, 26.3.5 "Timelines" and 55.4 (TIMELINE_HISTORY).
#pragma once

#include "wire/pgwire_replication.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chaos::pg {

/// Where a timeline ended: the next one goes on from there.
struct TimelineEnd {
  int timeline = 1;
  Lsn at = 0;
  bool operator==(const TimelineEnd&) const = default;
};

/// Whether the log of a server on `current`, which went through `history`, holds what one on `timeline` has up to `at`.
bool in_history(const std::vector<TimelineEnd>& history, int current, int timeline, Lsn at);
/// Where a server's history left `timeline`; nullopt when it is not in there.
std::optional<Lsn> left_at(const std::vector<TimelineEnd>& history, int timeline);

/// "00000002.history", and its content: a line for each timeline before it.
std::string history_name(int timeline);
std::string write_history(const std::vector<TimelineEnd>& history);
/// At most 1,000 lines; malformed ones are left out.
std::vector<TimelineEnd> read_history(std::string_view text);

}  // namespace chaos::pg
