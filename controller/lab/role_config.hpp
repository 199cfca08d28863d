// A role's configuration, whole. Pure.
#pragma once

#include "chaoslab/v1/drill.pb.h"

namespace chaos {

/// The role's own message is there, and what is not set has its preset. May be called again.
void complete_config(v1::RolePlan& plan);

/// Who asks the object store signs with its key, unless its own configuration names another one: the key of a drill stands in one place.
void share_store_keys(v1::Drill& drill);

}  // namespace chaos
