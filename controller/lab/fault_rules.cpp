#include "lab/fault_rules.hpp"

#include "runtime/random.hpp"
#include "runtime/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace chaos {

namespace {

const google::protobuf::FieldDescriptor* kind_field(const v1::Fault& fault) {
  const auto* oneof = v1::Fault::descriptor()->FindOneofByName("kind");
  return fault.GetReflection()->GetOneofFieldDescriptor(fault, oneof);
}

std::string kinds() {
  std::vector<std::string> names;
  const auto* oneof = v1::Fault::descriptor()->FindOneofByName("kind");
  for (int i = 0; i < oneof->field_count(); ++i) names.push_back(oneof->field(i)->name());
  return fmt::format("{}", fmt::join(names, ", "));
}

Refusal invalid(std::string text) { return {Refusal::Kind::invalid, std::move(text)}; }

Answer<void> check_target(const v1::FaultTarget& target, const Registry& registry) {
  if (target.node().empty() == target.role().empty()) return invalid("target: exactly one of node and role must be set");
  if (!target.node().empty() && !registry.find(target.node())) return registry.unknown(target.node());
  if (!target.role().empty() && registry.of_role(target.role()).empty()) return registry.unknown(target.role());
  const std::string& to = target.edge_to();
  if (!to.empty() && !registry.find(to) && registry.of_role(to).empty()) return registry.unknown(to);
  return boost::system::in_place_value;
}

// What the others call the nodes of a target: after a failover the primary may be a node of role replica.
std::set<std::string> parts_of(const v1::FaultTarget& target, const Registry& registry, const NodeEntry* primary) {
  if (const NodeEntry* node = registry.find(target.node())) return {part_of(*node, primary)};
  std::set<std::string> parts;
  for (const NodeEntry* node : registry.of_role(target.role())) parts.insert(part_of(*node, primary));
  return parts;
}

// Empty: one of the target's nodes has this edge now.
std::string why_no_edge_now(const v1::FaultTarget& target, const Registry& registry, const PrimaryWord& word) {
  const NodeEntry* primary = primary_node(registry, word);
  const NodeEntry* other = registry.find(target.edge_to());
  const std::string to = other ? part_of(*other, primary) : target.edge_to();
  std::string why;
  for (const std::string& part : parts_of(target, registry, primary)) {
    why = why_no_edge(target, {part, to}, registry.roles());
    if (why.empty()) return why;
  }
  if (!primary || primary->role == "postgres") return why;
  return why + fmt::format(" ({} is the primary now: postgres on an edge; each standby: replica)", primary->name);
}

Answer<void> check_fit(const v1::Fault& fault, const Registry& registry, const PrimaryWord& primary) {
  const v1::FaultMeta& meta = fault_meta(fault);
  const std::string kind = kind_name(fault);
  if (!fault.target().edge_to().empty() && meta.seam() != v1::SEAM_EDGE) {
    return invalid(fmt::format("{} is no fault of an edge; its target is a node or a role", kind));
  }
  const NodeEntry* node = registry.find(fault.target().node());
  const std::string& role = node ? node->role : fault.target().role();
  if (meta.seam() == v1::SEAM_EDGE) {
    const std::string why = why_no_edge_now(fault.target(), registry, primary);
    if (!why.empty()) return invalid(why);
  }
  const auto& roles = meta.roles();
  if (roles.empty() || std::find(roles.begin(), roles.end(), role) != roles.end()) return boost::system::in_place_value;
  return invalid(fmt::format("{} does not fit role {}; it fits {}", kind, role, fmt::join(roles, ", ")));
}

}  // namespace

std::string kind_name(const v1::Fault& fault) {
  const auto* field = kind_field(fault);
  return field ? field->name() : std::string{};
}

const v1::FaultMeta& fault_meta(const v1::Fault& fault) {
  const auto* field = kind_field(fault);
  return field ? field->message_type()->options().GetExtension(v1::fault) : v1::FaultMeta::default_instance();
}

Answer<void> check_fault(const v1::Fault& fault, const Registry& registry, const PrimaryWord& primary) {
  if (kind_name(fault).empty()) return invalid("no kind of fault is set; kinds: " + kinds());
  std::string text;
  for (const SchemaFault& wrong : check(fault)) text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", wrong.field, wrong.text);
  if (!text.empty()) return invalid(text);
  if (auto target = check_target(fault.target(), registry); !target) return target;
  return check_fit(fault, registry, primary);
}

Answer<void> check_serves(const v1::Fault& fault, const Registry& registry) {
  if (!fault.in_version().empty()) return boost::system::in_place_value;
  const NodeEntry* node = registry.find(fault.target().node());
  if (node && !node->wanted()) return Refusal{Refusal::Kind::not_now, fmt::format("{} is standby; start it first", node->name)};
  const std::string& role = fault.target().role();
  if (registry.of_role(role).empty() || registry.active(role) > 0) return boost::system::in_place_value;
  return Refusal{Refusal::Kind::not_now, fmt::format("every {} is standby; start one first", role)};
}

std::vector<std::string> aim(const v1::Fault& fault, const Registry& registry) {
  if (!fault.target().node().empty()) return {fault.target().node()};
  const double share = fault.target().share();
  const bool all = share >= 1;
  std::vector<std::string> names;
  for (const NodeEntry* node : registry.of_role(fault.target().role())) {
    if ((all && outlives_process(fault) && !fault_meta(fault).one_shot()) || node->wanted()) names.push_back(node->name);
  }
  if (all) return names;
  const auto keep = static_cast<std::size_t>(std::ceil(share * static_cast<double>(names.size()) - 1e-9));
  Rng rng = Rng(fault.seed()).child("target");
  while (names.size() > keep) names.erase(names.begin() + static_cast<std::ptrdiff_t>(rng.below(names.size())));
  return names;
}

bool outlives_process(const v1::Fault& fault) {
  if (!fault.in_version().empty()) return true;
  const v1::Seam seam = fault_meta(fault).seam();
  return seam == v1::SEAM_EDGE || seam == v1::SEAM_CALL;
}

}  // namespace chaos
