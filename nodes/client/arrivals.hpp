// When requests are sent: a Poisson process whose rate follows the users, drawn ahead of time.
#pragma once

#include "client/user_curve.hpp"
#include "runtime/clock.hpp"
#include "runtime/random.hpp"

namespace chaos {

/// Requests a real second at each instant: users at its lab time over their think time. Pure.
struct Demand {
  const UserCurve& users;
  double think_s;
  LabAnchor lab;

  double rate(RealTime at) const { return users.at(lab.at(at)) / think_s; }
  double max_rate(RealTime from, RealTime to) const { return users.max_between(lab.at(from), lab.at(to)) / think_s; }
};

/// A non-homogeneous Poisson process by thinning (Lewis and Shedler 1979). Each step starts from the intended time of
/// the one before it, never from the present: a sender that is late does not stretch the schedule.
class ArrivalRule {
 public:
  explicit ArrivalRule(Rng rng) : rng_(std::move(rng)) {}

  struct Step {
    RealTime at;
    bool arrival;   // false: none until `at`; go on from there
  };
  /// The next arrival after `from`, or a step of at most kHorizon without one.
  Step next(RealTime from, const Demand& demand);

  /// How far ahead one step looks; a change of the curve or of the speed is felt after at most this long.
  static constexpr RealDuration kHorizon = std::chrono::milliseconds(50);

 private:
  Rng rng_;
};

}  // namespace chaos
