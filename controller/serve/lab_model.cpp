#include "serve/lab_model.hpp"

#include "drill/drill_file.hpp"
#include "drill/schedule.hpp"
#include "serve/host.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace chaos {

namespace {

constexpr double kHeld = 0.001;
constexpr std::chrono::milliseconds kClockStep{50};
constexpr double kSignalMinutes = 5;           // of success_rate, but not less than a real second:
constexpr double kSignalRealS = 1;             // reports come every 200 ms, a time-out takes longer

double queue_depth(const Registry& registry) {
  double depth = 0;
  for (const NodeEntry* node : registry.of_role("queue")) {
    if (node->attached) depth += node->gauge("ready");
  }
  return depth;
}

}  // namespace

std::string_view to_word(RunPhase phase) {
  switch (phase) {
    case RunPhase::starting: return "starting";
    case RunPhase::running: return "running";
    case RunPhase::settling: return "settling";
    case RunPhase::ended: return "ended";
  }
  return "";
}

LabModel::LabModel(RunSettings settings_in, NodeClock& clock_in)
    : settings(std::move(settings_in)), clock(clock_in), registry(settings.drill.topology()), faults(settings.seed),
      tally(settings.drill.contract()), cost(settings.drill.topology(), settings.drill.start_lab_s()), alerts(settings.drill, settings.alerts_elsewhere) {
  for (const std::string& role : registry.roles()) set_version(role, version_at(drill(), role, drill().start_lab_s()));
  for (NodeEntry& node : registry.nodes()) node.version = node.wanted_version;
  hold_clock(drill().start_lab_s());
  for (const std::string& role : registry.roles()) bill(role);
}

void LabModel::set_clock(LabTime lab, double speed) {
  anchored_at_ = RealClock::now();
  clock.set_anchor({anchored_at_, lab, speed});
  anchor_.set_unix_us(unix_us_now());
  anchor_.set_lab_us(lab.us);
  anchor_.set_speed(speed);
}

bool LabModel::follow_wall_clock() {
  const auto passed = std::chrono::duration_cast<std::chrono::microseconds>(RealClock::now() - anchored_at_);
  const std::chrono::microseconds by_wall{unix_us_now() - anchor_.unix_us()};
  if (std::chrono::abs(by_wall - passed) < kClockStep) return false;
  set_clock(clock.lab_now(), clock.speed());
  return true;
}

void LabModel::acknowledge(const v1::Report& report) {
  const auto kept = [this](std::int64_t id) { return !std::binary_search(lost_orders.begin(), lost_orders.end(), id); };
  std::copy_if(report.acked_orders().begin(), report.acked_orders().end(), std::back_inserter(acknowledged), kept);
}

void LabModel::lose(const std::vector<std::int64_t>& orders) {
  lost_orders.insert(lost_orders.end(), orders.begin(), orders.end());
  std::sort(lost_orders.begin(), lost_orders.end());
  lost_orders.erase(std::unique(lost_orders.begin(), lost_orders.end()), lost_orders.end());
  std::erase_if(acknowledged, [this](std::int64_t id) { return std::binary_search(lost_orders.begin(), lost_orders.end(), id); });
}

void LabModel::close_run() {
  phase = RunPhase::settling;
  traffic_open = false;
  closed_lab_s = std::min(lab_s(), settings.end_lab_s);
  cost.close(*closed_lab_s);
}

void LabModel::hold_clock(double lab_s) { set_clock(LabTime::from_seconds(lab_s), kHeld); }

LabState LabModel::state() const {
  const LabSpan span{drill().start_lab_s(), std::max(settings.end_lab_s, drill().start_lab_s() + 1)};
  return {drill(), registry, faults, anchor_, run, settings.seed, overlay, span, traffic_open, phase == RunPhase::starting || phase == RunPhase::settling, primary, promoting};
}

void LabModel::set_version(const std::string& role, const std::string& version) {
  for (NodeEntry& node : registry.nodes()) {
    if (node.role != role || version.empty()) continue;
    node.wanted_version = version;
    if (!node.wanted()) node.version = version;
  }
}

void LabModel::bill(const std::string& role) { cost.set(lab_s(), role, registry.active(role)); }

Observation LabModel::observe() const {
  Observation seen;
  seen.lab_s = lab_s();
  seen.nodes = registry.views(RealClock::now());
  const std::int64_t minute = clock.lab_now().minute();
  const auto window = static_cast<std::int64_t>(std::ceil(std::max(kSignalMinutes, kSignalRealS * clock.speed() / 60)));
  seen.success_rate = tally.success(minute - window + 1, minute);
  if (const double p95 = tally.p95_ms_now(); p95 > 0) seen.p95_ms = p95;
  seen.queue_depth = queue_depth(registry);
  return seen;
}

const v1::NodeSettings& LabModel::node_settings(const std::string& role) const {
  const v1::RolePlan* plan = find_role(drill(), role);
  return plan ? plan->config().node() : v1::NodeSettings::default_instance();
}

}  // namespace chaos
