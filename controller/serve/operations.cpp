#include "serve/operations.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chaos {

Answer<void> Operations::start(Operation operation) {
  for (const Operation& other : running_) {
    for (const std::string& name : operation.procedure->nodes()) {
      const auto& theirs = other.procedure->nodes();
      if (std::find(theirs.begin(), theirs.end(), name) == theirs.end()) continue;
      return Refusal{Refusal::Kind::not_now, fmt::format("{} is being worked on: {} by {}", name, other.name, other.actor)};
    }
  }
  if (operation.version) model_.set_version(operation.version->role, operation.version->version);
  const auto& nodes = operation.procedure->nodes();
  events_.publish({"action", nodes.size() == 1 ? nodes[0] : "", operation.what, operation.text, operation.actor});
  if (operation.failover) model_.failover = operation.failover;
  if (operation.failover && keep_) keep_();
  running_.push_back(std::move(operation));
  step();
  return boost::system::in_place_value;
}

void Operations::step() {
  for (auto operation = running_.begin(); operation != running_.end();) {
    step_one(*operation);
    if (!operation->procedure->finished()) {
      ++operation;
      continue;
    }
    const Operation done = std::move(*operation);
    operation = running_.erase(operation);
    ended(done, done.procedure->failure());
  }
}

void Operations::step_one(Operation& operation) {
  const ProcedureStep step = operation.procedure->step(model_.registry, {model_.clock.lab_now(), RealClock::now()});
  for (const Order& order : step.orders) carry_out(operation, order);
  if (!step.orders.empty()) fleet_.push();
  if (!operation.on_progress) return;
  for (const v1::Progress& progress : step.progress) operation.on_progress(progress);
}

// Who is primary, and who is to become it. Written before it is told: a successor must not take the word back.
void Operations::name(const Order& order) {
  model_.promoting = order.what == Order::What::promote ? order.node : "";
  if (order.what == Order::What::name_primary) model_.primary = {order.node, model_.primary.term + 1};
  if (keep_) keep_();
}

void Operations::carry_out(const Operation& operation, const Order& order) {
  NodeEntry* node = model_.registry.find(order.node);
  if (!node) return;
  if (order.what == Order::What::set_duty) {
    if (!order.for_a_while) node->lasting_duty.reset();
    else if (!node->lasting_duty) node->lasting_duty = node->duty;
    fleet_.set_duty(order.node, order.duty);
    node->set_aside = order.set_aside && order.duty == v1::DUTY_STANDBY;
  }
  if (order.what == Order::What::count && operation.count) operation.count();
  if (order.what == Order::What::promote || order.what == Order::What::stay || order.what == Order::What::name_primary) name(order);
  if (order.what == Order::What::kill) fleet_.kill(order.node);
  if (order.what != Order::What::restart) return;
  const double drain = order.drained ? 0 : model_.node_settings(node->role).drain_lab_s();
  fleet_.restart(order.node, order.at_once, LabDuration::from_seconds(drain));
}

void Operations::ended(const Operation& operation, const std::string& failure) {
  if (operation.failover) model_.failover.reset();
  const auto& nodes = operation.procedure->nodes();
  const std::string node = nodes.size() == 1 ? nodes[0] : "";
  const std::string text = failure.empty() ? fmt::format("{} is done", operation.name) : fmt::format("{} ended early: {}", operation.name, failure);
  events_.publish({"action", node, operation.what + (failure.empty() ? "_done" : "_failed"), text, operation.actor});
  if (operation.on_end) operation.on_end({failure, false});
}

bool Operations::busy(const std::string& actor) const {
  return std::any_of(running_.begin(), running_.end(), [&](const Operation& o) { return o.actor == actor; });
}

void Operations::abandon(const std::string& why) {
  for (const Operation& operation : running_) {
    if (operation.on_end) operation.on_end({why, true});
  }
  running_.clear();
  model_.promoting.clear();
  model_.failover.reset();
}

}  // namespace chaos
