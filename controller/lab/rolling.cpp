#include "lab/rolling.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chaos {

Rolling::Rolling(RollingPlan plan) : Procedure(plan.nodes), plan_(std::move(plan)) {
  for (const std::string& name : plan_.nodes) nodes_.emplace_back().name = name;
}

double Rolling::done() const {
  double sum = 0;
  for (const Node& node : nodes_) sum += static_cast<double>(node.stage) / static_cast<double>(Stage::done);
  return nodes_.empty() ? 1 : sum / static_cast<double>(nodes_.size());
}

void Rolling::enter(Node& node, Stage stage, Moment now) {
  node.stage = stage;
  node.since = now;
}

ProcedureStep Rolling::step(const Registry& registry, Moment now) {
  ProcedureStep out;
  settled_ = registry.settled();
  for (Node& node : nodes_) {
    const NodeEntry* entry = registry.find(node.name);
    if (entry && !finished()) advance(node, *entry, out, now);
  }
  const auto busy = [](const Node& node) { return node.stage != Stage::waiting && node.stage != Stage::done; };
  if (!finished() && std::none_of(nodes_.begin(), nodes_.end(), busy)) begin_batch(out, registry, now);
  return out;
}

void Rolling::begin_batch(ProcedureStep& out, const Registry& registry, Moment now) {
  int begun = 0;
  for (Node& node : nodes_) {
    if (node.stage != Stage::waiting || begun == std::max(1, plan_.batch)) continue;
    const NodeEntry* entry = registry.find(node.name);
    if (!entry || !entry->wanted()) {
      enter(node, Stage::done, now);
      ++skipped_;
      out.progress.push_back(progress("standby, nothing to restart", node.name, done()));
      continue;
    }
    ++begun;
    node.duty = entry->duty;
    node.incarnation = entry->incarnation;
    if (plan_.drain.us > 0 && entry->attached) drain(node, out, now);
    else restart(node, out, now);
  }
  if (begun == 0) finish(out, restarted());
}

std::string Rolling::restarted() const {
  const std::size_t count = nodes_.size() - skipped_;
  return nodes_.size() == 1 ? nodes_[0].name + " restarted" : fmt::format("{} node{} restarted", count, count == 1 ? "" : "s");
}

void Rolling::drain(Node& node, ProcedureStep& out, Moment now) {
  enter(node, Stage::draining, now);
  settled_ = false;
  Order order{Order::What::set_duty, node.name, v1::DUTY_DRAINING};
  order.for_a_while = true;
  out.orders.push_back(std::move(order));
  out.progress.push_back(progress(fmt::format("draining, at most {:g} lab s", plan_.drain.seconds()), node.name, done()));
}

void Rolling::restart(Node& node, ProcedureStep& out, Moment now) {
  enter(node, Stage::ending, now);
  node.ended = now;
  Order order{Order::What::restart, node.name};
  order.at_once = plan_.at_once;
  order.drained = plan_.drain.us > 0;
  out.orders.push_back(std::move(order));
  out.progress.push_back(progress("ending the process", node.name, done()));
}

// Nothing in flight counts only when everyone knows that the node drains: then nothing new comes either.
bool Rolling::drained(const Node& node, const NodeEntry& entry, Moment now) const {
  if (!entry.attached || now.lab >= node.since.lab + plan_.drain) return true;
  const bool told = settled_ && entry.report.phase() == v1::PHASE_DRAINING;
  return told && entry.report_at > node.since.real && entry.report.in_flight() == 0;
}

void Rolling::advance(Node& node, const NodeEntry& entry, ProcedureStep& out, Moment now) {
  if (node.stage == Stage::draining && drained(node, entry, now)) restart(node, out, now);
  const bool replaced = entry.incarnation != node.incarnation;
  if (node.stage == Stage::ending && (entry.pid == 0 || replaced || !entry.attached)) {
    enter(node, Stage::starting, now);
    out.orders.push_back({Order::What::set_duty, node.name, node.duty});
    out.progress.push_back(progress("a new process starts", node.name, done()));
  }
  const v1::Phase wanted = node.duty == v1::DUTY_DRAINING ? v1::PHASE_DRAINING : v1::PHASE_READY;
  const bool up = replaced && entry.attached && entry.report.phase() == wanted;
  if (node.stage == Stage::starting && up) enter(node, Stage::settling, now);
  if (node.stage == Stage::settling && !up) enter(node, Stage::starting, now);      // it did not last
  if (node.stage == Stage::settling && now.real >= node.since.real + plan_.settle) {
    enter(node, Stage::done, now);
    out.progress.push_back(progress("ready again", node.name, done()));
  }
  const bool in_work = node.stage == Stage::ending || node.stage == Stage::starting;
  if (in_work && now.real > node.ended.real + plan_.patience && now.lab > node.ended.lab + plan_.boot) {
    for (const Node& other : nodes_) {     // those of the batch that have not come so far get their duty back
      const bool began = other.stage == Stage::draining || other.stage == Stage::ending;
      if (began) out.orders.push_back({Order::What::set_duty, other.name, other.duty});
    }
    fail(out, fmt::format("{} is not ready again after {:g} s; stopped there", node.name, to_s(now.real - node.ended.real)));
  }
}

}  // namespace chaos
