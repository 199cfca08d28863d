#include "runtime/pressure.hpp"

#include <algorithm>

namespace chaos {

double memory_slowdown(double memory_ratio, const PressureSettings& settings) {
  if (memory_ratio <= settings.from || settings.from >= 1) return 1;
  const double way = std::min(1.0, (memory_ratio - settings.from) / (1 - settings.from));
  return 1 + (settings.max - 1) * way * way;
}

double cpu_slowdown(double cpu) {
  if (cpu <= 0.8) return 1;
  return std::min(4.0, 0.2 / std::max(0.05, 1 - cpu));
}

}  // namespace chaos
