#include "lab/lab_alerts.hpp"

#include <algorithm>

namespace chaos {

namespace {

constexpr RealDuration kSilence = std::chrono::seconds(60);    // the heartbeat comes every ten
const std::string kSilent = "AlertingSilent";

void append(std::vector<AlertChange>& to, std::vector<AlertChange> more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

LabAlerts::LabAlerts(const v1::Drill& drill, bool elsewhere)
    : elsewhere_(elsewhere), rules_(drill.alerts()), of_drill_(drill.alerts()), burn_(drill.contract()) {}

std::vector<AlertChange> LabAlerts::update(const Observation& seen, double speed, RealTime now) {
  std::vector<AlertChange> changes = watch_silence(now);
  if (elsewhere_ && !silent_) return changes;
  append(changes, of_drill_.update(seen));
  append(changes, burn_.update(static_cast<std::int64_t>(seen.lab_s / 60), speed));
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
  heard_ = now;
  std::vector<AlertChange> news;
  if (silent_) append(news, let_go());
  for (const ToldAlert& one : told) {
    if (one.heartbeat || one.change.firing == told_.contains(one.key)) continue;
    if (one.change.firing) told_[one.key] = one.change.name;
    else told_.erase(one.key);
    news.push_back(one.change);
  }
  return news;
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
  if (silent_) names.insert(kSilent);
  return {names.begin(), names.end()};
}

}  // namespace chaos
