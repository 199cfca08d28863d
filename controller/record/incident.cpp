#include "record/incident.hpp"

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

/// Calls visit(minute, total, good) with the sums over the kSliMinutes lab minutes that end with each minute.
template <class Visit>
void over_minutes(const std::vector<MinuteCount>& minutes, Visit visit) {
  std::uint64_t total = 0;
  std::uint64_t good = 0;
  std::size_t first = 0;
  for (const auto& minute : minutes) {
    total += minute.total;
    good += minute.good;
    for (; minutes[first].lab_minute <= minute.lab_minute - kSliMinutes; ++first) {
      total -= minutes[first].total;
      good -= minutes[first].good;
    }
    visit(minute.lab_minute, total, good);
  }
}

double share(std::uint64_t part, std::uint64_t all) {
  return all ? static_cast<double>(part) / static_cast<double>(all) : kNotMeasured;
}

bool below(std::uint64_t total, std::uint64_t good, double least) {
  return total >= kSliRequests && static_cast<double>(good) < least * static_cast<double>(total);
}

void mark_by_success(const RunData& data, OutMinutes* out) {
  const double least = data.info.plan.contract().uptime_min();
  over_minutes(data.minutes, [&](std::int64_t minute, std::uint64_t total, std::uint64_t good) {
    if (below(total, good, least)) (*out)[minute].success = true;
  });
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

/// The end of the last rollback of the role after `from`.
std::optional<double> last_rollback(const RunData& data, const std::string& role, double from) {
  std::optional<double> last;
  bool of_role = true;
  for (const auto& event : data.events) {
    const bool begins = event.kind() == "action" && event.what() == "rollback";
    if (begins) of_role = event.text().empty() || event.text().find(role) != std::string::npos;
    if (is_rollback_done(event) && of_role && event.lab_s() >= from) last = event.lab_s();
  }
  return last;
}

std::optional<double> planned_end(const RunData& data, const v1::ScheduledFault& fault, double began) {
  const double gone = began + fault.fault().duration_lab_s();
  const bool by_itself = fault_meta(fault.fault()).one_shot() || fault.fault().duration_lab_s() > 0;
  if (by_itself) return gone <= data.info.last_lab_s ? std::optional(gone) : std::nullopt;
  if (fault.in_version().empty()) return std::nullopt;
  return last_rollback(data, fault.fault().target().role(), began);
}

/// Where no event says so: a fault that happens once, or has a duration, or lives in a version that was rolled back.
std::optional<double> planned_end(const RunData& data) {
  std::optional<double> end;
  for (const auto& fault : data.info.plan.faults()) {
    const auto began = began_at(fault, data);
    if (!began) continue;
    const auto gone = planned_end(data, fault, *began);
    if (!gone) return std::nullopt;
    end = std::max(end.value_or(*gone), *gone);
  }
  return end;
}

std::optional<double> cause_gone(const RunData& data, bool scheduled) {
  std::optional<double> last;
  std::multiset<std::string> in_force;
  for (const auto& event : data.events) {
    const std::string id = fault_id_of(event);
    if (is_fault_start(event) && (event.actor() == "drill") == scheduled) in_force.insert(id);
    const auto found = is_fault_end(event) ? in_force.find(id) : in_force.end();
    if (found == in_force.end()) continue;
    in_force.erase(found);
    last = event.lab_s();
  }
  if (last && in_force.empty()) return last;
  return scheduled ? planned_end(data) : std::nullopt;
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

/// See Impact::users.
std::optional<std::uint64_t> users_hit(const std::vector<SliSample>& slis, const IncidentWindow& window) {
  double sum = 0;
  std::uint64_t samples = 0;
  for (const auto& s : slis) {
    if (s.lab_s < window.from || s.lab_s > window.to || !std::isfinite(s.users)) continue;
    sum += s.users;
    ++samples;
  }
  if (samples == 0) return std::nullopt;
  const double users = sum / static_cast<double>(samples);
  if (users <= 0 || window.failed == 0) return 0;
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

std::vector<MinuteSli> success_over_minutes(const std::vector<MinuteCount>& minutes) {
  std::vector<MinuteSli> out;
  over_minutes(minutes, [&](std::int64_t minute, std::uint64_t total, std::uint64_t good) {
    if (total >= kSliRequests) out.push_back({static_cast<double>(minute) * 60 + 30, share(good, total)});
  });
  return out;
}

IncidentTimes incident_times(const RunData& data) {
  IncidentTimes times;
  const auto fault = incident_fault(data);
  if (!fault) return times;
  times.fault = fault->lab_s;
  set_detection(data, &times);
  set_mitigation(data, &times);
  times.cause_gone = cause_gone(data, fault->scheduled);
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
    const auto hit = users_hit(data.slis, window);
    if (hit) impact.users = std::max(impact.users.value_or(0), *hit);
  }
  return impact;
}

}  // namespace chaos::record
