#include "runtime/clock.hpp"

#include <chrono>
#include <cmath>

namespace chaos {

std::int64_t wall_s() { return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count(); }

LabTime LabAnchor::at(RealTime now) const { return lab + to_lab(now - real); }

RealDuration LabAnchor::to_real(LabDuration d) const {
  return std::chrono::duration_cast<RealDuration>(std::chrono::duration<double, std::micro>(static_cast<double>(d.us) / speed));
}

LabDuration LabAnchor::to_lab(RealDuration d) const {
  return {std::llround(std::chrono::duration<double, std::micro>(d).count() * speed)};
}

}  // namespace chaos
