// A node's state in one word, for people. Pure.
#pragma once

#include "chaoslab/v1/lab.pb.h"

#include <string>

namespace chaos {

/// ready, booting, draining, standby, stopping; down: its control link does not stand; silent: it stands and says nothing.
std::string state_word(const v1::NodeStatus& node);

}  // namespace chaos
