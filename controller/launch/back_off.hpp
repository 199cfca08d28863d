// How long to wait before a process that ended is started anew. Pure.
#pragma once

#include "runtime/units.hpp"

namespace chaos {

/// At once after the first end, then 50 ms and twice as long each time up to 2 s. A process that lived for a while
/// has earned a fresh start, one that was asked to end costs nothing.
class BackOff {
 public:
  /// lived: how long the process that ended now had been alive.
  RealDuration next(RealDuration lived, bool asked);

 private:
  RealDuration wait_{};
};

}  // namespace chaos
