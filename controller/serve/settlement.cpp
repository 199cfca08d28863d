#include "serve/settlement.hpp"

#include "runtime/sleep.hpp"
#include "serve/ledger_check.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chaos {

namespace {

constexpr RealDuration kQuietBound = std::chrono::seconds(20);
constexpr RealDuration kQuietFor = std::chrono::milliseconds(500);     // two reports of each node
constexpr RealDuration kCheckBound = std::chrono::seconds(10);
constexpr RealDuration kLook = std::chrono::milliseconds(100);

}  // namespace

bool quiet(const Registry& registry) {
  for (const NodeEntry& node : registry.nodes()) {
    if (!node.wanted()) continue;
    if (!node.attached) return false;
    const bool works = node.role == "client" || node.role == "server" || node.role == "worker";
    if (works && node.report.in_flight() > 0) return false;
    if (node.role == "queue" && node.gauge("ready") + node.gauge("unacked") > 0) return false;
  }
  return true;
}

void Settlement::close_traffic() {
  p_.model.phase = RunPhase::settling;
  p_.model.traffic_open = false;
  p_.model.faults.clear_all(true);
  for (const std::string role : {"postgres", "queue", "worker", "object_store"}) {
    const auto nodes = p_.model.registry.of_role(role);
    if (!nodes.empty() && p_.model.registry.active(role) == 0) p_.fleet.set_duty(nodes.front()->name, v1::DUTY_ACTIVE);
  }
  p_.fleet.push();
  p_.events.publish({"run", "", "settling", "the traffic ended; what is in flight finishes", "drill"});
}

awaitable<void> Settlement::wait_quiet(RealTime deadline) {
  RealTime since = RealClock::now();
  while (RealClock::now() < deadline) {
    if (!quiet(p_.model.registry)) since = RealClock::now();
    if (RealClock::now() - since >= kQuietFor) co_return;
    co_await sleep_real(kLook);
  }
  p_.events.publish({"run", "", "not_quiet", "work was still in flight after 20 s", "drill"});
}

std::optional<v1::Peer> Settlement::peer(const std::string& role) const {
  for (const NodeEntry* node : p_.model.registry.of_role(role)) {
    if (!node->wanted()) continue;
    v1::Peer peer;
    peer.set_name(node->name);
    peer.set_role(role);
    peer.set_address(node->address);
    peer.set_duty(node->duty);
    return peer;
  }
  return std::nullopt;
}

awaitable<void> Settlement::check() {
  auto& ids = p_.model.acknowledged;
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  const LedgerPeers peers{peer("postgres"), peer("object_store")};
  auto ledger = co_await check_ledger(p_.ctx, peers, ids, RealClock::now() + kCheckBound);
  if (!ledger) {
    const std::string why(error_word(ledger.error()));
    p_.events.publish({"ledger", "", "failed", fmt::format("the ledger could not be checked ({}): {} orders", why, ids.size()), "drill"});
    co_return;
  }
  judge(*ledger);
  p_.recorder.set_ledger(std::move(*ledger));
}

void Settlement::judge(const Ledger& ledger) {
  const bool good = ledger.lost.empty() && ledger.without_receipt.empty();
  std::string text = fmt::format("{} orders acknowledged, {} lost, {} without a receipt", ledger.acknowledged, ledger.lost.size(), ledger.without_receipt.size());
  if (!good && p_.model.faults.lost_data()) text += "; a fault whose effect is to lose data was in force";
  p_.events.publish({"ledger", "", good ? "good" : "missing", text, "drill"});
}

void Settlement::verdict() {
  const v1::ContractStatus status = p_.model.tally.status(p_.model.cost.usd_month(p_.model.lab_s()));
  p_.model.phase = RunPhase::ended;
  p_.events.reveal();
  p_.events.publish({"run", "", "ended",
                     fmt::format("contract {}: uptime {:.2f} % (at least {:g} %), P95 {:.0f} ms (at most {:g}), budget {:.0f} USD/month (at most {:g})",
                                 status.met() ? "met" : "missed", 100 * status.uptime(), 100 * status.uptime_min(), status.p95_ms(),
                                 status.p95_ms_max(), status.budget_usd_month(), status.budget_usd_month_max()),
                     "drill"});
  p_.recorder.finish();
}

awaitable<void> Settlement::run() {
  close_traffic();
  co_await wait_quiet(RealClock::now() + kQuietBound);
  p_.recorder.sample();
  co_await check();
  verdict();
}

}  // namespace chaos
