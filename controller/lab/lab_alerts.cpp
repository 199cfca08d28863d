#include "lab/lab_alerts.hpp"

#include <algorithm>

namespace chaos {

namespace {

constexpr RealDuration kSilence = std::chrono::seconds(60);    // the heartbeat comes every ten
constexpr std::size_t kMostFiring = 1000;      // told ones; anybody can tell
const std::string kSilent = "AlertingSilent";

void append(std::vector<AlertChange>& to, std::vector<AlertChange> more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

LabAlerts::LabAlerts(const v1::Drill& drill, bool elsewhere)
    : elsewhere_(elsewhere), rules_(drill.alerts()), of_drill_(drill.alerts()), burn_(drill.contract()) {}

void LabAlerts::take_up(const std::vector<v1::Event>& events) {
  for (const v1::Event& event : events) {
    if (event.kind() != "alert") continue;
    if (event.what() == "firing") left_.insert(event.node());
    else left_.erase(event.node());
  }
}

std::vector<AlertChange> LabAlerts::update(const Observation& seen, double speed, RealTime now) {
  std::vector<AlertChange> changes = watch_silence(now);
  if (!elsewhere_ || silent_) {
    append(changes, of_drill_.update(seen));
    append(changes, burn_.update(static_cast<std::int64_t>(seen.lab_s / 60), speed));
  }
  changes = news(std::move(changes));
  append(changes, give_up_left(now));
  return changes;
}

// What the record has firing already is no news; from here on whoever told it says when it ends.
std::vector<AlertChange> LabAlerts::news(std::vector<AlertChange> changes) {
  std::erase_if(changes, [this](const AlertChange& change) { return left_.erase(change.name) > 0 && change.firing; });
  return changes;
}

// Those of elsewhere are waited for once anything is heard from there.
std::vector<AlertChange> LabAlerts::give_up_left(RealTime now) {
  if (elsewhere_ && (!heard_from_ || silent_)) left_since_.reset();
  else if (!left_since_) left_since_ = now;
  if (left_.empty() || !left_since_) return {};
  if (now - *left_since_ < kSilence) return {};
  std::vector<AlertChange> changes;
  for (const std::string& name : left_) changes.push_back({name, false, "", "it ended while no controller watched"});
  left_.clear();
  return changes;
}

std::vector<AlertChange> LabAlerts::watch_silence(RealTime now) {
  if (!elsewhere_) return {};
  if (!heard_) heard_ = now;
  if (silent_ || now - *heard_ < kSilence) return {};
  silent_ = true;
  return {{kSilent, true, "page", "nothing is heard from Prometheus and Alertmanager; the controller watches the contract itself"}};
}

std::vector<AlertChange> LabAlerts::hear(const std::vector<ToldAlert>& told, RealTime now) {
  // Of a Prometheus that is gone Alertmanager tells that its alerts are over.
  const bool alive = std::any_of(told.begin(), told.end(), [](const ToldAlert& one) { return one.change.firing; });
  if (alive) heard_ = now;
  heard_from_ = heard_from_ || alive;
  std::vector<AlertChange> changes;
  if (alive && (silent_ || left_.contains(kSilent))) append(changes, let_go());
  for (const ToldAlert& one : told) {
    const bool known = told_.contains(one.key) || (!one.change.firing && left_.contains(one.change.name));
    if (one.heartbeat || one.change.firing == known || (one.change.firing && told_.size() >= kMostFiring)) continue;
    if (one.change.firing) told_[one.key] = one.change.name;
    else told_.erase(one.key);
    changes.push_back(one.change);
  }
  return news(std::move(changes));
}

// The own alerts end with the silence: what still fires is told from elsewhere.
std::vector<AlertChange> LabAlerts::let_go() {
  std::vector<AlertChange> changes{{kSilent, false, "page", "alerts arrive again"}};
  for (const std::string& name : of_drill_.firing()) changes.push_back({name, false, "", "Prometheus watches again"});
  for (const std::string& name : burn_.firing()) changes.push_back({name, false, "", "Prometheus watches again"});
  of_drill_ = Alerts(rules_);
  burn_.forget_firing();
  silent_ = false;
  return changes;
}

std::vector<std::string> LabAlerts::firing() const {
  std::set<std::string> names;
  for (const std::string& name : of_drill_.firing()) names.insert(name);
  for (const std::string& name : burn_.firing()) names.insert(name);
  for (const auto& [key, name] : told_) names.insert(name);
  names.insert(left_.begin(), left_.end());
  if (silent_) names.insert(kSilent);
  return {names.begin(), names.end()};
}

}  // namespace chaos
