#include "lab/desired_state.hpp"

#include "runtime/random.hpp"

#include <algorithm>

namespace chaos {

namespace {

const v1::RolePlan* plan_of(const v1::Drill& drill, const std::string& role) {
  for (const v1::RolePlan& plan : drill.topology()) {
    if (plan.role() == role) return &plan;
  }
  return nullptr;
}

v1::RoleConfig config_of(const LabState& lab, const NodeEntry& node) {
  v1::RoleConfig config;
  if (const v1::RolePlan* plan = plan_of(lab.drill, node.role)) config = plan->config();
  if (lab.instant_boot) config.mutable_node()->set_boot_lab_s(0);
  if (node.no_drain) config.mutable_node()->set_drain_lab_s(0);
  return config;
}

// Who sends: a drained client leaves its users to the others.
int clients(const Registry& registry) {
  const auto all = registry.of_role("client");
  return static_cast<int>(std::count_if(all.begin(), all.end(), [](const NodeEntry* node) { return node->duty == v1::DUTY_ACTIVE; }));
}

void set_primary(const LabState& lab, const NodeEntry& node, v1::DesiredState& out) {
  const bool promoted = !lab.promoting.empty() && lab.promoting == node.name;
  if (!promoted && lab.primary.name.empty()) return;
  out.mutable_primary()->set_name(promoted ? lab.promoting : lab.primary.name);
  out.mutable_primary()->set_term(lab.primary.term + (promoted ? 1 : 0));
}

void add_peers(const LabState& lab, const NodeEntry& node, v1::DesiredState& out) {
  const NodeEntry* primary = primary_node(lab.registry, lab.primary);
  for (const NodeEntry& other : lab.registry.nodes()) {
    if (other.name == node.name || !other.wanted() || other.address.empty()) continue;
    v1::Peer& peer = *out.add_peers();
    peer.set_name(other.name);
    peer.set_role(part_of(other, primary));
    peer.set_address(other.address);
    peer.set_duty(other.duty);
  }
}

}  // namespace

std::uint64_t node_seed(std::uint64_t run_seed, const std::string& node) {
  return Rng(run_seed).child(node).below(std::uint64_t{1} << 53) + 1;
}

v1::DesiredState desired_state(const LabState& lab, const NodeEntry& node) {
  v1::DesiredState out;
  out.set_duty(node.duty);
  if (node.recycling) out.set_end_process(node.process);
  *out.mutable_clock() = lab.clock;
  out.set_version(node.version);
  *out.mutable_config() = config_of(lab, node);
  add_peers(lab, node, out);
  if (is_database(node)) set_primary(lab, node, out);
  for (v1::Fault& fault : lab.faults.carried_by(node)) *out.add_faults() = std::move(fault);
  out.set_seed(node_seed(lab.seed, node.name));
  out.set_run(lab.run);
  if (node.role == "client") {
    *out.mutable_traffic() = client_traffic(lab.drill.traffic(), lab.overlay, lab.span, std::max(1, clients(lab.registry)));
    out.mutable_traffic()->set_open(lab.traffic_open && node.duty == v1::DUTY_ACTIVE);
  }
  return out;
}

std::optional<v1::DesiredState> Revisions::next(const std::string& node, v1::DesiredState state) {
  state.set_revision(0);
  std::string bytes = state.SerializeAsString();
  std::string& last = last_[node];
  if (bytes == last) return std::nullopt;
  last = std::move(bytes);
  state.set_revision(++revision_);
  return state;
}

}  // namespace chaos
