#include "lab/fault_rules.hpp"

#include "runtime/random.hpp"
#include "runtime/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

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

struct Edge {
  std::string_view from, to;
};

// Who opens connections to whom.
constexpr Edge kEdges[] = {
    {"client", "cdn"},       {"cdn", "lb"},           {"cdn", "object_store"}, {"lb", "server"},    {"server", "redis"},
    {"server", "replica"},   {"server", "postgres"},  {"server", "queue"},     {"replica", "postgres"},
    {"worker", "queue"},     {"worker", "postgres"},  {"worker", "object_store"}};

std::string edges_of(std::string_view role, const Registry& registry) {
  std::vector<std::string> names;
  for (const Edge& edge : kEdges) {
    if (edge.from == role && !registry.of_role(std::string(edge.to)).empty()) names.push_back(fmt::format("{}->{}", edge.from, edge.to));
  }
  return names.empty() ? fmt::format("{} calls no one", role) : fmt::format("the edges of {} are {}", role, fmt::join(names, ", "));
}

Answer<void> check_edge(const v1::FaultTarget& target, const std::string& role, const Registry& registry) {
  const NodeEntry* other = registry.find(target.edge_to());
  const std::string& to = other ? other->role : target.edge_to();
  const auto is = [&](const Edge& edge) { return target.edge_to().empty() ? edge.to == role : edge.from == role && edge.to == to; };
  if (std::any_of(std::begin(kEdges), std::end(kEdges), is)) return boost::system::in_place_value;
  if (target.edge_to().empty()) return invalid(fmt::format("no one calls {}; {}", role, edges_of(role, registry)));
  return invalid(fmt::format("{}: {} does not call {}; {}", target_text(target), role, to, edges_of(role, registry)));
}

Answer<void> check_fit(const v1::Fault& fault, const Registry& registry) {
  const v1::FaultMeta& meta = fault_meta(fault);
  const std::string kind = kind_name(fault);
  if (!fault.target().edge_to().empty() && meta.seam() != v1::SEAM_EDGE) {
    return invalid(fmt::format("{} is no fault of an edge; its target is a node or a role", kind));
  }
  const NodeEntry* node = registry.find(fault.target().node());
  const std::string& role = node ? node->role : fault.target().role();
  if (meta.seam() == v1::SEAM_EDGE) {
    if (auto edge = check_edge(fault.target(), role, registry); !edge) return edge;
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

std::string target_text(const v1::FaultTarget& target) {
  std::string text = target.node().empty() ? target.role() : target.node();
  if (target.node().empty() && target.share() > 0 && target.share() < 1) text += fmt::format(" (share {:g})", target.share());
  return target.edge_to().empty() ? text : text + "->" + target.edge_to();
}

Answer<void> check_fault(const v1::Fault& fault, const Registry& registry) {
  if (kind_name(fault).empty()) return invalid("no kind of fault is set; kinds: " + kinds());
  std::string text;
  for (const SchemaFault& wrong : check(fault)) text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", wrong.field, wrong.text);
  if (!text.empty()) return invalid(text);
  if (auto target = check_target(fault.target(), registry); !target) return target;
  return check_fit(fault, registry);
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
  const bool all = share <= 0 || share >= 1;
  std::vector<std::string> names;
  for (const NodeEntry* node : registry.of_role(fault.target().role())) {
    if ((all && !fault_meta(fault).one_shot()) || node->wanted()) names.push_back(node->name);
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
