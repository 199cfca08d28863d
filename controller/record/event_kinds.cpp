// What an event's kind and word mean to the timeline.
#include "record/incident.hpp"

#include <algorithm>
#include <array>

namespace chaos::record {
namespace {

template <std::size_t N>
bool starts_with_any(const std::string& word, const std::array<std::string_view, N>& heads) {
  return std::any_of(heads.begin(), heads.end(), [&](std::string_view head) { return word.starts_with(head); });
}

constexpr std::array<std::string_view, 7> kFaultEnds{"clear", "end", "gone", "expire", "revert", "remove", "over"};
constexpr std::array<std::string_view, 5> kAlertEnds{"resolve", "ok", "clear", "end", "over"};
constexpr std::array<std::string_view, 6> kDeaths{"kill", "die", "crash", "exit", "lost", "dead"};
constexpr std::array<std::string_view, 3> kRefusals{"refuse", "fail", "reject"};

}  // namespace

bool is_fault_end(const v1::Event& event) { return event.kind() == "fault" && starts_with_any(event.what(), kFaultEnds); }
bool is_fault_start(const v1::Event& event) {
  return event.kind() == "fault" && !is_fault_end(event) && !starts_with_any(event.what(), kRefusals);
}
bool is_alert_end(const v1::Event& event) { return event.kind() == "alert" && starts_with_any(event.what(), kAlertEnds); }
bool is_alert(const v1::Event& event) { return event.kind() == "alert" && !is_alert_end(event); }
bool is_action(const v1::Event& event) {
  const std::string& what = event.what();
  const bool is_end = what.ends_with("_done") || what.ends_with("_failed");
  return event.kind() == "action" && event.actor() != "drill" && !is_end && what != "speed" && !starts_with_any(what, kRefusals);
}
bool is_run_close(const v1::Event& event) {
  return event.kind() == "run" && (event.what() == "settling" || event.what() == "interrupted" || event.what().starts_with("end"));
}
bool is_node_death(const v1::Event& event) { return event.kind() == "node" && starts_with_any(event.what(), kDeaths); }

bool is_failover_loss(const v1::Event& event) {
  return event.kind() == "ledger" && (event.what() == "failover_loss" || event.what() == "failover_uncounted");
}
bool is_failover_outcome(const v1::Event& event) {
  const bool ends = event.kind() == "action" && (event.what() == "failover_done" || event.what() == "failover_failed");
  return ends || (event.kind() == "ledger" && event.what().starts_with("failover"));
}

std::string fault_id_of(const v1::Event& event) {
  static constexpr std::string_view kCleared = " is cleared";
  const std::string& text = event.text();
  if (text.ends_with(kCleared)) return text.substr(0, text.size() - kCleared.size());
  const auto open = text.rfind(" (");
  if (open == std::string::npos || text.back() != ')') return {};
  return text.substr(open + 2, text.size() - open - 3);
}

}  // namespace chaos::record
