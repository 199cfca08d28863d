#include "queue/message_queue.hpp"

namespace chaos::broker {

namespace {
constexpr std::chrono::seconds kIdle{5};   // without a change for this long: idle
}

MessageQueue::MessageQueue(QueueSpec spec, const QueueLimits& limits, std::uint64_t owner, BrokerParts parts)
    : spec_(std::move(spec)), limits_(limits), owner_(owner), parts_(parts), gauges_(parts_.metrics.add_queue(spec_.name)),
      rule_(limits.max_priority, limits.single_active_consumer), used_(parts.clock.lab_now()), active_(parts.clock.now()) {}

MessageQueue::~MessageQueue() {
  parts_.accounts.release(bytes_);
  parts_.metrics.remove(gauges_);
}

Put MessageQueue::put(MessageId id, MessagePtr message) {
  if (limits_.overflow != Overflow::drop_head && full(std::max<std::size_t>(message->body.size(), 1))) {
    if (limits_.overflow == Overflow::reject_publish_dlx) parts_.undertaker.died(*this, *message, Death::maxlen);
    return Put::rejected;
  }
  expire();
  const bool on_disk = spec_.stored() && message->persistent;
  const auto expires = expiry(*message);
  if (on_disk) {
    parts_.store.put(id, spec_.name, message, expires);
    stats_.add(Stat::disk_writes);
  }
  const std::uint8_t priority = message->priority;
  keep(id, std::move(message), expires);
  stats_.add(Stat::publish);
  rule_.push(id, false, priority);
  hand_out();       // before its time, which may be none at all, is looked at
  pump();
  return on_disk ? Put::to_disk : Put::in_memory;
}

void MessageQueue::restore(MessageId id, MessagePtr message, std::optional<LabTime> expires) {
  const std::uint8_t priority = message->priority;
  const auto at_most = expiry(*message);   // a clock that began anew must not lengthen a life
  keep(id, std::move(message), expires && at_most ? std::min(*expires, *at_most) : expires);
  rule_.push(id, true, priority);
  show();
}

void MessageQueue::handed_out(std::size_t body) {
  holdings_.ready_bytes -= body;
  holdings_.unacked_bytes += body;
}

void MessageQueue::count(Stat stat, bool redelivered) {
  stats_.add(stat);
  stats_.add(Stat::deliver_get);
  parts_.metrics.delivered.Increment();
  if (!redelivered) return;
  stats_.add(Stat::redeliver);
  parts_.metrics.redelivered.Increment();
}

void MessageQueue::pump() {
  expire();
  hand_out();
  drop_excess();
  show();
}

void MessageQueue::hand_out() {
  while (const auto handed = rule_.hand_out()) {
    const Consumer& to = consumers_.at(handed->to);
    const MessagePtr message = messages_.at(handed->ready.message).message;
    if (to.no_ack) {
      forget(handed->ready.message, From::ready);
    } else {
      handed_out(message->body.size());
    }
    count(to.no_ack ? Stat::deliver_no_ack : Stat::deliver, handed->ready.redelivered);
    to.sink->deliver(to.tag, to.no_ack, {shared_from_this(), handed->ready, message});
  }
}

std::optional<Delivery> MessageQueue::get(bool no_ack) {
  touch();
  expire();
  const auto ready = rule_.get(no_ack);
  if (!ready) {
    stats_.add(Stat::get_empty);
    return std::nullopt;
  }
  Delivery delivery{shared_from_this(), *ready, messages_.at(ready->message).message};
  if (no_ack) {
    forget(ready->message, From::ready);
  } else {
    handed_out(delivery.message->body.size());
  }
  count(no_ack ? Stat::get_no_ack : Stat::get, ready->redelivered);
  show();
  return delivery;
}

void MessageQueue::settle(MessageId id) {
  if (rule_.settle(id)) {
    stats_.add(Stat::ack);
    forget(id, From::unacked);
  }
  pump();
}

void MessageQueue::reject(MessageId id) {
  if (rule_.settle(id)) die(id, From::unacked, Death::rejected);
  pump();
}

void MessageQueue::requeue(MessageId id) {
  if (rule_.requeue(id)) {
    const std::size_t body = messages_.at(id).message->body.size();
    holdings_.unacked_bytes -= body;
    holdings_.ready_bytes += body;
  }
  show();
}

std::size_t MessageQueue::purge() {
  const std::vector<MessageId> gone = rule_.purge();
  for (const MessageId id : gone) forget(id, From::ready);
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
  touch();
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

bool MessageQueue::unused() const {
  return limits_.expires && rule_.consumers() == 0 && parts_.clock.lab_now() >= used_ + *limits_.expires;
}

std::optional<std::chrono::system_clock::time_point> MessageQueue::idle_since() const {
  const RealDuration quiet = parts_.clock.now() - active_;
  if (quiet < kIdle) return std::nullopt;
  return std::chrono::system_clock::now() - std::chrono::duration_cast<std::chrono::system_clock::duration>(quiet);
}

void MessageQueue::sample(RealTime now) {
  stats_.sample(now);
  depth_.sample(now);
}

void MessageQueue::show() {
  active_ = parts_.clock.now();
  depth_.set(static_cast<std::size_t>(Depth::all), rule_.ready() + rule_.unacked());
  depth_.set(static_cast<std::size_t>(Depth::ready), rule_.ready());
  depth_.set(static_cast<std::size_t>(Depth::unacked), rule_.unacked());
  gauges_.ready->Set(static_cast<double>(rule_.ready()));
  gauges_.unacked->Set(static_cast<double>(rule_.unacked()));
  gauges_.messages->Set(static_cast<double>(rule_.ready() + rule_.unacked()));
  gauges_.consumers->Set(static_cast<double>(rule_.consumers()));
}

}  // namespace chaos::broker
