// What a node process does next, from what is wanted of it. Pure.
#pragma once

#include "chaoslab/v1/node.pb.h"

namespace chaos {

enum class Step {
  wait,     // nothing to do until something changes
  boot,     // begin to boot: the boot time runs
  serve,    // the boot time is over: start the role
  stop,     // drain and end the process
};

/// What this process has done so far.
enum class Made { nothing, boot, role };

class Lifecycle {
 public:
  v1::Phase phase() const { return phase_; }

  /// Call after anything changed: the duty, a stop signal, what was made. Ready only once the role has started.
  Step next(v1::Duty duty, bool stop_asked, Made made);

 private:
  v1::Phase phase_ = v1::PHASE_STANDBY;
};

}  // namespace chaos
