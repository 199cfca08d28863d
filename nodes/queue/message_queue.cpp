#include "queue/message_queue.hpp"

namespace chaos::broker {

MessageQueue::MessageQueue(QueueSpec spec, std::uint64_t owner, BrokerParts parts)
    : spec_(std::move(spec)), owner_(owner), parts_(parts), gauges_(parts_.metrics.add_queue(spec_.name)) {}

MessageQueue::~MessageQueue() {
  parts_.accounts.release(bytes_);
  parts_.metrics.remove(gauges_);
}

void MessageQueue::keep(MessageId id, MessagePtr message) {
  const std::size_t size = message->bytes();
  bytes_ += size;
  parts_.accounts.add(size);
  messages_.emplace(id, std::move(message));
}

bool MessageQueue::put(MessageId id, MessagePtr message) {
  const bool on_disk = spec_.stored() && message->persistent;
  if (on_disk) parts_.store.put(id, spec_.name, message);
  keep(id, std::move(message));
  rule_.push(id);
  pump();
  return on_disk;
}

void MessageQueue::restore(MessageId id, MessagePtr message) {
  keep(id, std::move(message));
  rule_.push(id, true);
  show();
}

void MessageQueue::pump() {
  while (const auto handed = rule_.hand_out()) {
    const Consumer& to = consumers_.at(handed->to);
    const MessagePtr message = messages_.at(handed->ready.message);
    if (to.no_ack) forget(handed->ready.message);
    parts_.metrics.delivered.Increment();
    if (handed->ready.redelivered) parts_.metrics.redelivered.Increment();
    to.sink->deliver(to.tag, to.no_ack, {shared_from_this(), handed->ready, message});
  }
  show();
}

std::optional<Delivery> MessageQueue::get(bool no_ack) {
  const auto ready = rule_.get(no_ack);
  if (!ready) return std::nullopt;
  Delivery delivery{shared_from_this(), *ready, messages_.at(ready->message)};
  if (no_ack) forget(ready->message);
  parts_.metrics.delivered.Increment();
  if (ready->redelivered) parts_.metrics.redelivered.Increment();
  show();
  return delivery;
}

void MessageQueue::settle(MessageId id) {
  if (rule_.settle(id)) forget(id);
  pump();
}

void MessageQueue::requeue(MessageId id) {
  rule_.requeue(id);
  show();
}

void MessageQueue::forget(MessageId id) {
  const auto at = messages_.find(id);
  const std::size_t size = at->second->bytes();
  if (spec_.stored() && at->second->persistent) parts_.store.erase(id);
  messages_.erase(at);
  bytes_ -= size;
  parts_.accounts.release(size);
}

std::size_t MessageQueue::purge() {
  const std::vector<MessageId> gone = rule_.purge();
  for (const MessageId id : gone) forget(id);
  show();
  return gone.size();
}

bool MessageQueue::subscribe(Subscription subscription, Consumer consumer) {
  const SubscriptionId id = subscription.id;
  if (!rule_.subscribe(std::move(subscription))) return false;
  consumers_.emplace(id, std::move(consumer));
  show();
  return true;
}

void MessageQueue::unsubscribe(SubscriptionId id) {
  rule_.unsubscribe(id);
  consumers_.erase(id);
  show();
}

void MessageQueue::dissolve() {
  auto consumers = std::move(consumers_);
  consumers_.clear();
  for (const auto& [id, consumer] : consumers) {
    rule_.unsubscribe(id);
    consumer.sink->cancelled(consumer.tag);
  }
}

void MessageQueue::show() {
  gauges_.ready->Set(static_cast<double>(rule_.ready()));
  gauges_.unacked->Set(static_cast<double>(rule_.unacked()));
  gauges_.messages->Set(static_cast<double>(rule_.ready() + rule_.unacked()));
  gauges_.consumers->Set(static_cast<double>(rule_.consumers()));
}

}  // namespace chaos::broker
