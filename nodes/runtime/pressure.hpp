// How much slower a node works than at rest: a function of what is really there (docs/model.md).
#pragma once

namespace chaos {

struct PressureSettings {
  double from = 0.7;   // share of the memory limit at which it begins
  double max = 6;      // multiplier at the limit
};

/// Collector pressure: 1 below `from`, then rising with the square of the way to the limit, `max` at it.
double memory_slowdown(double memory_ratio, const PressureSettings& settings);

/// A data thread that is busy for a share `cpu` of the time answers as an M/M/1 queue does: 1 up to 0.8 (measured
/// delay is in the real latencies already), then 0.2 / (1 - cpu), at most 4.
double cpu_slowdown(double cpu);

}  // namespace chaos
