#include "queue/channel.hpp"

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
  const std::string& exchange = publish.method.exchange;
  if (!host_.broker.exchanges().find(exchange)) return refuse(Reply::not_found, "no exchange '" + exchange + "' in vhost '/'");
  if (Outcome refused = check_properties(publish.properties, host_.user)) return refused;
  tx_->bytes += publish.body.size();
  if (tx_->bytes > kMaxTransaction) return refuse(Reply::resource_error, "too much content in a transaction");
  tx_->publishes.push_back(std::move(publish));
  return {};
}

// tx.commit-ok says that everything is on disk.
Outcome Channel::on(const TxCommit&) {
  if (!tx_) return not_transactional();
  Transaction tx = std::move(*tx_);
  *tx_ = {};
  for (Publish& publish : tx.publishes) {
    Routed routed;
    if (Outcome refused = route(std::move(publish), routed)) return refused;
  }
  for (Transaction::Settlement& settlement : tx.settlements) apply(std::move(settlement.deliveries), settlement.how);
  if (!host_.commits.flush()) return refuse(Reply::internal_error, "the message store failed");
  reply(false, TxCommitOk{});
  return {};
}

// What was acknowledged is unacknowledged again; nothing is delivered anew by that.
Outcome Channel::on(const TxRollback&) {
  if (!tx_) return not_transactional();
  for (Transaction::Settlement& settlement : tx_->settlements) {
    for (Unacked& unacked : settlement.deliveries) ledger_.restore(unacked.tag, unacked);
  }
  *tx_ = {};
  reply(false, TxRollbackOk{});
  return {};
}

}  // namespace chaos::broker
