// A run as the next controller finds it when this one is gone.
#pragma once

#include "chaoslab/v1/snapshot.pb.h"
#include "record/run_data.hpp"
#include "serve/lab_model.hpp"

namespace chaos {

/// A run that was cut off: from its record.
struct CutOffRun {
  v1::Snapshot snapshot;
  RunData data;                              // minutes, latency and events; no samples are needed
  std::vector<std::int64_t> orders;          // acknowledged
};

/// Of the model alone; the conductor adds where it was in the schedule.
v1::Snapshot take_snapshot(const LabModel& model);

/// What becomes of the processes that the last controller knew: `live` go on and attach again (somebody else keeps them), else
/// they ended with it. The clock is left as it is.
void restore(LabModel& model, const CutOffRun& run, bool live);

/// Lab time now: where it stood, or where it got to meanwhile when the nodes went on.
double resumed_lab_s(const v1::Snapshot& snapshot, bool live, std::int64_t unix_us);

}  // namespace chaos
