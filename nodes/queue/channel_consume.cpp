#include "queue/channel.hpp"
#include "queue/equivalence.hpp"

#include <set>

namespace chaos::broker {

using namespace amqp;

namespace {

// https://www.rabbitmq.com/docs/consumer-priority
Outcome consumer_priority(const BasicConsume& m, const std::string& queue, std::int64_t& out) {
  const Value* value = find(m.arguments, "x-priority");
  if (!value) return {};
  const auto* number = std::get_if<std::int64_t>(&value->data);
  if (!number) {
    return refuse(Reply::precondition_failed, "invalid arg 'x-priority' for queue '" + queue + "' in vhost '/': \"expected integer, got " +
                                                  std::string(type_name(*value)) + "\"");
  }
  out = *number;
  return {};
}

}  // namespace

// RabbitMQ's reading (https://www.rabbitmq.com/docs/consumer-prefetch): global is per channel, else per new consumer.
Outcome Channel::on(const BasicQos& m) {
  if (m.prefetch_size != 0) return refuse(Reply::not_implemented, "prefetch_size!=0 (" + std::to_string(m.prefetch_size) + ")");
  if (!m.global) {
    prefetch_ = m.prefetch_count;
    reply(false, BasicQosOk{});
    return {};
  }
  credit_->limit = m.prefetch_count;
  reply(false, BasicQosOk{});
  for (const auto& [tag, consumer] : consumers_) consumer.queue->pump();
  return {};
}

Outcome Channel::on(const BasicConsume& m) {
  std::string name;
  if (const Outcome refused = named(m.queue, name)) return refused;
  QueuePtr queue;
  if (const Outcome refused = host_.broker.find_queue(name, host_.session, queue)) return refused;
  const std::string tag = m.consumer_tag.empty() ? host_.broker.unique_name("amq.ctag-") : m.consumer_tag;
  if (consumers_.contains(tag)) return refuse(Reply::not_allowed, "attempt to reuse consumer tag '" + tag + "'");
  if (consumers_.size() >= kMaxConsumers) return refuse(Reply::resource_error, "too many consumers on this channel");
  std::int64_t priority = 0;
  if (Outcome refused = consumer_priority(m, name, priority)) return refused;
  Consumer consumer{host_.broker.next_subscription(), queue, std::make_shared<Credit>(), m.no_ack, m.exclusive, m.arguments};
  consumer.credit->limit = prefetch_;
  if (!queue->subscribe({consumer.id, consumer.credit, credit_, m.no_ack, m.exclusive, priority, host_.gate}, {this, tag, m.no_ack})) {
    return refuse(Reply::access_refused, "queue '" + name + "' in vhost '/' in exclusive use");
  }
  consumers_.emplace(tag, consumer);
  reply(m.no_wait, BasicConsumeOk{tag});
  queue->pump();
  return {};
}

Outcome Channel::on(const BasicCancel& m) {
  const auto at = consumers_.find(m.consumer_tag);
  if (at != consumers_.end()) {
    const Consumer consumer = at->second;
    consumers_.erase(at);
    end(consumer);
  }
  reply(m.no_wait, BasicCancelOk{m.consumer_tag});
  return {};
}

void Channel::end(const Consumer& consumer) {
  consumer.queue->unsubscribe(consumer.id);
  consumer.queue->pump();   // the one behind it may have its turn now (x-single-active-consumer)
  host_.broker.consumer_left(*consumer.queue);
}

Outcome Channel::on(const BasicGet& m) {
  std::string name;
  if (const Outcome refused = named(m.queue, name)) return refused;
  QueuePtr queue;
  if (const Outcome refused = host_.broker.find_queue(name, host_.session, queue)) return refused;
  const auto got = queue->get(m.no_ack);
  if (!got) {
    count(Stat::get_empty, false);
    reply(false, BasicGetEmpty{});
    return {};
  }
  count(m.no_ack ? Stat::get_no_ack : Stat::get, got->ready.redelivered);
  BasicGetOk ok;
  ok.delivery_tag = m.no_ack ? ledger_.issue() : ledger_.issue({queue, got->ready.message, ledger_.next()});
  ok.redelivered = got->ready.redelivered;
  ok.exchange = got->message->exchange;
  ok.routing_key = got->message->routing_key;
  ok.message_count = static_cast<std::uint32_t>(queue->rule().ready());
  host_.outbox.content(number_, ok, *got->message);
  return {};
}

void Channel::deliver(const std::string& consumer_tag, bool no_ack, Delivery delivery) {
  count(no_ack ? Stat::deliver_no_ack : Stat::deliver, delivery.ready.redelivered);
  BasicDeliver method;
  method.consumer_tag = consumer_tag;
  method.delivery_tag = no_ack ? ledger_.issue() : ledger_.issue({delivery.queue, delivery.ready.message, ledger_.next()});
  method.redelivered = delivery.ready.redelivered;
  method.exchange = delivery.message->exchange;
  method.routing_key = delivery.message->routing_key;
  host_.outbox.content(number_, method, *delivery.message);
  if (host_.outbox.full()) host_.gate->shut = true;
}

void Channel::cancelled(const std::string& consumer_tag) {
  consumers_.erase(consumer_tag);
  BasicCancel cancel;
  cancel.consumer_tag = consumer_tag;
  cancel.no_wait = true;
  if (host_.cancel_notify) host_.outbox.method(number_, cancel);
}

Outcome Channel::on(const BasicAck& m) { return settle(m.delivery_tag, m.multiple, Settle::ack); }
Outcome Channel::on(const BasicReject& m) { return settle(m.delivery_tag, false, m.requeue ? Settle::requeue : Settle::drop); }
Outcome Channel::on(const BasicNack& m) { return settle(m.delivery_tag, m.multiple, m.requeue ? Settle::requeue : Settle::drop); }

Outcome Channel::settle(std::uint64_t tag, bool multiple, Settle how) {
  auto taken = ledger_.take(tag, multiple);
  if (!taken) return refuse(Reply::precondition_failed, "unknown delivery tag " + std::to_string(tag));
  if (tx_) {
    tx_->settlements.push_back({std::move(*taken), how});
  } else {
    apply(std::move(*taken), how);
  }
  return {};
}

void Channel::apply(std::vector<Unacked> deliveries, Settle how) {
  if (how == Settle::requeue) return give_back(std::move(deliveries));
  for (const Unacked& unacked : deliveries) {
    const QueuePtr queue = unacked.queue.lock();
    if (!queue) continue;
    if (how == Settle::ack) {
      queue->settle(unacked.message);
    } else {
      queue->reject(unacked.message);
    }
  }
  if (how != Settle::ack) return;
  host_.broker.metrics().acknowledged.Increment(static_cast<double>(deliveries.size()));
  host_.broker.totals().add(Stat::ack, deliveries.size());
  stats_.add(Stat::ack, deliveries.size());
}

void Channel::count(Stat stat, bool redelivered) {
  for (MessageStats* stats : {&stats_, &host_.broker.totals()}) {
    stats->add(stat);
    if (stat != Stat::get_empty) stats->add(Stat::deliver_get);
    if (redelivered) stats->add(Stat::redeliver);
  }
}

// Everything goes to its old place first, then out again in order.
void Channel::give_back(std::vector<Unacked> deliveries) {
  std::set<QueuePtr> queues;
  for (const Unacked& unacked : deliveries) {
    const QueuePtr queue = unacked.queue.lock();
    if (!queue) continue;
    queue->requeue(unacked.message);
    queues.insert(queue);
  }
  for (const QueuePtr& queue : queues) queue->pump();
}

Outcome Channel::on(const BasicRecoverAsync& m) { return recover(m.requeue); }

Outcome Channel::on(const BasicRecover& m) {
  if (const Outcome refused = recover(m.requeue)) return refused;
  reply(false, BasicRecoverOk{});
  return {};
}

// As RabbitMQ: redelivery to the same consumer only (requeue=false) is not offered.
Outcome Channel::recover(bool requeue) {
  if (!requeue) return refuse(Reply::not_implemented, "requeue=false");
  give_back(ledger_.take_all());
  return {};
}

}  // namespace chaos::broker
