// What a drill does by itself, and when. Pure; the engine asks at each tick, also after a restart of the controller.
#pragma once

#include "chaoslab/v1/drill.pb.h"

#include <optional>
#include <string>
#include <vector>

namespace chaos {

/// Pointers into the drill, in order of time and then of the file. Deploys come before faults of the same moment.
struct Due {
  std::vector<const v1::ScheduledDeploy*> deploys;   // silent ones too: nothing restarts, the code was there
  std::vector<const v1::ScheduledFault*> faults;
};

/// Everything with from <= at < to, in lab seconds. Begin with the run's start, go on with the last `to`.
Due due_between(const v1::Drill& drill, double from, double to);

/// When the next entry at or after `lab_s` is due.
std::optional<double> next_due(const v1::Drill& drill, double lab_s);

/// The version that the drill wants a role to run as `lab_s` begins, the operator's rollbacks aside: the plan's, or that
/// of the last deploy before it (one at that very moment is yet to come: due_between gives it); a silent deploy counts
/// from the start. Empty for a role that the drill does not have.
std::string version_at(const v1::Drill& drill, const std::string& role, double lab_s);

/// The version that a rollback goes to: the plan's.
std::string last_good_version(const v1::Drill& drill, const std::string& role);

/// When trouble begins: the time of the first fault; none for a drill without faults.
std::optional<double> first_fault(const v1::Drill& drill);

}  // namespace chaos
