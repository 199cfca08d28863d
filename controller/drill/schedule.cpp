#include "drill/schedule.hpp"

#include "drill/drill_file.hpp"

#include <map>

namespace chaos {

namespace {

template <class Entry>
std::vector<const Entry*> entries_between(const google::protobuf::RepeatedPtrField<Entry>& all, double from, double to) {
  std::multimap<double, const Entry*> by_time;   // equals stay in the order of the file
  for (const Entry& entry : all) {
    if (entry.at() >= from && entry.at() < to) by_time.emplace(entry.at(), &entry);
  }
  std::vector<const Entry*> out;
  for (const auto& [at, entry] : by_time) out.push_back(entry);
  return out;
}

template <class Entry>
void earliest(const google::protobuf::RepeatedPtrField<Entry>& all, double from, std::optional<double>& found) {
  for (const Entry& entry : all) {
    if (entry.at() >= from && (!found || entry.at() < *found)) found = entry.at();
  }
}

}  // namespace

Due due_between(const v1::Drill& drill, double from, double to) {
  return {entries_between(drill.deploys(), from, to), entries_between(drill.faults(), from, to)};
}

std::optional<double> next_due(const v1::Drill& drill, double lab_s) {
  std::optional<double> found;
  earliest(drill.deploys(), lab_s, found);
  earliest(drill.faults(), lab_s, found);
  return found;
}

std::string version_at(const v1::Drill& drill, const std::string& role, double lab_s) {
  std::string version = last_good_version(drill, role);
  double since = -1;
  for (const v1::ScheduledDeploy& deploy : drill.deploys()) {
    const double from = deploy.silent() ? 0 : deploy.at();
    const bool there = deploy.silent() || from < lab_s;
    if (deploy.role() != role || !there || from < since) continue;
    version = deploy.version();
    since = from;
  }
  return version;
}

std::string last_good_version(const v1::Drill& drill, const std::string& role) {
  const v1::RolePlan* plan = find_role(drill, role);
  return plan ? plan->version() : std::string();
}

std::optional<double> first_fault(const v1::Drill& drill) {
  std::optional<double> found;
  earliest(drill.faults(), 0, found);
  return found;
}

}  // namespace chaos
