#include "serve/plans.hpp"

#include <fmt/format.h>

namespace chaos {

Answer<Operation> plan_failover(const LabModel& model, const v1::FailoverRequest& request, std::shared_ptr<FailoverLoss> loss) {
  const NodeEntry* from = primary_node(model.registry, model.primary);
  const auto to = choose_candidate(model.registry, from, request.node());
  if (!to) return to.error();
  const bool serves = from && from->ready() && !from->silent(RealClock::now());
  if (serves && !request.yes()) {
    return Refusal{Refusal::Kind::not_now, fmt::format("{} serves: a failover stops it. To have {} take over all the same: chaosctl failover {} --yes", from->name, (*to)->name, (*to)->name)};
  }
  FailoverPlan plan;
  plan.from = from ? from->name : "";
  plan.to = (*to)->name;
  plan.rejoin = request.rejoin();
  plan.patience = model.settings.patience;
  if (from) {
    plan.drain = LabDuration::from_seconds(model.node_settings(from->role).drain_lab_s());
    plan.boot = LabDuration::from_seconds(model.node_settings(from->role).boot_lab_s());
  }
  loss->from = plan.from;
  loss->to = plan.to;
  plan.loss = loss;
  Operation operation;
  operation.what = "failover";
  operation.name = fmt::format("failover to {}", plan.to);
  operation.text = plan.from.empty() ? operation.name : fmt::format("failover from {} to {}", plan.from, plan.to);
  operation.procedure = std::make_unique<Failover>(std::move(plan));
  return operation;
}

}  // namespace chaos
