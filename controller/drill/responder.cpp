#include "drill/responder.hpp"

#include <functional>
#include <map>

namespace chaos {

namespace {

std::vector<const NodeView*> fullest_first(const std::string& role, const Observation& seen) {
  std::multimap<double, const NodeView*, std::greater<>> by_memory;   // equals stay in their order
  for (const NodeView& node : seen.nodes) {
    if (node.role == role && node.wanted()) by_memory.emplace(node.memory_ratio, &node);
  }
  std::vector<const NodeView*> nodes;
  for (const auto& [ratio, node] : by_memory) nodes.push_back(node);
  return nodes;
}

bool worth_restarting(const NodeView& node, const v1::ResponderRule& rule) {
  if (!node.ready()) return false;
  const bool own_memory = rule.when().of() == "memory_ratio" && rule.when().role() == rule.role();
  return !own_memory || beyond(rule.when(), node.memory_ratio);
}

std::vector<std::string> choose(const v1::ResponderRule& rule, const Observation& seen) {
  std::vector<std::string> names;
  for (const NodeView* node : fullest_first(rule.role(), seen)) {
    if (rule.act() != "restart_node") {
      names.push_back(node->name);
    } else if (worth_restarting(*node, rule)) {
      return {node->name};
    }
  }
  return names;
}

bool at_once(const std::string& act) { return act == "restart_all" || act == "rollback_all"; }

}  // namespace

std::optional<ResponderAction> plan_action(const v1::ResponderRule& rule, const Observation& seen) {
  ResponderAction action;
  action.act = rule.act();
  action.role = rule.role();
  action.reason = describe(rule.when(), signal_value(rule.when(), seen));
  if (rule.act() == "scale") {
    const auto active = fullest_first(rule.role(), seen).size();
    action.scale_to = rule.nodes();
    if (static_cast<int>(active) == rule.nodes()) return std::nullopt;
    return action;
  }
  action.nodes = choose(rule, seen);
  if (action.nodes.empty()) return std::nullopt;
  action.drain_lab_s = at_once(rule.act()) ? 0 : rule.drain_lab_s();
  action.batch = at_once(rule.act()) ? static_cast<int>(action.nodes.size()) : rule.batch();
  return action;
}

ResponderEngine::ResponderEngine(const v1::Responder& responder) {
  for (const v1::ResponderRule& rule : responder.rules()) rules_.push_back({rule, SignalWatch(rule.when()), {}, false});
}

void ResponderEngine::settle(const Observation& seen, bool busy) {
  for (Rule& rule : rules_) {
    if (!rule.running || busy) continue;
    rule.running = false;
    rule.rests_until = seen.lab_s + rule.rule.cooldown_lab_s();
  }
}

void ResponderEngine::refused() {
  for (Rule& rule : rules_) rule.running = false;
}

std::optional<ResponderAction> ResponderEngine::decide(const Observation& seen, bool busy) {
  settle(seen, busy);
  std::optional<ResponderAction> action;
  for (Rule& rule : rules_) {
    const bool holds = rule.watch.update(seen);
    const bool rests = rule.rests_until && seen.lab_s < *rule.rests_until;
    if (!holds || rests || busy || action) continue;
    action = plan_action(rule.rule, seen);
    rule.running = action.has_value();
  }
  return action;
}

}  // namespace chaos
