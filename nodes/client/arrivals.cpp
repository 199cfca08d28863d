#include "client/arrivals.hpp"

namespace chaos {

ArrivalRule::Step ArrivalRule::next(RealTime from, const Demand& demand) {
  const RealTime end = from + kHorizon;
  const double most = demand.max_rate(from, end);
  if (most <= 0) return {end, false};
  const double horizon_s = to_s(kHorizon);
  for (double ahead_s = rng_.exponential(1 / most); ahead_s < horizon_s; ahead_s += rng_.exponential(1 / most)) {
    const RealTime at = from + std::chrono::duration_cast<RealDuration>(std::chrono::duration<double>(ahead_s));
    if (rng_.chance(demand.rate(at) / most)) return {at, true};
  }
  return {end, false};
}

}  // namespace chaos
