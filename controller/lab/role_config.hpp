// A role's configuration, whole. Pure.
#pragma once

#include "chaoslab/v1/drill.pb.h"

namespace chaos {

/// The role's own message is there, and what is not set has its preset. May be called again.
void complete_config(v1::RolePlan& plan);

}  // namespace chaos
