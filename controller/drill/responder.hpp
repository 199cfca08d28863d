// A responder: rules that act like an operator, on nothing but what an operator can see. Pure.
#pragma once

#include "lab/alerts.hpp"

#include <optional>
#include <string>
#include <vector>

namespace chaos {

struct ResponderAction {
  std::string act;                    // restart_node, restart_rolling, restart_all, rollback_rolling, rollback_all, scale
  std::string role;
  std::vector<std::string> nodes;     // to restart, in this order; empty for scale
  double drain_lab_s = 0;             // before each restart; 0: none, and always 0 for restart_all and rollback_all
  int batch = 1;                      // restarted at once; for restart_all and rollback_all: all of them
  int scale_to = 0;                   // nodes in all, for scale only
  std::string reason;                 // the signal that held, with its value
};

/// At most one action runs at a time: while the caller says busy, none is given. Rules are looked at in their order;
/// the first that holds acts. A rule rests for its cooldown after its action ended.
class ResponderEngine {
 public:
  explicit ResponderEngine(const v1::Responder& responder);
  /// Call at each observation, in order of lab time. busy: the action given last is still running.
  std::optional<ResponderAction> decide(const Observation& seen, bool busy);
  /// The action given last could not begin: its rule does not rest, it acts again at the next observation at which it holds.
  void refused();

 private:
  struct Rule {
    v1::ResponderRule rule;
    SignalWatch watch;
    std::optional<double> rests_until;
    bool running = false;
  };
  void settle(const Observation& seen, bool busy);

  std::vector<Rule> rules_;
};

/// What a rule whose signal holds would do now; none when there is nobody to act on.
///  - restart_node: the fullest ready node of the role; where the signal is memory_ratio of that role, only one that
///    is itself beyond the bound.
///  - restart_rolling, rollback_rolling: every node that is not standby, the fullest first.
///  - restart_all, rollback_all: the same nodes in one batch.
std::optional<ResponderAction> plan_action(const v1::ResponderRule& rule, const Observation& seen);

}  // namespace chaos
