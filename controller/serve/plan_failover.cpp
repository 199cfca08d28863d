#include "serve/plans.hpp"

#include <fmt/format.h>

namespace chaos {

namespace {

Operation operation_of(const LabModel& model, OpenFailover failover) {
  FailoverPlan plan;
  plan.from = failover.loss->from;
  plan.to = failover.loss->to;
  plan.rejoin = failover.rejoin;
  plan.named = model.primary.name == plan.to;
  plan.patience = model.settings.patience;
  if (const NodeEntry* from = model.registry.find(plan.from)) {
    plan.drain = LabDuration::from_seconds(model.node_settings(from->role).drain_lab_s());
    plan.boot = LabDuration::from_seconds(model.node_settings(from->role).boot_lab_s());
  }
  plan.loss = failover.loss;
  Operation operation;
  operation.what = "failover";
  operation.name = fmt::format("failover to {}", plan.to);
  operation.text = plan.from.empty() ? operation.name : fmt::format("failover from {} to {}", plan.from, plan.to);
  operation.procedure = std::make_unique<Failover>(std::move(plan));
  operation.failover = std::move(failover);
  return operation;
}

}  // namespace

Answer<Operation> plan_failover(const LabModel& model, const v1::FailoverRequest& request, std::shared_ptr<FailoverLoss> loss) {
  const NodeEntry* from = primary_node(model.registry, model.primary);
  const auto to = choose_candidate(model.registry, from, request.node());
  if (!to) return to.error();
  const bool serves = from && from->ready() && !from->silent(RealClock::now());
  if (serves && !request.yes()) {
    return Refusal{Refusal::Kind::not_now, fmt::format("{} serves: a failover stops it. To have {} take over all the same: chaosctl failover {} --yes", from->name, (*to)->name, (*to)->name)};
  }
  loss->from = from ? from->name : "";
  loss->to = (*to)->name;
  return operation_of(model, {request.rejoin(), "operator", std::move(loss)});
}

Operation plan_rest(const LabModel& model, OpenFailover failover) {
  Operation operation = operation_of(model, std::move(failover));
  operation.actor = operation.failover->actor;
  operation.text += ", which was cut off, goes on";
  return operation;
}

}  // namespace chaos
