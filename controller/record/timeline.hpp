// The story of a run in numbered lines: what happened when, repeated events told once. Pure.
#pragma once

#include "record/run_data.hpp"

#include <cstddef>
#include <optional>
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
  bool grave = false;               // data lost, a failover's outcome, the ledger check: goes last where room is short
};

struct Timeline {
  std::vector<TimelineEntry> entries;
  std::size_t left_out = 0;     // events of the entries for which there was no room
};

struct TimelineWish {
  bool reveal = false;                  // else hidden events are left out
  std::optional<double> story_from;     // lab time of the incident's fault; what came before has less weight
  std::size_t most = 60;                // entries
};

/// In order of lab time. A node's way down and up on request (draining, stopped, booting, ...) is left out, its
/// "ready" told by role and only after the run's start. Events of the same kind, word, cause and node are told once
/// while they follow each other within an hour of lab time with no fault, deployment, other action or change of the
/// run in between (alerts: nor a death); when that leaves more than `most` entries, those of the nodes of one role
/// are joined too. What is left beyond `most` goes by weight, least first: nodes that got ready; other routine; what
/// is drawn (faults, deaths, actions, alerts) from before the story, then from within it; the run, deployments and
/// the drill's faults; last of all what is grave.
Timeline timeline_of(const std::vector<v1::Event>& events, const TimelineWish& wish);

MarkKind mark_of(const v1::Event& event);

/// What an event says to a reader: its text (faults and alerts named as such), else node and word.
std::string sentence_of(const v1::Event& event);

}  // namespace chaos::record
