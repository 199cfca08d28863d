#include "runtime/lifecycle.hpp"

namespace chaos {

Step Lifecycle::next(v1::Duty duty, bool stop_asked, Made made) {
  if (phase_ == v1::PHASE_STOPPING) return Step::wait;
  const bool serves = phase_ == v1::PHASE_READY || phase_ == v1::PHASE_DRAINING;
  if (stop_asked || (serves && duty == v1::DUTY_STANDBY)) {
    phase_ = v1::PHASE_STOPPING;
    return Step::stop;
  }
  if (duty == v1::DUTY_STANDBY) {
    phase_ = v1::PHASE_STANDBY;
    return Step::wait;
  }
  if (phase_ == v1::PHASE_STANDBY) {
    phase_ = v1::PHASE_BOOTING;
    return Step::boot;
  }
  if (made == Made::boot) return Step::serve;
  if (made == Made::role) phase_ = duty == v1::DUTY_DRAINING ? v1::PHASE_DRAINING : v1::PHASE_READY;
  return Step::wait;
}

}  // namespace chaos
