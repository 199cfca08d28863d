#include "lab/failover.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chaos {

namespace {

constexpr RealDuration kLastAnswers = std::chrono::milliseconds(100);   // from the old primary's end to its users
constexpr double kStages = 5;

std::optional<Refusal> why_not(const NodeEntry& node, const NodeEntry* primary) {
  const auto not_now = [](std::string text) { return Refusal{Refusal::Kind::not_now, std::move(text)}; };
  if (!is_database(node)) return Refusal{Refusal::Kind::invalid, fmt::format("{} is no database node; failover wants a replica", node.name)};
  if (primary && node.name == primary->name) return not_now(node.name + " is the primary already");
  if (!node.ready()) return not_now(node.name + " is not ready");
  if (node.gauge("in_recovery") > 0 && node.gauge("promotable") == 0) return not_now(node.name + " has no usable copy of the primary");
  return std::nullopt;
}

}  // namespace

bool is_database(const NodeEntry& node) { return node.role == "postgres" || node.role == "replica"; }

const NodeEntry* primary_node(const Registry& registry, const PrimaryWord& word) {
  if (!word.name.empty()) return registry.find(word.name);
  const auto nodes = registry.of_role("postgres");
  return nodes.empty() ? nullptr : nodes.front();
}

std::string part_of(const NodeEntry& node, const NodeEntry* primary) {
  if (!is_database(node) || !primary) return node.role;
  return node.name == primary->name ? "postgres" : "replica";
}

Answer<const NodeEntry*> choose_candidate(const Registry& registry, const NodeEntry* primary, const std::string& named) {
  if (!named.empty()) {
    const NodeEntry* node = registry.find(named);
    if (!node) return registry.unknown(named);
    if (const auto why = why_not(*node, primary)) return *why;
    return node;
  }
  const NodeEntry* best = nullptr;
  std::string reasons;
  for (const NodeEntry& node : registry.nodes()) {
    if (!is_database(node) || !node.wanted() || (primary && node.name == primary->name)) continue;
    if (const auto why = why_not(node, primary)) reasons += (reasons.empty() ? ": " : ", ") + why->text;
    else if (!best || node.gauge("wal_lsn") > best->gauge("wal_lsn")) best = &node;
  }
  if (best) return best;
  return Refusal{Refusal::Kind::not_now, "no standby can take over" + (reasons.empty() ? ": no replica is active (chaosctl start replica-1)" : reasons)};
}

Failover::Failover(FailoverPlan plan)
    : Procedure(plan.from.empty() ? std::vector<std::string>{plan.to} : std::vector<std::string>{plan.from, plan.to}), plan_(std::move(plan)) {}

void Failover::enter(Stage stage, Moment now, ProcedureStep& out, std::string text) {
  stage_ = stage;
  since_ = now;
  out.progress.push_back(progress(std::move(text), plan_.to, static_cast<double>(stage) / kStages));
}

bool Failover::late(Moment now, LabDuration allowed) const { return now.lab > since_.lab + allowed && now.real > since_.real + plan_.patience; }

ProcedureStep Failover::step(const Registry& registry, Moment now) {
  ProcedureStep out;
  switch (stage_) {
    case Stage::begin: begin(registry, out, now); break;
    case Stage::fencing: fence(registry, out, now); break;
    case Stage::promoting: promote(registry, out, now); break;
    case Stage::counting: count(out, now); break;
    default: move(registry, out, now); break;
  }
  return out;
}

void Failover::begin(const Registry& registry, ProcedureStep& out, Moment now) {
  if (plan_.named) return enter(Stage::moving, now, out, fmt::format("servers and workers move to {}", plan_.to));
  const NodeEntry* from = plan_.from.empty() ? nullptr : registry.find(plan_.from);
  if (from) {
    if (from->wal) {
      plan_.loss->before = from->wal;
      plan_.loss->silent = now.real - from->wal->at;
    }
    if (from->wanted()) {
      Order order{Order::What::set_duty, plan_.from};
      order.duty = v1::DUTY_STANDBY;
      out.orders.push_back(order);
    }
  }
  enter(Stage::fencing, now, out, from ? fmt::format("stopping {}, so that there is one primary", plan_.from) : "there is no primary to stop");
}

