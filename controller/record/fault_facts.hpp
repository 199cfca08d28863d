// What a fault was, in words from its own descriptor and from the drill file. Pure.
#pragma once

#include "chaoslab/v1/options.pb.h"
#include "record/run_data.hpp"

#include <optional>
#include <string>
#include <vector>

namespace chaos::record {

/// The options of its kind; empty ones when it has no kind.
const v1::FaultMeta& fault_meta(const v1::Fault& fault);

std::string fault_name(const v1::Fault& fault);      // "memory_leak"; "fault" without a kind
std::string fault_target(const v1::Fault& fault);    // "server-2", "50 % of server", "server-2->postgres"
std::string fault_strength(const v1::Fault& fault);  // "60 MB per lab hour, probability 0.5"; only what is set

struct FaultFacts {
  std::string name;
  std::string target;
  std::string strength;
  std::optional<double> lab_s;   // when it began (FaultCourse::began); none: not in this run
  bool scheduled = false;        // by the drill
  std::string began;        // "17:30", "17:30, until 18:10"; "not begun in this run"; "never took hold: ..."
  std::string summary;      // what it does
  std::string where;        // where it lived; by the drill file, else by the version or the target; who injected it
  std::string cause;        // what has this effect in production; by the kind
  std::string cure;         // what cures it; by the drill file, else by the kind
  std::string looks_like;   // from outside
};

/// Those of the drill, then those that somebody injected beside it (by their events' text). While the run goes
/// on only the latter, and of them only what is not hidden. None of the drill that lay beyond the end of a run cut short.
std::vector<FaultFacts> faults_of(const RunData& data);

/// The fault that the run's times count from, hidden or not: the drill's that began first, else the one that
/// somebody injected first; none when none began.
std::optional<FaultFacts> incident_fault(const RunData& data);

}  // namespace chaos::record
