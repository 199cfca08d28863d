#include "drill/drill_check.hpp"

#include "drill/checks.hpp"
#include "drill/drill_file.hpp"
#include "runtime/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace chaos {

namespace {

void check_topology(const v1::Drill& drill, DrillFaults& out) {
  std::set<std::string> seen;
  for (int i = 0; i < drill.topology_size(); ++i) {
    const v1::RolePlan& plan = drill.topology(i);
    const std::string field = fmt::format("topology[{}]", i);
    if (plan.role().empty()) continue;
    if (!seen.insert(plan.role()).second) out.add(field + ".role", fmt::format("\"{}\" is there already", plan.role()));
    const std::string config = config_role(plan.config());
    if (!config.empty() && config != plan.role()) {
      out.add(fmt::format("{}.config.{}", field, config),
              fmt::format("is the configuration of another role; allowed: node, {}", plan.role()));
    }
  }
}

void check_traffic(const v1::Drill& drill, DrillFaults& out) {
  const v1::TrafficPlan& t = drill.traffic();
  if (t.busy_from() == t.busy_to()) out.add("traffic.busy_to", "is busy_from; a window over midnight ends on the next day: 22:00 to 02:00");
  if (t.base_users() > t.peak_users()) out.add("traffic.peak_users", fmt::format("is below base_users ({:g})", t.base_users()));
  const v1::RequestMix& mix = t.mix();
  for (const double weight : {mix.static_(), mix.item(), mix.order(), mix.order_status()}) {
    if (weight < 0) out.add("traffic.mix", "a weight is below 0; allowed: 0 and more");
  }
  const v1::RolePlan* postgres = find_role(drill, "postgres");
  if (postgres && postgres->config().has_postgres() && t.items() > postgres->config().postgres().items()) {
    out.add("traffic.items", fmt::format("{} items are asked for, Postgres has {} (config.postgres.items)", t.items(),
                                         postgres->config().postgres().items()));
  }
  const v1::RolePlan* store = find_role(drill, "object_store");
  if (store && store->config().has_object_store() && t.statics() > store->config().object_store().static_objects()) {
    out.add("traffic.statics", fmt::format("{} static objects are asked for, the object store has {} "
                                           "(config.object_store.static_objects)", t.statics(),
                                           store->config().object_store().static_objects()));
  }
}

void check_time(const v1::Drill& drill, double at, const std::string& field, DrillFaults& out) {
  const double end = drill.start_lab_s() + drill.length_lab_s();
  if (at < drill.start_lab_s() || at >= end) {
    out.add(field, fmt::format("is outside of the run; allowed: {} to before {}", clock_text(drill.start_lab_s()), clock_text(end)));
  }
}

void check_deploys(const v1::Drill& drill, DrillFaults& out) {
  for (int i = 0; i < drill.deploys_size(); ++i) {
    const v1::ScheduledDeploy& deploy = drill.deploys(i);
    const std::string field = fmt::format("deploys[{}]", i);
    out.known_role(field + ".role", deploy.role());
    if (!deploy.silent()) check_time(drill, deploy.at(), field + ".at", out);
    const v1::RolePlan* plan = find_role(drill, deploy.role());
    if (plan && deploy.version() == plan->version()) {
      out.add(field + ".version", fmt::format("\"{}\" runs from the start; a deploy brings another one", deploy.version()));
    }
  }
}

std::vector<std::string> versions_of(const v1::Drill& drill, const std::string& role) {
  std::vector<std::string> versions;
  if (const v1::RolePlan* plan = find_role(drill, role)) versions.push_back(plan->version());
  for (const v1::ScheduledDeploy& deploy : drill.deploys()) {
    if (deploy.role() == role) versions.push_back(deploy.version());
  }
  return versions;
}

void check_version(const v1::Drill& drill, const v1::ScheduledFault& fault, const std::string& field, DrillFaults& out) {
  const v1::FaultTarget& target = fault.fault().target();
  const std::string role = target.role().empty() ? role_of(target.node()) : target.role();
  if (fault.in_version().empty() || !find_role(drill, role)) return;
  const auto versions = versions_of(drill, role);
  if (std::find(versions.begin(), versions.end(), fault.in_version()) != versions.end()) return;
  out.add(field + ".in_version", fmt::format("no {} ever runs \"{}\"; allowed: {}", role, fault.in_version(), fmt::join(versions, ", ")));
}

void check_faults(const v1::Drill& drill, DrillFaults& out) {
  for (int i = 0; i < drill.faults_size(); ++i) {
    const v1::ScheduledFault& fault = drill.faults(i);
    const std::string field = fmt::format("faults[{}]", i);
    check_time(drill, fault.at(), field + ".at", out);
    if (!fault.has_fault()) continue;
    if (!fault.fault().id().empty() || fault.fault().start_lab_us() != 0) {
      out.add(field + ".fault", "id and start_lab_us are given by the controller");
    }
    if (!fault.fault().in_version().empty()) out.add(field + ".fault.in_version", "stands one level higher, beside fault");
    out.add(check_fault(fault.fault(), drill, field + ".fault"));
    check_version(drill, fault, field, out);
  }
}

void check_signal(const v1::Signal& signal, const std::string& field, DrillFaults& out) {
  if (signal.of().empty()) return;
  if (signal.has_above() == signal.has_below()) out.add(field, "exactly one of above and below must be set");
  const bool of_role = signal.of() == "memory_ratio" || signal.of() == "nodes_ready_ratio";
  if (of_role && signal.role().empty()) out.add(field + ".role", fmt::format("is missing; {} is of a role", signal.of()));
  if (!of_role && !signal.role().empty()) out.add(field + ".role", fmt::format("{} is of the whole lab; leave role out", signal.of()));
  if (of_role) out.known_role(field + ".role", signal.role());
}

void check_rule(const v1::Drill& drill, const v1::ResponderRule& rule, const std::string& field, DrillFaults& out) {
  check_signal(rule.when(), field + ".when", out);
  out.known_role(field + ".role", rule.role());
  const v1::RolePlan* plan = find_role(drill, rule.role());
  if (rule.act() != "scale") {
    if (rule.nodes() != 0) out.add(field + ".nodes", "is for scale only");
    return;
  }
  const int most = plan ? plan->nodes() + plan->standby() : 0;
  if (plan && (rule.nodes() < 1 || rule.nodes() > most)) {
    out.add(field + ".nodes", fmt::format("{} nodes of {}; allowed: 1 to {} (nodes and standby)", rule.nodes(), rule.role(), most));
  }
}

void check_responders(const v1::Drill& drill, DrillFaults& out) {
  std::set<std::string> names;
  for (int i = 0; i < drill.responders_size(); ++i) {
    const v1::Responder& responder = drill.responders(i);
    const std::string field = fmt::format("responders[{}]", i);
    if (!names.insert(responder.name()).second) out.add(field + ".name", fmt::format("\"{}\" is there already", responder.name()));
    for (int k = 0; k < responder.rules_size(); ++k) {
      check_rule(drill, responder.rules(k), fmt::format("{}.rules[{}]", field, k), out);
    }
  }
}

void check_alerts(const v1::Drill& drill, DrillFaults& out) {
  std::set<std::string> names;
  for (int i = 0; i < drill.alerts_size(); ++i) {
    const v1::AlertRule& alert = drill.alerts(i);
    const std::string field = fmt::format("alerts[{}]", i);
    if (!names.insert(alert.name()).second) out.add(field + ".name", fmt::format("\"{}\" is there already", alert.name()));
    check_signal(alert.when(), field + ".when", out);
  }
}

}  // namespace

std::vector<CrossFault> check_drill(const v1::Drill& drill) {
  DrillFaults out(drill);
  check_traffic(drill, out);
  check_topology(drill, out);
  check_deploys(drill, out);
  check_faults(drill, out);
  check_responders(drill, out);
  check_alerts(drill, out);
  return out.take();
}

}  // namespace chaos
