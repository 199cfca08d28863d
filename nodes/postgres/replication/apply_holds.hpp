// Who holds changes back on this replica: faults enter themselves here, the role asks.
#pragma once

#include "runtime/node.hpp"

#include <algorithm>
#include <memory>

namespace chaos::pg {

/// One reason to hold changes back.
class ApplyHold {
 public:
  virtual ~ApplyHold() = default;
  /// Asked once for each change that was received: how long it must wait; 0: this one not.
  virtual LabDuration hold_next() = 0;
  /// The longest that it asks for.
  virtual LabDuration longest() const = 0;
};

/// Data thread only. Found in NodeContext::states under kName; whoever comes first, fault or role, makes it.
class ApplyHolds {
 public:
  static constexpr const char* kName = "replica.apply_holds";
  static std::shared_ptr<ApplyHolds> of(NodeContext& ctx) {
    std::any& state = ctx.states[kName];
    if (!state.has_value()) state = std::make_shared<ApplyHolds>();
    return std::any_cast<std::shared_ptr<ApplyHolds>>(state);
  }

  void enter(ApplyHold& hold) { holds_.push_back(&hold); }
  void leave(ApplyHold& hold) {
    std::erase(holds_, &hold);
    ++departures_;
  }
  LabDuration hold_next() {
    LabDuration most;
    for (ApplyHold* hold : holds_) most = std::max(most, hold->hold_next());
    return most;
  }
  LabDuration longest() const {
    LabDuration most;
    for (const ApplyHold* hold : holds_) most = std::max(most, hold->longest());
    return most;
  }
  /// Grows each time a hold leaves: what it held may go then.
  std::uint64_t departures() const { return departures_; }

 private:
  std::vector<ApplyHold*> holds_;
  std::uint64_t departures_ = 0;
};

}  // namespace chaos::pg
