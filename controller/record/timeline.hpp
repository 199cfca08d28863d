// The story of a run in numbered lines: what happened when, repeated events told once. Pure.
#pragma once

#include "record/run_data.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace chaos::record {

enum class MarkKind { none, fault, alert, action, deploy, node };

inline constexpr std::size_t kMostTimes = 300;

struct TimelineEntry {
  int number = 0;               // 1, 2, ...; the charts' marks refer to it
  double lab_s = 0;             // of the first
  double last_lab_s = 0;        // of the last; equal to lab_s for a single event
  std::size_t count = 1;
  std::vector<double> times;    // of each, kMostTimes at most
  std::string kind;
  std::string node;             // "server-2"; "server-1, server-3" where nodes of a role were joined
  std::string what;
  std::string text;             // of the first
  std::string actor;
  MarkKind mark = MarkKind::none;   // none: told in the table, not drawn
};

/// In order of lab time. A node's way down and up on request (draining, stopped, booting, ...) is left out, its
/// "ready" told by role and only after the run's start. Events of the same kind, word and node are told once while they follow each other within
/// an hour of lab time; when that leaves more than `most` entries, those of the nodes of one role are joined too,
/// then over the whole run; what is left beyond `most` loses nodes' unmarked events first. Hidden events are left
/// out unless `reveal`.
std::vector<TimelineEntry> timeline_of(const std::vector<v1::Event>& events, bool reveal, std::size_t most = 45);

MarkKind mark_of(const v1::Event& event);

/// What an event says to a reader: its text (faults and alerts named as such), else node and word.
std::string sentence_of(const v1::Event& event);

}  // namespace chaos::record
