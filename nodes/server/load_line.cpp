#include "server/load_line.hpp"

#include <algorithm>
#include <cmath>

namespace chaos {

unsigned load_percent(const ServerLoad& load) {
  const double free = load.waiting > 0 ? 0 : 1 - static_cast<double>(load.busy) / std::max(1, load.slots);
  const double spare = std::clamp(2 * free, 0.0, 1.0);
  return static_cast<unsigned>(std::clamp(std::round(100 * spare / std::max(1.0, load.slowdown)), 1.0, 100.0));
}

std::string load_line(const ServerLoad& load, bool draining, bool greet) {
  if (draining) return "drain\n";
  return (greet ? "up ready " : "") + std::to_string(load_percent(load)) + "%\n";
}

}  // namespace chaos
