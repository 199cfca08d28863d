#include "lab/alerts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chaos {

namespace {

std::optional<double> fullest(const std::string& role, const Observation& seen) {
  std::optional<double> most;
  for (const NodeView& node : seen.nodes) {
    if (node.role != role || !node.attached || !node.wanted()) continue;
    most = std::max(most.value_or(0), node.memory_ratio);
  }
  return most;
}

std::optional<double> ready_ratio(const std::string& role, const Observation& seen) {
  int wanted = 0;
  int ready = 0;
  for (const NodeView& node : seen.nodes) {
    if (node.role != role || !node.wanted()) continue;
    ++wanted;
    ready += node.ready();
  }
  if (wanted == 0) return std::nullopt;
  return static_cast<double>(ready) / wanted;
}

std::string alert_text(const v1::AlertRule& rule, std::optional<double> value) {
  const std::string signal = describe(rule.when(), value);
  return rule.summary().empty() ? signal : fmt::format("{}: {}", rule.summary(), signal);
}

}  // namespace

std::optional<double> signal_value(const v1::Signal& signal, const Observation& seen) {
  if (signal.of() == "memory_ratio") return fullest(signal.role(), seen);
  if (signal.of() == "nodes_ready_ratio") return ready_ratio(signal.role(), seen);
  if (signal.of() == "success_rate") return seen.success_rate;
  if (signal.of() == "p95_ms") return seen.p95_ms;
  if (signal.of() == "queue_depth") return seen.queue_depth;
  return std::nullopt;
}

bool beyond(const v1::Signal& signal, double value) {
  if (signal.has_above() && value > signal.above()) return true;
  return signal.has_below() && value < signal.below();
}

bool SignalWatch::update(const Observation& seen) {
  value_ = signal_value(signal_, seen);
  if (!value_ || !beyond(signal_, *value_)) {
    since_.reset();
    return false;
  }
  if (!since_) since_ = seen.lab_s;
  return seen.lab_s - *since_ >= signal_.for_lab_s();
}

std::string describe(const v1::Signal& signal, std::optional<double> value) {
  std::string text = signal.of();
  if (!signal.role().empty()) text += " of " + signal.role();
  if (signal.has_above()) text += fmt::format(" above {:g}", signal.above());
  if (signal.has_below()) text += fmt::format(" below {:g}", signal.below());
  if (signal.for_lab_s() > 0) text += fmt::format(" for {:g} lab s", signal.for_lab_s());
  if (value) text += fmt::format(" (now {:.3g})", *value);
  return text;
}

Alerts::Alerts(const google::protobuf::RepeatedPtrField<v1::AlertRule>& rules) {
  for (const v1::AlertRule& rule : rules) entries_.push_back({rule, SignalWatch(rule.when()), false});
}

std::vector<AlertChange> Alerts::update(const Observation& seen) {
  std::vector<AlertChange> changes;
  for (Entry& entry : entries_) {
    const bool holds = entry.watch.update(seen);
    if (holds == entry.firing) continue;
    entry.firing = holds;
    changes.push_back({entry.rule.name(), holds, entry.rule.severity(), alert_text(entry.rule, entry.watch.value())});
  }
  return changes;
}

std::vector<std::string> Alerts::firing() const {
  std::vector<std::string> names;
  for (const Entry& entry : entries_) {
    if (entry.firing) names.push_back(entry.rule.name());
  }
  return names;
}

}  // namespace chaos
