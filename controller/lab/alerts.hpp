// What an operator can see of the lab at one moment, and the alerts that follow from it. Pure.
#pragma once

#include "chaoslab/v1/drill.pb.h"
#include "chaoslab/v1/node.pb.h"

#include <optional>
#include <string>
#include <vector>

namespace chaos {

struct NodeView {
  std::string name;
  std::string role;
  v1::Duty duty = v1::DUTY_STANDBY;
  v1::Phase phase = v1::PHASE_STANDBY;
  bool attached = false;
  double memory_ratio = 0;    // resident memory against its limit

  bool wanted() const { return duty != v1::DUTY_STANDBY; }
  bool ready() const { return attached && duty == v1::DUTY_ACTIVE && phase == v1::PHASE_READY; }
};

struct Observation {
  double lab_s = 0;
  std::vector<NodeView> nodes;         // in path order
  std::optional<double> success_rate;  // good share over the last lab minutes; none without requests
  std::optional<double> p95_ms;        // over the last seconds; none without answers
  double queue_depth = 0;              // messages ready on the queue node
};

/// What the signal reads: memory_ratio of the fullest attached node of its role; nodes_ready_ratio: ready nodes of
/// those whose duty is not standby. None when there is nothing to read; such a signal does not hold.
std::optional<double> signal_value(const v1::Signal& signal, const Observation& seen);

/// Whether a value is beyond the signal's bound (strictly above or below).
bool beyond(const v1::Signal& signal, double value);

/// A signal that must hold for some lab time without a break.
class SignalWatch {
 public:
  explicit SignalWatch(v1::Signal signal) : signal_(std::move(signal)) {}
  /// True when it has held for its for_lab_s. Call in order of lab time.
  bool update(const Observation& seen);
  std::optional<double> value() const { return value_; }
  const v1::Signal& signal() const { return signal_; }

 private:
  v1::Signal signal_;
  std::optional<double> since_;
  std::optional<double> value_;
};

/// "memory_ratio of server above 0.85 for 60 lab s (now 0.91)".
std::string describe(const v1::Signal& signal, std::optional<double> value);

struct AlertChange {
  std::string name;
  bool firing = false;      // false: resolved
  std::string severity;
  std::string text;         // summary and the signal with its value
};

class Alerts {
 public:
  explicit Alerts(const google::protobuf::RepeatedPtrField<v1::AlertRule>& rules);
  /// The alerts that begin or cease to fire, in the order of the rules.
  std::vector<AlertChange> update(const Observation& seen);
  std::vector<std::string> firing() const;

 private:
  struct Entry {
    v1::AlertRule rule;
    SignalWatch watch;
    bool firing = false;
  };
  std::vector<Entry> entries_;
};

}  // namespace chaos
