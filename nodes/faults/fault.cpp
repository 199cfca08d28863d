#include "faults/fault.hpp"

#include <algorithm>

namespace chaos {

Envelope::Envelope(const v1::Fault& fault)
    : start_{fault.start_lab_us()},
      ramp_(LabDuration::from_seconds(fault.ramp_lab_s())),
      duration_(LabDuration::from_seconds(fault.duration_lab_s())) {}

bool Envelope::over(LabTime now) const { return duration_.us > 0 && now >= start_ + duration_; }

double Envelope::level(LabTime now) const {
  if (now < start_ || over(now)) return 0;
  if (ramp_.us <= 0) return 1;
  return std::min(1.0, (now - start_).seconds() / ramp_.seconds());
}

Fault::Fault(const v1::Fault& spec, const NodeContext& node)
    : spec_(spec), node_(node), envelope_(spec), rng_(Rng(spec.seed()).child(node.name + "/" + spec.id())) {}

bool Fault::strikes() {
  if (!hits()) return false;
  bite();
  return true;
}

double Fault::level() const { return envelope_.level(node_.clock.lab_now()); }

}  // namespace chaos
