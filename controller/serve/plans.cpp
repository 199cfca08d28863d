#include "serve/plans.hpp"

#include "drill/schedule.hpp"
#include "lab/duty_change.hpp"
#include "lab/rolling.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chaos {

namespace {

constexpr double kMaxDrain = 3600;
constexpr std::uint32_t kMaxBatch = 64;

struct RollingWish {
  std::vector<std::string> nodes;
  bool at_once = false;
  std::uint32_t batch = 0;
  double drain_lab_s = 0;
};

Refusal invalid(std::string text) { return {Refusal::Kind::invalid, std::move(text)}; }

LabDuration slowest(const LabModel& model, const std::vector<std::string>& nodes, bool boots) {
  double longest = 0;
  for (const std::string& name : nodes) {
    const NodeEntry* node = model.registry.find(name);
    const v1::NodeSettings& settings = model.node_settings(node ? node->role : "");
    longest = std::max(longest, (boots ? settings.boot_lab_s() : 0) + settings.drain_lab_s());
  }
  return LabDuration::from_seconds(longest);
}

Answer<std::unique_ptr<Procedure>> rolling(const LabModel& model, RollingWish wish) {
  if (!(wish.drain_lab_s >= 0 && wish.drain_lab_s <= kMaxDrain)) return invalid(fmt::format("drain_lab_s: {:g} is out of range: 0 to {:g} lab s", wish.drain_lab_s, kMaxDrain));
  if (wish.batch > kMaxBatch) return invalid(fmt::format("batch: {} is out of range: 1 to {} (0: 1)", wish.batch, kMaxBatch));
  const auto serves = [&](const std::string& name) { return model.registry.find(name)->wanted(); };
  if (std::none_of(wish.nodes.begin(), wish.nodes.end(), serves)) {
    return Refusal{Refusal::Kind::not_now, fmt::format("{}: standby, nothing to restart", fmt::join(wish.nodes, ", "))};
  }
  RollingPlan plan;
  plan.patience = model.settings.patience;
  plan.boot = slowest(model, wish.nodes, true);
  plan.batch = wish.at_once ? static_cast<int>(wish.nodes.size()) : std::max(1, static_cast<int>(wish.batch));
  plan.drain = LabDuration::from_seconds(wish.at_once ? 0 : wish.drain_lab_s);
  plan.at_once = wish.at_once;
  plan.nodes = std::move(wish.nodes);
  return std::unique_ptr<Procedure>(std::make_unique<Rolling>(std::move(plan)));
}

std::string manner(bool at_once, std::uint32_t batch, double drain) {
  if (at_once) return "all at once";
  std::string text = batch > 1 ? fmt::format("{} at a time", batch) : "one by one";
  return drain > 0 ? text + fmt::format(", drained for at most {:g} lab s", drain) : text;
}

template <class Targets>
std::string restart_name(const Targets& targets, std::size_t nodes, bool at_once) {
  const std::string_view how = nodes == 1 ? "" : at_once ? "all-at-once " : "rolling ";
  return fmt::format("{}restart of {}", how, fmt::join(targets, ", "));
}

// The plan's version and those that were deployed by now; what comes later is nobody's knowledge yet.
std::vector<std::string> known_versions(const LabModel& model, const std::string& role) {
  std::vector<std::string> out{last_good_version(model.drill(), role)};
  for (const v1::ScheduledDeploy& deploy : model.drill().deploys()) {
    const bool there = deploy.role() == role && (deploy.silent() || deploy.at() <= model.lab_s());
    if (there && std::find(out.begin(), out.end(), deploy.version()) == out.end()) out.push_back(deploy.version());
  }
  return out;
}

std::string_view duty_verb(v1::Duty duty) {
  if (duty == v1::DUTY_STANDBY) return "stop";
  return duty == v1::DUTY_DRAINING ? "drain" : "start";
}

// Why the verb does not mean this node; empty when it does.
std::string why_not(const Registry& registry, const NodeEntry& node, const v1::SetDutyRequest& request, bool by_name) {
  if (request.undrain()) {
    if (node.duty == v1::DUTY_DRAINING) return {};
    const std::string elsewhere = registry.taken_out(node);
    if (elsewhere.empty()) return node.name + " is not drained";
    return fmt::format("{} is set to {} by the runtime API there; it ends that, too: set server be/{} state ready", node.name, elsewhere, node.name);
  }
  if (request.duty() == v1::DUTY_DRAINING && !node.wanted()) return node.name + " is standby, it has no work to finish";
  if (request.duty() == v1::DUTY_ACTIVE && !by_name && !node.wanted() && !node.was_stopped) return node.name + " is a spare";
  return {};
}

std::string lacks(const v1::SetDutyRequest& request) {
  if (request.undrain()) return "is drained";
  if (request.duty() == v1::DUTY_DRAINING) return "serves";
  return "was stopped; one more: chaosctl scale ROLE N, or start it by its name";
}

std::unique_ptr<Procedure> duty_change(const LabModel& model, std::vector<std::string> nodes, v1::Duty duty, std::string already = {},
                                       bool set_aside = false) {
  DutyPlan plan;
  plan.set_aside = set_aside;
  plan.already = std::move(already);
  plan.patience = model.settings.patience;
  plan.allowed = slowest(model, nodes, duty != v1::DUTY_STANDBY);
  plan.nodes = std::move(nodes);
  plan.duty = duty;
  return std::make_unique<DutyChange>(std::move(plan));
}

// Of a role only those whom the verb means: no spare is switched on because its role was named.
Answer<std::vector<std::string>> duty_targets(const Registry& registry, const v1::SetDutyRequest& request) {
  const std::string_view verb = request.undrain() ? "undrain" : duty_verb(request.duty());
  std::vector<std::string> out;
  for (const std::string& target : request.targets()) {
    auto names = registry.expand({target});
    if (!names) return names.error();
    const bool by_name = registry.find(target) != nullptr;
    for (std::string& name : *names) {
      const NodeEntry& node = *registry.find(name);
      const std::string why = why_not(registry, node, request, by_name);
      if (why.empty()) out.push_back(std::move(name));
      else if (by_name) return Refusal{Refusal::Kind::not_now, fmt::format("{}: {}", verb, why)};
    }
  }
  if (out.empty()) return Refusal{Refusal::Kind::not_now, fmt::format("no node of {} {}", fmt::join(request.targets(), ", "), lacks(request))};
  return registry.expand(out);      // each once, in path order
}

std::vector<std::string> serving(const LabModel& model, const std::string& role) {
  std::vector<std::string> names;
  for (const NodeEntry* node : model.registry.of_role(role)) {
    if (node->wanted()) names.push_back(node->name);
  }
  return names;
}

Answer<Operation> versioned(const LabModel& model, std::string what, const std::string& version, const std::string& role, RollingWish wish) {
  const std::string how = manner(wish.at_once, wish.batch, wish.drain_lab_s);
  Answer<std::unique_ptr<Procedure>> procedure = nullptr;
  if (wish.nodes.empty()) procedure = duty_change(model, {}, v1::DUTY_ACTIVE, fmt::format("no process of {} serves now; its next ones run {}", role, version));
  else procedure = rolling(model, std::move(wish));
  if (!procedure) return procedure.error();
  Operation operation;
  operation.version = {role, version};
  operation.procedure = std::move(*procedure);
  operation.name = fmt::format("{} of {} to {}", what, role, version);
  operation.what = std::move(what);
  operation.text = fmt::format("{} goes to version {}, {}", role, version, how);
  return operation;
}

}  // namespace

