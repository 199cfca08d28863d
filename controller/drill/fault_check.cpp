#include "chaoslab/v1/options.pb.h"
#include "drill/checks.hpp"
#include "drill/drill_file.hpp"
#include "lab/edges.hpp"
#include "runtime/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace chaos {

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

const FieldDescriptor* member_set(const Message& message, const char* oneof) {
  const auto* descriptor = message.GetDescriptor()->FindOneofByName(oneof);
  return descriptor ? message.GetReflection()->GetOneofFieldDescriptor(message, descriptor) : nullptr;
}

// The number of "server-2"; 0 when it is none.
int node_number(const std::string& node) {
  const auto dash = node.rfind('-');
  if (dash == std::string::npos || node[dash + 1] == '0') return 0;
  int number = 0;
  const char* end = node.data() + node.size();
  const auto [stop, ec] = std::from_chars(node.data() + dash + 1, end, number);
  return ec == std::errc{} && stop == end && number > 0 ? number : 0;
}

void check_target(const v1::FaultTarget& target, const v1::Drill& drill, const std::string& field, DrillFaults& out) {
  if (target.node().empty() == target.role().empty()) {
    out.add(field, "exactly one of node and role must be set");
  } else if (!target.role().empty()) {
    out.known_role(field + ".role", target.role());
  } else {
    out.known_node(field + ".node", target.node());
  }
  const std::string& to = target.edge_to();
  if (to.empty() || find_role(drill, to)) return;
  if (role_of(to).empty()) {
    out.known_role(field + ".edge_to", to);
  } else {
    out.known_node(field + ".edge_to", to);
  }
}

void check_fit(const v1::Fault& fault, const FieldDescriptor& kind, const std::string& field, DrillFaults& out) {
  const auto& meta = kind.message_type()->options().GetExtension(v1::fault);
  const v1::FaultTarget& target = fault.target();
  if (!target.edge_to().empty() && meta.seam() != v1::SEAM_EDGE) {
    out.add(field + ".target.edge_to", fmt::format("{} does not act on an edge; leave edge_to out", kind.name()));
  }
  const std::string role = target.role().empty() ? role_of(target.node()) : target.role();
  if (meta.seam() == v1::SEAM_EDGE && !role.empty()) {
    const std::string to = role_of(target.edge_to()).empty() ? target.edge_to() : role_of(target.edge_to());
    const std::string why = why_no_edge(target, {role, to}, out.roles());
    if (!why.empty()) out.add(field + ".target", why);
  }
  if (meta.one_shot() && out.standby(target.node())) {
    out.add(field + ".target.node", fmt::format("{} is standby at the start; {} would meet no process", target.node(), kind.name()));
  }
  const auto& roles = meta.roles();
  if (!role.empty() && !roles.empty() && std::find(roles.begin(), roles.end(), role) == roles.end()) {
    out.add(field + ".target", fmt::format("{} does not fit {}; allowed: {}", kind.name(), role, fmt::join(roles, ", ")));
  }
}

}  // namespace

void DrillFaults::add(std::vector<CrossFault> more) {
  std::move(more.begin(), more.end(), std::back_inserter(faults_));
}

bool DrillFaults::whole_topology() const {
  return std::none_of(drill_.topology().begin(), drill_.topology().end(),
                      [](const v1::RolePlan& plan) { return plan.role().empty(); });
}

bool DrillFaults::standby(const std::string& node) const {
  const v1::RolePlan* plan = find_role(drill_, role_of(node));
  return plan && has_node(drill_, node) && node_number(node) > plan->nodes();
}

std::vector<std::string> DrillFaults::roles() const {
  std::vector<std::string> names;
  for (const v1::RolePlan& plan : drill_.topology()) names.push_back(plan.role());
  return names;
}

void DrillFaults::known_role(const std::string& field, const std::string& role) {
  if (role.empty() || find_role(drill_, role) || !whole_topology()) return;
  const std::string near = nearest(role, roles());
  const std::string hint = near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near);
  add(field, fmt::format("the topology has no role \"{}\"{}; it has {}", role, hint, fmt::join(roles(), ", ")));
}

void DrillFaults::known_node(const std::string& field, const std::string& node) {
  if (node.empty() || has_node(drill_, node) || !whole_topology()) return;
  const v1::RolePlan* plan = find_role(drill_, role_of(node));
  const int most = plan ? plan->nodes() + plan->standby() : 0;
  if (most > 0) {
    add(field, fmt::format("there is no node \"{}\"; allowed: {}-1 to {}-{}", node, plan->role(), plan->role(), most));
  } else {
    add(field, fmt::format("there is no node \"{}\"; nodes are ROLE-N, of the roles {}", node, fmt::join(roles(), ", ")));
  }
}

std::string config_role(const v1::RoleConfig& config) {
  const FieldDescriptor* member = member_set(config, "role");
  return member ? member->name() : std::string();
}

std::string clock_text(double lab_s) {
  const auto minutes = static_cast<long>(lab_s / 60);
  return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
}

std::string fault_kind(const v1::Fault& fault) {
  const FieldDescriptor* member = member_set(fault, "kind");
  return member ? member->name() : std::string();
}

std::string role_of(const std::string& node) {
  return node_number(node) > 0 ? node.substr(0, node.rfind('-')) : std::string();
}

bool has_node(const v1::Drill& drill, const std::string& node) {
  const v1::RolePlan* plan = find_role(drill, role_of(node));
  return plan && node_number(node) <= plan->nodes() + plan->standby();
}

std::vector<CrossFault> check_fault(const v1::Fault& fault, const v1::Drill& drill, const std::string& field) {
  DrillFaults out(drill);
  check_target(fault.target(), drill, field + ".target", out);
  const FieldDescriptor* kind = member_set(fault, "kind");
  if (!kind) {
    std::vector<std::string> kinds;
    const auto* oneof = fault.GetDescriptor()->FindOneofByName("kind");
    for (int i = 0; i < oneof->field_count(); ++i) kinds.push_back(oneof->field(i)->name());
    out.add(field, fmt::format("no kind of fault is named; allowed: {}", fmt::join(kinds, ", ")));
  } else {
    check_fit(fault, *kind, field, out);
  }
  return out.take();
}

}  // namespace chaos
