#include "lab/node_state.hpp"

namespace chaos {

namespace {
constexpr double kSilentAfter = 1.5;   // real seconds without a report
}

std::string state_word(const v1::NodeStatus& node) {
  if (!node.attached()) return "down";
  if (node.silent_s() > kSilentAfter) return "silent";
  switch (node.phase()) {
    case v1::PHASE_STANDBY: return "standby";
    case v1::PHASE_BOOTING: return "booting";
    case v1::PHASE_READY: return "ready";
    case v1::PHASE_DRAINING: return "draining";
    default: return "stopping";
  }
}

}  // namespace chaos
