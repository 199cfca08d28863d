// The lab's alerts, whoever evaluates them: the controller itself, or Prometheus, which tells through Alertmanager. Pure.
#pragma once

#include "chaoslab/v1/lab.pb.h"
#include "lab/burn_rate.hpp"
#include "runtime/units.hpp"

#include <set>

namespace chaos {

/// One alert as Alertmanager tells it.
struct ToldAlert {
  std::string key;          // the same for one alert from firing to resolved (its fingerprint)
  AlertChange change;
  bool heartbeat = false;   // of the alert that always fires: only that it came counts
};

/// `elsewhere`: Prometheus evaluates, and the controller does only while nothing is heard from there. An alert that always
/// fires is told again and again for that: a monitoring that is down is itself an alert, AlertingSilent. That alerts are over
/// is no word from there: a Prometheus that is gone ends them.
class LabAlerts {
 public:
  LabAlerts(const v1::Drill& drill, bool elsewhere);

  /// Of a run that goes on under a new controller: what its events leave firing. Those fire on, and are no news when they are
  /// told or found again; what is not within a minute has ended meanwhile. Call before anything else.
  void take_up(const std::vector<v1::Event>& events);
  /// A client's report, for the burn rates.
  void add(const v1::Report& report, std::int64_t lab_minute) { burn_.add(report, lab_minute); }
  /// The own alerts that begin or cease to fire; call at each tick of a running lab.
  std::vector<AlertChange> update(const Observation& seen, double speed, RealTime now);
  /// What others tell; those that are news. Told again, an alert is none; nor is what fires beside a thousand others.
  std::vector<AlertChange> hear(const std::vector<ToldAlert>& told, RealTime now);
  bool elsewhere() const { return elsewhere_; }
  /// Names, sorted.
  std::vector<std::string> firing() const;

 private:
  std::vector<AlertChange> watch_silence(RealTime now);
  std::vector<AlertChange> let_go();
  std::vector<AlertChange> news(std::vector<AlertChange> changes);
  std::vector<AlertChange> give_up_left(RealTime now);

  const bool elsewhere_;
  google::protobuf::RepeatedPtrField<v1::AlertRule> rules_;
  Alerts of_drill_;
  BurnAlerts burn_;
  std::map<std::string, std::string> told_;      // key to name
  std::set<std::string> left_;                   // names that fired under the controller before
  std::optional<RealTime> left_since_;           // since when they are waited for
  std::optional<RealTime> heard_;                // the last word, or the first tick
  bool heard_from_ = false;
  bool silent_ = false;
};

}  // namespace chaos
