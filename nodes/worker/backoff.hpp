// How long to wait after a failure: doubling up to a bound, with chance so that workers do not come back in step.
#pragma once

#include "runtime/random.hpp"
#include "runtime/units.hpp"

#include <algorithm>

namespace chaos {

/// Pure.
class Backoff {
 public:
  Backoff(RealDuration first, RealDuration most) : first_(first), most_(most), next_(first) {}
  /// Between half and the whole of the current wait; the next one is twice as long.
  RealDuration after_failure(Rng& rng) {
    const RealDuration whole = next_;
    next_ = std::min(most_, 2 * next_);
    return whole / 2 + std::chrono::duration_cast<RealDuration>(whole / 2 * rng.uniform());
  }
  void success() { next_ = first_; }

 private:
  RealDuration first_;
  RealDuration most_;
  RealDuration next_;
};

}  // namespace chaos
