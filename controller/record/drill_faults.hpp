// How the faults of the drill went in a run: when each came, took hold and was gone. Pure; lab time in seconds.
#pragma once

#include "record/run_data.hpp"

#include <optional>
#include <string>
#include <vector>

namespace chaos::record {

struct FaultCourse {
  const v1::ScheduledFault* fault;      // of the run's plan
  const v1::Event* event = nullptr;     // by which it came; null: the record has none
  /// By its event; where the record holds no event of a fault at all, by the drill. None: not before the record's end.
  std::optional<double> came;
  /// `came`; of a fault in a version's code, when a process of its target first ran that version since.
  std::optional<double> began;
  /// By its event ("over", "clear"); of one with a duration also when that has passed; of one in a version's code also
  /// at the end of the rollback after which no process of its target runs that version any more, and none to come
  /// would (without a rollback, as after another deployment: when the last such process ended).
  std::optional<double> gone;
  bool rolled_back = false;             // `gone` is the end of a rollback
};

/// In the order of the plan.
std::vector<FaultCourse> courses_of(const RunData& data);

/// "never took hold: no process ran v2"; empty unless it came and did not begin.
std::string never_held(const FaultCourse& course);

}  // namespace chaos::record