void Failover::fence(const Registry& registry, ProcedureStep& out, Moment now) {
  const NodeEntry* from = plan_.from.empty() ? nullptr : registry.find(plan_.from);
  const bool no_process = from && !from->attached && from->pid == 0;
  const bool stopped = from && from->attached && from->in_force() && from->report.phase() == v1::PHASE_STANDBY;
  if (!from || no_process || stopped) {
    fenced_ = now.real;
    if (from && from->wal) plan_.loss->before = from->wal;      // with the last words of one that ended politely
    out.orders.push_back({Order::What::promote, plan_.to});
    return enter(Stage::promoting, now, out, fmt::format("promoting {}", plan_.to));
  }
  const bool over = now.lab > since_.lab + plan_.drain;
  if (over && !insisted_ && now.real > since_.real + plan_.insist) {
    insisted_ = true;
    out.orders.push_back({Order::What::kill, plan_.from});
  }
  if (late(now, plan_.drain)) fail(out, fmt::format("{} did not end: nothing was promoted; it ends when it can (chaosctl start {} takes that back)", plan_.from, plan_.from));
}

// A user's client tells of its answers every 200 ms.
bool Failover::reports_are_in(const Registry& registry, Moment now) const {
  if (now.real < fenced_ + kLastAnswers) return false;
  for (const NodeEntry* client : registry.of_role("client")) {
    if (client->attached && !client->silent(now.real) && client->report_at < fenced_ + kLastAnswers) return false;
  }
  return true;
}

void Failover::promote(const Registry& registry, ProcedureStep& out, Moment now) {
  const NodeEntry* to = registry.find(plan_.to);
  const bool promoted = to && to->ready() && to->in_force() && to->gauge("timeline") > 0 && to->gauge("in_recovery") == 0;
  if (promoted && reports_are_in(registry, now)) {
    if (!plan_.loss->after) plan_.loss->after = to->wal;
    if (!plan_.loss->over) out.orders.push_back({Order::What::count, plan_.to});
    return enter(Stage::counting, now, out, fmt::format("{} has applied all that it received and is promoted; counting what it lacks", plan_.to));
  }
  if (!late(now)) return;
  out.orders.push_back({Order::What::stay, plan_.to});
  fail(out, fmt::format("{} did not become primary{}", plan_.to, plan_.from.empty() ? "" : fmt::format("; {} is stopped: chaosctl start {} brings it back as it was", plan_.from, plan_.from)));
}

void Failover::count(ProcedureStep& out, Moment now) {
  if (!plan_.loss->over && late(now)) {
    plan_.loss->over = true;
    plan_.loss->why_not = "it took too long";
  }
  if (!plan_.loss->over) return;
  out.orders.push_back({Order::What::name_primary, plan_.to});
  enter(Stage::moving, now, out, fmt::format("servers and workers move to {}", plan_.to));
}

std::string Failover::standby_text(const Registry& registry) const {
  if (plan_.from.empty()) return {};
  const auto& nodes = registry.nodes();
  const bool left = std::any_of(nodes.begin(), nodes.end(), [&](const NodeEntry& node) { return is_database(node) && node.wanted() && node.name != plan_.to; });
  return fmt::format("; {}{} stays stopped: chaosctl start {} brings it back as a standby", left ? "" : "no standby is left, ", plan_.from, plan_.from);
}

void Failover::move(const Registry& registry, ProcedureStep& out, Moment now) {
  const std::string done = fmt::format("{} is the primary: {}", plan_.to, loss_text(*plan_.loss));
  if (stage_ == Stage::moving) {
    if (!registry.settled() && !late(now)) return;
    if (!plan_.rejoin || plan_.from.empty()) return finish(out, done + standby_text(registry));
    Order order{Order::What::set_duty, plan_.from};
    out.orders.push_back(order);
    return enter(Stage::rejoining, now, out, fmt::format("{} comes back as a standby, with a fresh copy", plan_.from));
  }
  const NodeEntry* from = registry.find(plan_.from);
  if (from && from->ready() && from->in_force()) return finish(out, done + fmt::format("; {} follows it", plan_.from));
  if (late(now, plan_.boot)) fail(out, done + fmt::format("; but {} has not come back as a standby in time", plan_.from));
}

}  // namespace chaos
