#include "record/incident.hpp"

#include "lab/curve.hpp"
#include "record/drill_faults.hpp"
#include "record/fault_facts.hpp"
#include "record/figures.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>

namespace chaos::record {
namespace {

struct Out { bool success = false; bool latency = false; };
using OutMinutes = std::map<std::int64_t, Out>;

std::int64_t minute_of(double lab_s) { return static_cast<std::int64_t>(std::floor(lab_s / 60)); }

double share(std::uint64_t part, std::uint64_t all) {
  return all ? static_cast<double>(part) / static_cast<double>(all) : kNotMeasured;
}

void mark_by_success(const RunData& data, OutMinutes* out) {
  const double least = data.info.plan.contract().uptime_min();
  for (const auto& sums : sums_over_minutes(data.minutes, run_end(data))) {
    if (below_uptime(sums, least)) (*out)[sums.lab_minute].success = true;
  }
}

/// A sample speaks for the minutes since the one before it, an hour at most.
void mark_by_latency(const RunData& data, OutMinutes* out) {
  const double most = data.info.plan.contract().p95_ms_max();
  if (most <= 0) return;
  const auto samples = p95_over_minutes(data.slis);
  if (samples.empty()) return;
  std::int64_t before = minute_of(samples.front().lab_s) - 1;
  for (const auto& sample : samples) {
    const std::int64_t minute = minute_of(sample.lab_s);
    if (sample.p95_ms > most) {
      for (std::int64_t m = std::max(before, minute - 60) + 1; m < minute; ++m) (*out)[m].latency = true;
      (*out)[minute].latency = true;
    }
    before = minute;
  }
}

std::vector<IncidentWindow> join(const OutMinutes& out) {
  std::vector<IncidentWindow> windows;
  for (const auto& [minute, why] : out) {
    const double from = static_cast<double>(minute) * 60;
    if (windows.empty() || from - windows.back().to >= kSliMinutes * 60) windows.push_back({.from = from});
    auto& window = windows.back();
    window.to = from + 60;
    window.by_success |= why.success;
    window.by_latency |= why.latency;
  }
  return windows;
}

void count_requests(const std::vector<MinuteCount>& minutes, IncidentWindow* window) {
  for (const auto& minute : minutes) {
    const double at = static_cast<double>(minute.lab_minute) * 60;
    if (at < window->from || at >= window->to) continue;
    window->requests += minute.total;
    window->failed += minute.total - std::min(minute.good, minute.total);
  }
}

/// Of the drill's faults that began, the last end; none while one is in force.
std::optional<double> drill_gone(const RunData& data) {
  std::optional<double> last;
  for (const auto& course : courses_of(data)) {
    if (!course.began) continue;
    if (!course.gone) return std::nullopt;
    last = std::max(last.value_or(*course.gone), *course.gone);
  }
  return last;
}

std::optional<double> injected_gone(const RunData& data) {
  std::optional<double> last;
  std::multiset<std::string> in_force;
  for (const auto& event : data.events) {
    if (is_run_close(event)) break;
    const std::string id = fault_id_of(event);
    if (is_fault_start(event) && event.actor() != "drill") in_force.insert(id);
    const auto found = is_fault_end(event) ? in_force.find(id) : in_force.end();
    if (found == in_force.end()) continue;
    in_force.erase(found);
    last = event.lab_s();
  }
  return in_force.empty() ? last : std::nullopt;
}

void set_detection(const RunData& data, IncidentTimes* times) {
  for (const auto& event : data.events) {
    if (event.lab_s() < *times->fault || !(is_alert(event) || is_action(event))) continue;
    times->detected = event.lab_s();
    times->detected_by = event.kind();
    return;
  }
}

void set_mitigation(const RunData& data, IncidentTimes* times) {
  times->mitigated = mitigated_at(run_figures(data), *times->fault);
  times->out_at_end = !times->mitigated;
  times->had_effect = times->out_at_end || *times->mitigated > *times->fault;
}

double distance(const SliSample& sample, const IncidentWindow& window) {
  return std::max({0.0, window.from - sample.lab_s, sample.lab_s - window.to});
}

/// The mean over the samples within it, else the nearest; one without users is from after the traffic's end.
std::optional<double> users_sampled(const std::vector<SliSample>& slis, const IncidentWindow& window) {
  double sum = 0;
  std::uint64_t samples = 0;
  const SliSample* nearest = nullptr;
  for (const auto& s : slis) {
    if (!(s.users > 0)) continue;
    if (!nearest || distance(s, window) < distance(*nearest, window)) nearest = &s;
    if (distance(s, window) > 0) continue;
    sum += s.users;
    ++samples;
  }
  if (samples > 0) return sum / static_cast<double>(samples);
  return nearest ? std::optional(nearest->users) : std::nullopt;
}

/// See Impact::users.
std::optional<std::uint64_t> users_hit(const RunData& data, const IncidentWindow& window) {
  if (window.failed == 0) return 0;
  const double planned = planned_users(data.info.plan.traffic(), (window.from + window.to) / 2);
  const double users = users_sampled(data.slis, window).value_or(planned);
  if (!(users > 0)) return std::nullopt;
  const double failed = share(window.failed, window.requests);
  const double each = static_cast<double>(window.requests) / users;
  return static_cast<std::uint64_t>(std::llround(users * (1 - std::pow(1 - failed, each))));
}

}  // namespace

std::vector<IncidentWindow> incident_windows(const RunData& data) {
  OutMinutes out;
  mark_by_success(data, &out);
  mark_by_latency(data, &out);
  auto windows = join(out);
  for (auto& window : windows) count_requests(data.minutes, &window);
  return windows;
}

std::vector<MinuteSli> success_by_minute(const std::vector<MinuteCount>& minutes) {
  std::vector<MinuteSli> out;
  for (const auto& m : minutes) {
    const double at = static_cast<double>(m.lab_minute) * 60 + 30;
    if (m.total >= kWorstMinuteRequests) out.push_back({at, share(m.good, m.total)});
  }
  return out;
}

std::vector<MinuteSli> success_over_minutes(const RunData& data) {
  std::vector<MinuteSli> out;
  for (const auto& sums : sums_over_minutes(data.minutes, run_end(data))) {
    if (sums.total >= kSliRequests) out.push_back({static_cast<double>(sums.lab_minute) * 60 + 30, sums.success()});
  }
  return out;
}

IncidentTimes incident_times(const RunData& data) {
  IncidentTimes times;
  const auto fault = incident_fault(data);
  if (!fault) return times;
  times.fault = fault->lab_s;
  set_detection(data, &times);
  set_mitigation(data, &times);
  times.cause_gone = fault->scheduled ? drill_gone(data) : injected_gone(data);
  if (times.mitigated && times.cause_gone) times.recovered = std::max(*times.mitigated, *times.cause_gone);
  return times;
}

Impact impact_of(const RunData& data, const std::vector<IncidentWindow>& windows) {
  Impact impact;
  for (const auto& m : data.minutes) {
    impact.requests += m.total;
    impact.failed += m.total - std::min(m.good, m.total);
  }
  if (windows.empty() && !data.slis.empty()) impact.users = 0;
  for (const auto& window : windows) {
    impact.window_requests += window.requests;
    impact.window_failed += window.failed;
    const auto hit = users_hit(data, window);
    if (hit) impact.users = std::max(impact.users.value_or(0), *hit);
  }
  return impact;
}

}  // namespace chaos::record
