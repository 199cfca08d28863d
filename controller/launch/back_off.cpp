#include "launch/back_off.hpp"

#include <algorithm>

namespace chaos {

namespace {
constexpr RealDuration kFirst = std::chrono::milliseconds(50);
constexpr RealDuration kLongest = std::chrono::seconds(2);
constexpr RealDuration kFreshStart = std::chrono::seconds(5);
}  // namespace

RealDuration BackOff::next(RealDuration lived, bool asked) {
  if (asked) return {};
  if (lived >= kFreshStart) wait_ = {};
  const RealDuration now = wait_;
  wait_ = std::clamp(wait_ * 2, kFirst, kLongest);
  return now;
}

}  // namespace chaos
