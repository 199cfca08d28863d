#include "lab/duty_change.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chaos {

namespace {

std::string_view doing(v1::Duty duty) {
  if (duty == v1::DUTY_STANDBY) return "stopping";
  return duty == v1::DUTY_DRAINING ? "draining" : "starting";
}

std::string_view has_done(v1::Duty duty) {
  if (duty == v1::DUTY_STANDBY) return "stopped";
  return duty == v1::DUTY_DRAINING ? "drains, takes no new work" : "ready";
}

}  // namespace

DutyChange::DutyChange(DutyPlan plan) : Procedure(plan.nodes), plan_(std::move(plan)), left_(plan_.nodes) {}

bool DutyChange::reached(const NodeEntry& entry) const {
  if (!entry.attached || !entry.in_force()) return false;
  if (plan_.duty == v1::DUTY_STANDBY) return entry.report.phase() == v1::PHASE_STANDBY;
  return entry.report.phase() == (plan_.duty == v1::DUTY_DRAINING ? v1::PHASE_DRAINING : v1::PHASE_READY);
}

double DutyChange::done() const {
  return nodes().empty() ? 1 : 1 - static_cast<double>(left_.size()) / static_cast<double>(nodes().size());
}

void DutyChange::begin(const Registry&, ProcedureStep& out, Moment now) {
  since_ = now;
  for (const std::string& name : left_) {
    Order order{Order::What::set_duty, name};
    order.duty = plan_.duty;
    order.set_aside = plan_.set_aside;
    out.orders.push_back(std::move(order));
    out.progress.push_back(progress(std::string(doing(plan_.duty)), name, 0));
  }
}

ProcedureStep DutyChange::step(const Registry& registry, Moment now) {
  ProcedureStep out;
  if (!since_) {
    begin(registry, out, now);
    return out;
  }
  for (const std::string& name : std::vector(left_)) {
    const NodeEntry* entry = registry.find(name);
    if (entry && !reached(*entry)) continue;
    std::erase(left_, name);
    out.progress.push_back(progress(std::string(has_done(plan_.duty)), name, done()));
  }
  if (left_.empty()) {
    finish(out, nodes().empty() ? plan_.already : fmt::format("{} of {} {}", nodes().size(), nodes().size(), has_done(plan_.duty)));
    return out;
  }
  const bool late = now.lab > since_->lab + plan_.allowed;
  if (late && !insisted_ && plan_.duty == v1::DUTY_STANDBY && now.real > since_->real + plan_.insist) {
    insisted_ = true;
    for (const std::string& name : left_) out.orders.push_back({Order::What::kill, name});
  }
  if (late && now.real > since_->real + plan_.patience) {
    fail(out, fmt::format("{} did not get there in {:g} s: {}", doing(plan_.duty), to_s(now.real - since_->real), fmt::join(left_, ", ")));
  }
  return out;
}

Answer<ScalePlan> plan_scale(const Registry& registry, const std::string& role, int size) {
  const auto nodes = registry.of_role(role);
  if (nodes.empty()) return registry.unknown(role);
  const int all = static_cast<int>(nodes.size());
  if (size < 0 || size > all) {
    return Refusal{Refusal::Kind::invalid, fmt::format("nodes: {} is out of range: {} has 0 to {} processes in this lab", size, role, all)};
  }
  ScalePlan plan;
  int active = 0;
  for (const NodeEntry* node : nodes) active += node->duty == v1::DUTY_ACTIVE ? 1 : 0;
  plan.duty = size > active ? v1::DUTY_ACTIVE : v1::DUTY_STANDBY;
  for (const bool set_aside : {false, true}) {
    for (const NodeEntry* node : nodes) {
      if (active >= size || node->duty == v1::DUTY_ACTIVE || node->set_aside != set_aside) continue;
      plan.nodes.push_back(node->name);
      ++active;
    }
  }
  for (auto node = nodes.rbegin(); node != nodes.rend() && active > size; ++node) {
    if ((*node)->duty != v1::DUTY_ACTIVE) continue;
    plan.nodes.push_back((*node)->name);
    --active;
  }
  return plan;
}

}  // namespace chaos