Answer<Operation> plan_restart(const LabModel& model, const v1::RestartRequest& request) {
  if (request.targets().empty()) return invalid("targets: name at least one node or role");
  auto nodes = model.registry.expand({request.targets().begin(), request.targets().end()});
  if (!nodes) return nodes.error();
  const std::size_t count = nodes->size();
  auto procedure = rolling(model, {std::move(*nodes), request.all(), request.batch(), request.drain_lab_s()});
  if (!procedure) return procedure.error();
  Operation operation;
  operation.procedure = std::move(*procedure);
  operation.what = "restart";
  operation.name = restart_name(request.targets(), count, request.all());
  operation.text = fmt::format("restart of {}, {}", fmt::join(request.targets(), ", "), manner(request.all(), request.batch(), request.drain_lab_s()));
  return operation;
}

Answer<Operation> plan_duty(const LabModel& model, const v1::SetDutyRequest& request) {
  if (request.targets().empty()) return invalid("targets: name at least one node or role");
  if (!v1::Duty_IsValid(request.duty())) return invalid("duty: one of standby, active, draining");
  auto nodes = duty_targets(model.registry, request);
  if (!nodes) return nodes.error();
  Operation operation;
  operation.what = std::string(duty_verb(request.duty()));
  operation.name = fmt::format("{} of {}", operation.what, fmt::join(request.targets(), ", "));
  operation.text = fmt::format("{} {}", operation.what, fmt::join(*nodes, ", "));
  operation.procedure = duty_change(model, std::move(*nodes), request.duty(), {}, request.duty() == v1::DUTY_STANDBY);
  return operation;
}

