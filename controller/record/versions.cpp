#include "record/versions.hpp"

#include "drill/drill_check.hpp"
#include "drill/schedule.hpp"
#include "record/incident.hpp"

#include <algorithm>
#include <set>
#include <string_view>

namespace chaos::record {
namespace {

/// "v2" of "is ready (v2)"; none when the event tells of no version.
std::optional<std::string> version_told(const v1::Event& event) {
  const std::string& text = event.text();
  const auto open = text.find(" (");
  if (event.kind() != "node" || !text.starts_with("is ") || open == std::string::npos || text.back() != ')') return std::nullopt;
  return text.substr(open + 2, text.size() - open - 3);
}

bool ended(const v1::Event& event) { return event.kind() == "node" && (event.what() == "stopped" || is_node_death(event)); }

/// "v2" of "version v2 of server is deployed", where no process is restarted for it yet.
std::optional<std::string> version_deployed(const v1::Event& event, const std::string& role) {
  static constexpr std::string_view kHead = "version ";
  const std::string tail = " of " + role + " is deployed";
  const std::string& text = event.text();
  const bool told = event.kind() == "deploy" && !event.hidden() && text.starts_with(kHead) && text.ends_with(tail);
  if (!told || text.size() < kHead.size() + tail.size()) return std::nullopt;
  return text.substr(kHead.size(), text.size() - kHead.size() - tail.size());
}

bool is_change_done(const v1::Event& event, const std::string& role) {
  const bool deployed = event.kind() == "action" && event.what() == "deploy_done" && event.text().starts_with("deploy of " + role + " to ");
  return deployed || is_rollback_done(event, role);
}

class Walk {
 public:
  Walk(const RunData& data, const v1::FaultTarget& target, std::string version)
      : target_(target), role_(role_of(target)), version_(std::move(version)) {
    const std::string first = version_at(data.info.plan, role_, data.info.start_lab_s);
    role_runs_ = comes_ = first.empty() || first == version_;
    by_node_ = std::any_of(data.events.begin(), data.events.end(), [&](const v1::Event& e) { return is_mine(e) && version_told(e); });
  }

  void take(const v1::Event& event) {
    if (is_mine(event)) take_node(event);
    if (const auto change = version_change(event); change && change->role == role_) take_change(change->version);
    if (const auto deployed = version_deployed(event, role_)) comes_ = *deployed == version_;
    if (is_change_done(event, role_)) role_runs_ = comes_;
  }
  VersionUse at(double lab_s) const { return {lab_s, by_node_ ? !nodes_.empty() : role_runs_, comes_}; }

 private:
  bool is_mine(const v1::Event& event) const {
    if (event.kind() != "node") return false;
    return target_.node().empty() ? chaos::role_of(event.node()) == role_ : event.node() == target_.node();
  }
  void take_node(const v1::Event& event) {
    const auto told = version_told(event);
    if (!told && !ended(event)) return;
    if (told && event.what() == "booting") comes_ = *told == version_;     // a process starts with what its role's next ones run
    const bool runs = told && *told == version_ && event.what() != "standby";
    if (runs) nodes_.insert(event.node());
    else nodes_.erase(event.node());
  }
  void take_change(const std::string& to) {
    comes_ = to == version_;
    role_runs_ = role_runs_ || comes_;     // one of its processes does, soon after
  }

  const v1::FaultTarget& target_;
  std::string role_;
  std::string version_;
  bool by_node_ = false;
  bool comes_ = false;
  bool role_runs_ = false;
  std::set<std::string> nodes_;            // that run it
};

}  // namespace

std::string role_of(const v1::FaultTarget& target) { return target.node().empty() ? target.role() : chaos::role_of(target.node()); }

std::optional<VersionChange> version_change(const v1::Event& event) {
  static constexpr std::string_view kGoes = " goes to version ";
  const std::string& text = event.text();
  const auto goes = text.find(kGoes);
  if (event.kind() != "action" || goes == std::string::npos) return std::nullopt;
  if (event.what() != "rollback" && event.what() != "deploy") return std::nullopt;
  const std::string rest = text.substr(goes + kGoes.size());
  return VersionChange{text.substr(0, goes), rest.substr(0, rest.find(", "))};
}

bool is_rollback_done(const v1::Event& event, const std::string& role) {
  return event.kind() == "action" && event.what() == "rollback_done" && event.text().starts_with("rollback of " + role + " to ");
}

std::vector<VersionUse> uses_of(const RunData& data, const v1::FaultTarget& target, const std::string& version) {
  Walk walk(data, target, version);
  std::vector<VersionUse> uses{walk.at(data.info.start_lab_s)};
  for (const auto& event : data.events) {
    if (is_run_close(event)) break;
    walk.take(event);
    const VersionUse now = walk.at(event.lab_s());
    if (now.runs != uses.back().runs || now.comes != uses.back().comes) uses.push_back(now);
  }
  return uses;
}

std::optional<double> first_use(const std::vector<VersionUse>& uses, double from) {
  for (std::size_t i = 0; i < uses.size(); ++i) {
    const bool until_later = i + 1 == uses.size() || uses[i + 1].lab_s > from;
    if (uses[i].runs && until_later) return std::max(from, uses[i].lab_s);
  }
  return std::nullopt;
}

std::optional<double> end_of_use(const std::vector<VersionUse>& uses, double from) {
  std::optional<double> since;
  for (const auto& use : uses) {
    if (use.runs || use.comes) since.reset();
    else if (!since) since = use.lab_s;
  }
  return since ? std::optional(std::max(from, *since)) : std::nullopt;
}

}  // namespace chaos::record
