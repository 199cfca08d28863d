#include "record/drill_faults.hpp"

#include "lab/edges.hpp"
#include "lab/fault_rules.hpp"
#include "record/incident.hpp"
#include "record/versions.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace chaos::record {
namespace {

constexpr double kEarly = 1;   // lab seconds by which an event may stand before the plan's time

/// The latest that no later fault of the plan has: a fault that was refused leaves none.
const v1::Event* event_of(const v1::ScheduledFault& scheduled, const RunData& data, std::set<const v1::Event*>* used) {
  const std::string head = chaos::kind_name(scheduled.fault()) + " on " + chaos::target_text(scheduled.fault().target()) + " (";
  for (auto event = data.events.rbegin(); event != data.events.rend(); ++event) {
    if (event->lab_s() < scheduled.at() - kEarly) return nullptr;
    const bool drills = is_fault_start(*event) && event->actor() == "drill" && event->text().starts_with(head);
    if (drills && used->insert(&*event).second) return &*event;
  }
  return nullptr;
}

/// Each event is that of one fault: the last of the plan takes the last one.
void find_events(const RunData& data, std::vector<FaultCourse>* courses) {
  std::multimap<double, FaultCourse*> by_time;   // equals stay in the order of the plan
  for (auto& course : *courses) by_time.emplace(course.fault->at(), &course);
  std::set<const v1::Event*> used;
  for (auto at = by_time.rbegin(); at != by_time.rend(); ++at) at->second->event = event_of(*at->second->fault, data, &used);
}

std::optional<double> told_end(const RunData& data, const v1::Event* event) {
  const std::string id = event ? fault_id_of(*event) : "";
  if (id.empty()) return std::nullopt;
  for (const auto& end : data.events) {
    if (is_run_close(end)) break;
    if (is_fault_end(end) && fault_id_of(end) == id) return end.lab_s();
  }
  return std::nullopt;
}

/// The end of the rollback of the role that was under way at `lab_s`.
std::optional<double> rollback_around(const RunData& data, const std::string& role, double lab_s) {
  bool under_way = false;
  for (const auto& event : data.events) {
    const auto change = event.what() == "rollback" ? version_change(event) : std::nullopt;
    if (change && change->role == role) under_way = event.lab_s() <= lab_s;
    if (under_way && event.lab_s() >= lab_s && is_rollback_done(event, role)) return event.lab_s();
  }
  return std::nullopt;
}

void set_came(const RunData& data, bool told, FaultCourse* course) {
  const double at = course->fault->at();
  if (course->event) course->came = course->event->lab_s();
  else if (!told && at <= data.info.last_lab_s) course->came = at;
}

void set_version_course(const RunData& data, FaultCourse* course) {
  const auto& target = course->fault->fault().target();
  const auto uses = uses_of(data, target, course->fault->in_version());
  course->began = first_use(uses, *course->came);
  if (course->began && course->gone && *course->gone < *course->began) course->began.reset();
  const auto left = course->began ? end_of_use(uses, *course->began) : std::nullopt;
  if (!left || (course->gone && *course->gone <= *left)) return;
  const auto rollback = rollback_around(data, role_of(target), *left);
  course->rolled_back = rollback.has_value();
  course->gone = rollback.value_or(*left);
}

/// A fault that happens once is gone by its event alone: only that says that it happened.
void set_duration_end(const RunData& data, FaultCourse* course) {
  const auto& fault = course->fault->fault();
  const double end = *course->came + fault.duration_lab_s();
  const bool passes = !fault_meta(fault).one_shot() && fault.duration_lab_s() > 0;
  if (!course->gone && passes && end <= data.info.last_lab_s) course->gone = end;
}

}  // namespace

std::vector<FaultCourse> courses_of(const RunData& data) {
  std::vector<FaultCourse> courses;
  for (const auto& fault : data.info.plan.faults()) courses.push_back({.fault = &fault});
  find_events(data, &courses);
  const bool told = std::any_of(data.events.begin(), data.events.end(), [](const auto& e) { return e.kind() == "fault"; });
  for (auto& course : courses) {
    set_came(data, told, &course);
    if (!course.came) continue;
    course.began = course.came;
    course.gone = told_end(data, course.event);
    set_duration_end(data, &course);
    if (!course.fault->in_version().empty()) set_version_course(data, &course);
  }
  return courses;
}

std::string never_held(const FaultCourse& course) {
  if (!course.came || course.began) return {};
  return "never took hold: no process ran " + course.fault->in_version();
}

}  // namespace chaos::record
