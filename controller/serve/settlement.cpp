#include "serve/settlement.hpp"

#include "record/bounds.hpp"
#include "runtime/sleep.hpp"
#include "serve/ledger_check.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chaos {

namespace {

constexpr RealDuration kQuietBound = std::chrono::seconds(20);
constexpr RealDuration kQuietFor = std::chrono::milliseconds(500);     // two reports of each node
constexpr RealDuration kCheckBound = std::chrono::seconds(10);
constexpr RealDuration kStop = std::chrono::milliseconds(300);
constexpr RealDuration kLook = std::chrono::milliseconds(100);

std::string verdict_text(const v1::ContractStatus& status) {
  using namespace record;
  return fmt::format("contract {}: uptime {} (at least {} %), P95 {} ms (at most {}), budget {} USD/month (at most {})", status.met() ? "met" : "missed",
                     percent_at_least(status.uptime(), status.uptime_min(), 2), bound_text(100 * status.uptime_min()),
                     number_at_most(status.p95_ms(), status.p95_ms_max()), bound_text(status.p95_ms_max()),
                     number_at_most(status.budget_usd_month(), status.budget_usd_month_max()), bound_text(status.budget_usd_month_max()));
}

s3::Credentials store_keys(const v1::Drill& drill) {
  for (const v1::RolePlan& plan : drill.topology()) {
    const auto& store = plan.config().object_store();
    if (plan.role() == "object_store") return {store.access_key(), store.secret_key()};
  }
  return {};
}

}  // namespace

bool quiet(const Registry& registry) {
  for (const NodeEntry& node : registry.nodes()) {
    if (!node.wanted()) continue;
    const bool store = node.role == "postgres" || node.role == "object_store" || node.role == "queue";
    if (!node.attached || (store && !node.ready())) return false;
    const bool works = node.role == "client" || node.role == "server" || node.role == "worker";
    if (works && node.report.in_flight() > 0) return false;
    if (node.role == "queue" && node.gauge("ready") + node.gauge("unacked") > 0) return false;
  }
  return true;
}

void Settlement::close_traffic() {
  p_.operations.abandon("the run is over");
  p_.model.close_run();
  p_.model.faults.clear_all(true);
  for (const std::string role : {"postgres", "queue", "worker", "object_store"}) {
    auto nodes = p_.model.registry.of_role(role);
    const NodeEntry* primary = role == "postgres" ? primary_node(p_.model.registry, p_.model.primary) : nullptr;
    if (primary) nodes = {primary};
    const auto serves = [](const NodeEntry* node) { return node->duty == v1::DUTY_ACTIVE; };
    if (!nodes.empty() && std::none_of(nodes.begin(), nodes.end(), serves)) p_.fleet.set_duty(nodes.front()->name, v1::DUTY_ACTIVE);
  }
  p_.fleet.push();
  p_.events.publish({"run", "", "settling", "the traffic ended; what is in flight finishes", "drill"});
}

awaitable<void> Settlement::wait_quiet(RealTime deadline) {
  RealTime since = RealClock::now();
  while (RealClock::now() < deadline && !given_up_) {
    if (!quiet(p_.model.registry)) since = RealClock::now();
    if (RealClock::now() - since >= kQuietFor) co_return;
    co_await wake_.wait(RealClock::now() + kLook);
  }
  if (given_up_) co_return;
  p_.events.publish({"run", "", "not_quiet", "work was still in flight after 20 s", "drill"});
}

std::optional<v1::Peer> Settlement::peer(const std::string& role) const {
  const NodeEntry* primary = primary_node(p_.model.registry, p_.model.primary);
  for (const NodeEntry& one : p_.model.registry.nodes()) {
    const NodeEntry* node = &one;
    if (part_of(one, primary) != role || !node->wanted()) continue;
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
  const auto result = std::make_shared<Result<Ledger>>(Errc::timeout);      // a task that is cut short may outlive this
  TaskGroup checking(p_.ctx.io.get_executor(), [](const std::string&, const std::string&) {});
  checking.spawn("ledger", check_into(ids, result));
  while (checking.size() > 0 && !given_up_) co_await wake_.wait(RealClock::now() + kLook);
  co_await checking.stop(RealClock::now() + kStop);
  Result<Ledger>& ledger = *result;
  if (!ledger) {
    const std::string why(given_up_ ? "the lab was ended" : error_word(ledger.error()));
    p_.events.publish({"ledger", "", "failed", fmt::format("the ledger could not be checked ({}): {} orders", why, ids.size()), "drill"});
    co_return;
  }
  ledger->lost_in_failover = p_.model.lost_orders;
  ledger->acknowledged += ledger->lost_in_failover.size();
  judge(*ledger);
  p_.recorder.set_ledger(std::move(*ledger));
}

// A store that has only just come back may refuse the first attempts.
awaitable<void> Settlement::check_into(std::vector<std::int64_t> ids, std::shared_ptr<Result<Ledger>> ledger) {
  const RealTime deadline = RealClock::now() + kCheckBound;
  while (true) {
    const LedgerPeers peers{peer("postgres"), peer("object_store"), store_keys(p_.model.drill())};
    *ledger = co_await check_ledger(p_.ctx, peers, ids, deadline);
    if (*ledger || RealClock::now() + kLook >= deadline) co_return;
    co_await sleep_real(kLook);
  }
}

void Settlement::give_up() {
  given_up_ = true;
  wake_.notify_all();
}

void Settlement::judge(const Ledger& ledger) {
  const bool good = ledger.lost.empty() && ledger.without_receipt.empty();
  std::string text = fmt::format("{} orders acknowledged, {} lost, {} without a receipt", ledger.acknowledged, ledger.lost.size(), ledger.without_receipt.size());
  if (!ledger.lost_in_failover.empty()) text += fmt::format("; {} more were lost when another primary took over, as the failover said", ledger.lost_in_failover.size());
  if (!good && p_.model.faults.lost_data()) text += "; a fault whose effect is to lose data was in force";
  p_.events.publish({"ledger", "", good ? "good" : "missing", text, "drill"});
}

void Settlement::verdict() {
  const v1::ContractStatus status = p_.model.tally.status(p_.model.cost.usd_month(p_.model.run_lab_s()));
  p_.model.phase = RunPhase::ended;
  p_.events.reveal();
  p_.events.publish({"run", "", "ended", verdict_text(status), "drill"});
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
