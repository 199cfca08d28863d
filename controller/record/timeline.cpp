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

/// How far repeated events are drawn together.
struct Grouping {
  bool by_role = false;
  double gap_lab_s = kHour;
};

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
          .mark = mark_of(event)};
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
  if (entry->text.starts_with(first + " ")) entry->text.replace(0, first.size(), role_of(first));
  entry->node += ", " + event.node();
}

std::string head_of(const v1::Event& event) {
  if (is_fault_start(event)) return "fault begins: ";
  if (event.kind() != "alert") return "";
  const bool says_so = event.text().starts_with("firing") || event.text().starts_with("resolved");
  return says_so ? "alert " : (is_alert(event) ? "alert: " : "alert over: ");
}

using Key = std::tuple<std::string, std::string, std::string>;

Key key_of(const v1::Event& event, const Grouping& grouping) {
  // Without a node the text up to its first figure tells what it is about.
  if (event.node().empty()) return {event.kind(), event.what(), event.text().substr(0, event.text().find_first_of("0123456789"))};
  const bool by_role = event.kind() == "node" && (grouping.by_role || event.what() == "ready");
  return {event.kind(), event.what(), by_role ? role_of(event.node()) : event.node()};
}

std::vector<TimelineEntry> group(const std::vector<const v1::Event*>& events, const Grouping& grouping) {
  std::vector<TimelineEntry> entries;
  std::map<Key, std::size_t> open;
  for (const auto* event : events) {
    const Key key = key_of(*event, grouping);
    const auto found = open.find(key);
    const bool near = found != open.end() && event->lab_s() - entries[found->second].last_lab_s <= grouping.gap_lab_s;
    if (near && may_repeat(*event)) {
      join(&entries[found->second], *event);
      continue;
    }
    open[key] = entries.size();
    entries.push_back(entry_of(*event));
  }
  return entries;
}

void drop_quiet_ones(std::vector<TimelineEntry>* entries, std::size_t most) {
  if (entries->size() <= most) return;
  std::erase_if(*entries, [](const auto& e) { return e.kind == "node" && e.mark == MarkKind::none; });
  if (entries->size() > most) entries->resize(most);
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

std::vector<TimelineEntry> timeline_of(const std::vector<v1::Event>& events, bool reveal, std::size_t most) {
  std::vector<const v1::Event*> shown;
  const double start = start_of(events);
  for (const auto& event : events) {
    const bool booting = event.kind() == "node" && event.what() == "ready" && event.lab_s() <= start;
    if ((reveal || !event.hidden()) && !booting && !is_quiet(event)) shown.push_back(&event);
  }
  std::sort(shown.begin(), shown.end(), [](const auto* a, const auto* b) {
    return std::pair(a->lab_s(), a->seq()) < std::pair(b->lab_s(), b->seq());
  });
  const double whole_run = std::numeric_limits<double>::infinity();
  std::vector<TimelineEntry> entries;
  for (const Grouping grouping : {Grouping{false, kHour}, Grouping{true, kHour}, Grouping{true, whole_run}}) {
    entries = group(shown, grouping);
    if (entries.size() <= most) break;
  }
  drop_quiet_ones(&entries, most);
  int number = 0;
  for (auto& entry : entries) entry.number = ++number;
  return entries;
}

}  // namespace chaos::record
