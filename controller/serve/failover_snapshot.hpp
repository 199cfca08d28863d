// A failover under way as the next controller finds it.
#pragma once

#include "chaoslab/v1/snapshot.pb.h"
#include "serve/lab_model.hpp"

namespace chaos {

/// model.failover must be there.
v1::FailoverSnapshot take_failover(const LabModel& model);
void restore_failover(LabModel& model, const v1::FailoverSnapshot& saved);

}  // namespace chaos