Answer<Operation> plan_scale(const LabModel& model, const v1::ScaleRequest& request) {
  if (auto role = model.registry.want_role("scale", request.role()); !role) return role.error();
  auto plan = plan_scale(model.registry, request.role(), static_cast<int>(std::min<std::uint32_t>(request.nodes(), 1'000'000)));
  if (!plan) return plan.error();
  Operation operation;
  operation.what = "scale";
  operation.name = fmt::format("scale of {} to {}", request.role(), request.nodes());
  operation.text = fmt::format("scale {} to {}", request.role(), request.nodes());
  const std::string already = fmt::format("{} has {} active node{} already", request.role(), request.nodes(), request.nodes() == 1 ? "" : "s");
  operation.procedure = duty_change(model, std::move(plan->nodes), plan->duty, already);
  return operation;
}

Answer<Operation> plan_rollback(const LabModel& model, const v1::RollbackRequest& request) {
  const std::string& role = request.role();
  if (auto wanted = model.registry.want_role("rollback", role); !wanted) return wanted.error();
  const auto known = known_versions(model, role);
  if (!request.version().empty() && std::find(known.begin(), known.end(), request.version()) == known.end()) {
    return invalid(fmt::format("version: there is no {} of {}; there is {}", request.version(), role, fmt::join(known, ", ")));
  }
  const std::string version = request.version().empty() ? last_good_version(model.drill(), role) : request.version();
  const auto nodes = model.registry.of_role(role);
  const auto has_it = [&](const NodeEntry* node) { return node->wanted_version == version && (!node->wanted() || node->version == version); };
  if (std::all_of(nodes.begin(), nodes.end(), has_it)) {
    return Refusal{Refusal::Kind::not_now, fmt::format("every {} runs {} already; to restart them all the same: chaosctl restart --rolling {}", role, version, role)};
  }
  return versioned(model, "rollback", version, role, {serving(model, role), request.at_once(), request.batch(), request.drain_lab_s()});
}

Answer<Operation> plan_deploy(const LabModel& model, const v1::ScheduledDeploy& deploy) {
  const double drain = model.node_settings(deploy.role()).drain_lab_s();
  return versioned(model, "deploy", deploy.version(), deploy.role(), {serving(model, deploy.role()), false, 1, drain});
}

Answer<Operation> plan_response(const LabModel& model, const ResponderAction& action) {
  if (action.act == "scale") {
    v1::ScaleRequest request;
    request.set_role(action.role);
    request.set_nodes(static_cast<std::uint32_t>(std::max(0, action.scale_to)));
    return plan_scale(model, request);
  }
  const bool at_once = action.act.ends_with("_all");
  const RollingWish wish{action.nodes, at_once, static_cast<std::uint32_t>(std::max(1, action.batch)), action.drain_lab_s};
  if (action.act.starts_with("rollback")) return versioned(model, "rollback", last_good_version(model.drill(), action.role), action.role, wish);
  auto procedure = rolling(model, wish);
  if (!procedure) return procedure.error();
  Operation operation;
  operation.procedure = std::move(*procedure);
  operation.what = "restart";
  operation.name = restart_name(action.nodes, action.nodes.size(), at_once);
  operation.text = fmt::format("restart of {}, {}", fmt::join(action.nodes, ", "), manner(at_once, wish.batch, wish.drain_lab_s));
  return operation;
}

}  // namespace chaos
