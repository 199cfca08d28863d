#include "record/node_story.hpp"

#include "record/incident.hpp"

#include <algorithm>

namespace chaos::record {
namespace {

constexpr double kLimitRatio = 0.9;

double ratio_of(const NodeSample& sample) {
  if (sample.memory_limit_bytes == 0) return 0;
  return static_cast<double>(sample.resident_bytes) / static_cast<double>(sample.memory_limit_bytes);
}

bool tells_of_memory(const v1::Event& event) {
  return event.text().find("emory") != std::string::npos || event.text().find("OOM") != std::string::npos;
}

NodeDeath death_of(const RunData& data, const v1::Event& event) {
  NodeDeath death{.node = event.node(), .lab_s = event.lab_s(), .at_memory_limit = tells_of_memory(event)};
  std::optional<double> above_since;
  double last = 0;
  for (const auto& sample : data.nodes) {
    if (sample.lab_s >= event.lab_s()) break;
    if (sample.node != event.node()) continue;
    last = ratio_of(sample);
    if (last < kAlertRatio) above_since.reset();
    else if (!above_since) above_since = sample.lab_s;
  }
  if (last >= kLimitRatio) death.at_memory_limit = true;
  if (death.at_memory_limit && above_since) death.warned_s = event.lab_s() - *above_since;
  return death;
}

}  // namespace

std::vector<NodeDeath> deaths_of(const RunData& data) {
  constexpr std::size_t kMost = 200;   // more are counted by the timeline; each costs a walk over the samples
  std::vector<NodeDeath> deaths;
  for (const auto& event : data.events) {
    if (is_node_death(event) && deaths.size() < kMost) deaths.push_back(death_of(data, event));
  }
  return deaths;
}

std::vector<Point> ready_nodes(const RunData& data, const std::string& role) {
  std::vector<Point> points;
  for (const auto& sample : data.nodes) {
    if (sample.role != role) continue;
    if (points.empty() || points.back().x != sample.lab_s) points.push_back({sample.lab_s, 0});
    if (sample.phase == v1::PHASE_READY && sample.attached) points.back().y += 1;
  }
  return points;
}

std::optional<Readiness> readiness(const RunData& data, const std::string& role, double from) {
  const auto points = ready_nodes(data, role);
  Readiness found;
  for (const auto& point : points) found.most = std::max(found.most, static_cast<int>(point.y));
  if (found.most == 0) return std::nullopt;
  found.least = found.most;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i].x < from) continue;
    const int ready = static_cast<int>(points[i].y);
    if (ready < found.least) {
      found.least = ready;
      found.least_at = points[i].x;
    }
    if (ready == 0 && i + 1 < points.size()) found.none_s += points[i + 1].x - points[i].x;
  }
  return found;
}

std::vector<std::string> nodes_of(const RunData& data, const std::string& role) {
  std::vector<std::string> names;
  for (const auto& sample : data.nodes) {
    if (sample.role == role && std::find(names.begin(), names.end(), sample.node) == names.end()) names.push_back(sample.node);
  }
  return names;
}

}  // namespace chaos::record
