#include "queue/channel.hpp"
#include "wire/amqp_content.hpp"

#include <utility>

namespace chaos::broker {

using namespace amqp;

namespace {
Refusal not_transactional() { return refuse(Reply::precondition_failed, "channel is not transactional"); }
}  // namespace

Outcome Channel::on(const TxSelect&) {
  if (confirms_) return refuse(Reply::precondition_failed, "cannot switch from confirm to tx mode");
  if (!tx_) tx_ = std::make_unique<Transaction>();
  reply(false, TxSelectOk{});
  return {};
}

// Kept until the commit; that its exchange is there is looked at now, as RabbitMQ does.
Outcome Channel::postpone(Publish publish) {
  if (Outcome refused = host_.broker.takes(publish.method.exchange)) return refused;
  if (Outcome refused = check_properties(publish.properties, host_.user)) return refused;
  publish.properties = {};   // read again from `raw`, which is smaller
  const std::size_t size = sizeof(Publish) + publish.method.exchange.size() + publish.method.routing_key.size() + publish.raw.size() + publish.body.size();
  if (tx_->bytes + size > kMaxTransaction || !host_.broker.accounts().hold_uncommitted(size)) {
    return refuse(Reply::resource_error, "too much content in a transaction");
  }
  tx_->bytes += size;
  tx_->publishes.push_back(std::move(publish));
  return {};
}

// tx.commit-ok says that everything is on disk.
Outcome Channel::on(const TxCommit&) {
  if (!tx_) return not_transactional();
  for (const Publish& publish : tx_->publishes) {   // all or nothing; a refusal closes the channel, which gives everything up
    if (Outcome refused = host_.broker.takes(publish.method.exchange)) return refused;
  }
  Transaction tx = std::exchange(*tx_, {});
  host_.broker.accounts().release_uncommitted(tx.bytes);
  Outcome refused;
  for (Publish& publish : tx.publishes) {
    Routed routed;
    publish.properties = decode_properties(publish.raw).value_or(Properties());
    if (!refused) refused = route(std::move(publish), routed);
  }
  if (refused) {
    give_up(tx);
    return refused;
  }
  for (Transaction::Settlement& settlement : tx.settlements) apply(std::move(settlement.deliveries), settlement.how);
  if (!host_.commits.flush()) return refuse(Reply::internal_error, "the message store failed");
  reply(false, TxCommitOk{});
  return {};
}

// What it acknowledged goes back to the queues.
void Channel::give_up(Transaction& tx) {
  host_.broker.accounts().release_uncommitted(std::exchange(tx.bytes, 0));
  for (Transaction::Settlement& settlement : tx.settlements) give_back(std::move(settlement.deliveries));
}

// What was acknowledged is unacknowledged again; nothing is delivered anew by that.
Outcome Channel::on(const TxRollback&) {
  if (!tx_) return not_transactional();
  for (Transaction::Settlement& settlement : tx_->settlements) {
    for (Unacked& unacked : settlement.deliveries) ledger_.restore(unacked.tag, unacked);
  }
  host_.broker.accounts().release_uncommitted(tx_->bytes);
  *tx_ = {};
  reply(false, TxRollbackOk{});
  return {};
}

}  // namespace chaos::broker
