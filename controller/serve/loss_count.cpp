#include "serve/loss_count.hpp"

#include "runtime/sleep.hpp"
#include "serve/ledger_check.hpp"

#include <algorithm>

namespace chaos {

namespace {

constexpr RealDuration kBound = std::chrono::seconds(10);
constexpr RealDuration kAgain = std::chrono::milliseconds(100);

v1::Peer peer_of(const NodeEntry& node) {
  v1::Peer peer;
  peer.set_name(node.name);
  peer.set_role("postgres");
  peer.set_address(node.address);
  peer.set_duty(node.duty);
  return peer;
}

}  // namespace

awaitable<void> count_loss(NodeContext& ctx, LabModel& model, EventHub& events, Recorder& recorder, std::shared_ptr<FailoverLoss> loss) {
  const NodeEntry* to = model.registry.find(loss->to);
  if (!to) co_return;
  const v1::Peer peer = peer_of(*to);
  std::vector<std::int64_t> ids = model.acknowledged;
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  const RealTime deadline = RealClock::now() + kBound;
  Result<std::vector<std::int64_t>> lost = std::vector<std::int64_t>{};
  while (!ids.empty()) {
    lost = co_await lost_orders(ctx, peer, ids, deadline);
    if (lost || RealClock::now() + kAgain >= deadline) break;
    co_await sleep_real(kAgain);
  }
  if (loss->over) co_return;
  loss->acknowledged = ids.size();
  loss->counted = lost.has_value();
  if (lost) {
    loss->orders = std::move(*lost);
    model.lose(loss->orders);
    recorder.add_failover_losses(loss->orders);
  } else {
    loss->why_not = std::string(error_word(lost.error()));
  }
  loss->over = true;
  const char* what = !loss->counted ? "failover_uncounted" : loss->orders.empty() ? "failover" : "failover_loss";
  events.publish({"ledger", loss->to, what, loss_text(*loss), "supervisor"});
}

}  // namespace chaos
