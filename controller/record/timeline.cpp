#include "record/timeline.hpp"

#include "record/incident.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <string_view>
#include <tuple>

namespace chaos::record {
namespace {

constexpr double kHour = 3600;
constexpr std::string_view kFaultBegins = "fault begins: ";

std::string role_of(const std::string& node) {
  const auto dash = node.rfind('-');
  const bool numbered = dash != std::string::npos && dash + 1 < node.size() &&
                        std::all_of(node.begin() + static_cast<std::ptrdiff_t>(dash) + 1, node.end(),
                                    [](char c) { return c >= '0' && c <= '9'; });
  return numbered ? node.substr(0, dash) : node;
}

bool is_quiet(const v1::Event& event) {
  static constexpr std::array<std::string_view, 5> kQuiet{"standby", "booting", "draining", "stopping", "stopped"};
  return event.kind() == "node" && std::find(kQuiet.begin(), kQuiet.end(), event.what()) != kQuiet.end();
}

/// Lab time at which the run began; before any event when none says so.
double start_of(const std::vector<v1::Event>& events) {
  for (const auto& event : events) {
    if (event.kind() == "run" && event.what().starts_with("start")) return event.lab_s();
  }
  return -std::numeric_limits<double>::infinity();
}

/// Faults, deployments and runs are told one by one.
bool may_repeat(const v1::Event& event) {
  return event.kind() == "node" || event.kind() == "action" || event.kind() == "alert" || event.kind() == "traffic";
}

TimelineEntry entry_of(const v1::Event& event) {
  return {.lab_s = event.lab_s(),
          .last_lab_s = event.lab_s(),
          .times = {event.lab_s()},
          .kind = event.kind(),
          .node = event.node(),
          .what = event.what(),
          .text = sentence_of(event),
          .actor = event.actor(),
          .mark = mark_of(event),
          .grave = event.kind() == "ledger" || is_failover_outcome(event)};
}

bool names(const std::string& list, const std::string& node) {
  return (", " + list + ",").find(", " + node + ",") != std::string::npos;
}

void join(TimelineEntry* entry, const v1::Event& event) {
  ++entry->count;
  if (entry->times.size() < kMostTimes) entry->times.push_back(event.lab_s());
  entry->last_lab_s = event.lab_s();
  if (names(entry->node, event.node())) return;
  const std::string first = entry->node.substr(0, entry->node.find(','));
  const auto named = first.empty() ? std::string::npos : entry->text.find(first);
  if (named != std::string::npos) entry->text.replace(named, first.size(), role_of(first));
  entry->node += ", " + event.node();
}

std::string head_of(const v1::Event& event) {
  if (is_fault_start(event)) return std::string(kFaultBegins);
  if (event.kind() != "alert") return "";
  const bool says_so = event.text().starts_with("firing") || event.text().starts_with("resolved");
  return says_so ? "alert " : (is_alert(event) ? "alert: " : "alert over: ");
}

using Key = std::tuple<std::string, std::string, std::string, std::string>;   // kind, word, node or role, cause

/// What tells apart events of one kind, word and node: how a process died, what was asked for.
std::string cause_of(const v1::Event& event, bool by_role) {
  const std::string& text = event.text();
  const auto named = event.node().empty() ? std::string::npos : text.find(event.node());
  if (by_role && event.kind() == "action" && named != std::string::npos) return text.substr(0, named);   // "restart of "
  if (is_node_death(event)) return text.starts_with(event.node()) ? text.substr(event.node().size()) : text;
  if (event.kind() == "action" || event.kind() == "traffic") return text;
  // Without a node the text up to its first figure tells what it is about.
  return event.node().empty() ? text.substr(0, text.find_first_of("0123456789")) : "";
}

Key key_of(const v1::Event& event, bool by_role) {
  const bool has_role = event.kind() == "node" || event.kind() == "action";
  const bool join_role = has_role && (by_role || event.what() == "ready");
  return {event.kind(), event.what(), join_role ? role_of(event.node()) : event.node(), cause_of(event, by_role)};
}

/// What comes after it is another chapter.
bool is_turn(const v1::Event& event) {
  return event.kind() == "run" || event.kind() == "deploy" || is_fault_start(event) || is_fault_end(event) || is_action(event);
}

std::vector<TimelineEntry> group(const std::vector<const v1::Event*>& events, bool by_role) {
  std::vector<TimelineEntry> entries;
  std::map<Key, std::size_t> open;
  for (const auto* event : events) {
    const Key key = key_of(*event, by_role);
    const auto found = open.find(key);
    const bool near = found != open.end() && event->lab_s() - entries[found->second].last_lab_s <= kHour;
    if (near && may_repeat(*event)) {
      join(&entries[found->second], *event);
      continue;
    }
    if (is_turn(*event)) open.clear();
    if (is_node_death(*event)) std::erase_if(open, [](const auto& one) { return std::get<0>(one.first) == "alert"; });
    open[key] = entries.size();
    entries.push_back(entry_of(*event));
  }
  return entries;
}

/// The larger, the sooner an entry is left out.
int lightness(const TimelineEntry& entry, const std::optional<double>& story_from) {
  if (entry.grave) return -1;
  if (entry.kind == "run" || entry.kind == "deploy") return 0;
  if (entry.mark == MarkKind::fault && entry.actor == "drill") return 0;
  if (entry.mark == MarkKind::none) return entry.kind == "node" ? 12 : 11;
  int by_mark = 4;
  switch (entry.mark) {
    case MarkKind::fault: by_mark = entry.text.starts_with(kFaultBegins) ? 1 : 3; break;
    case MarkKind::node: by_mark = 2; break;
    case MarkKind::action: by_mark = 3; break;
    default: break;
  }
  const bool before = story_from && entry.last_lab_s < *story_from;
  return by_mark + (before ? 5 : 0);
}

void cut(Timeline* timeline, const TimelineWish& wish) {
  auto& entries = timeline->entries;
  if (entries.size() <= wish.most) return;
  const auto rank = [&](const TimelineEntry& entry) { return std::pair(lightness(entry, wish.story_from), entry.number); };
  std::sort(entries.begin(), entries.end(), [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
  for (std::size_t i = wish.most; i < entries.size(); ++i) timeline->left_out += entries[i].count;
  entries.resize(wish.most);
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
}

void number(std::vector<TimelineEntry>* entries) {
  int n = 0;
  for (auto& entry : *entries) entry.number = ++n;
}

}  // namespace

MarkKind mark_of(const v1::Event& event) {
  if (is_fault_start(event) || is_fault_end(event)) return MarkKind::fault;
  if (is_alert(event)) return MarkKind::alert;
  if (is_action(event)) return MarkKind::action;
  if (event.kind() == "deploy") return MarkKind::deploy;
  if (is_node_death(event)) return MarkKind::node;
  return MarkKind::none;
}

std::string sentence_of(const v1::Event& event) {
  if (!event.text().empty()) return head_of(event) + event.text();
  return event.node().empty() ? event.kind() + " " + event.what() : event.node() + " " + event.what();
}

Timeline timeline_of(const std::vector<v1::Event>& events, const TimelineWish& wish) {
  std::vector<const v1::Event*> shown;
  const double start = start_of(events);
  for (const auto& event : events) {
    const bool booting = event.kind() == "node" && event.what() == "ready" && event.lab_s() <= start;
    if ((wish.reveal || !event.hidden()) && !booting && !is_quiet(event)) shown.push_back(&event);
  }
  std::sort(shown.begin(), shown.end(), [](const auto* a, const auto* b) {
    return std::pair(a->lab_s(), a->seq()) < std::pair(b->lab_s(), b->seq());
  });
  Timeline timeline{.entries = group(shown, false)};
  if (timeline.entries.size() > wish.most) timeline.entries = group(shown, true);
  number(&timeline.entries);
  cut(&timeline, wish);
  number(&timeline.entries);
  return timeline;
}

}  // namespace chaos::record
