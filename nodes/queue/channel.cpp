#include "queue/channel.hpp"

namespace chaos::broker {

using namespace amqp;

Channel::Channel(ChannelHost host, std::uint16_t number) : host_(host), number_(number) {}

Outcome Channel::on_method(const Method& method) {
  return std::visit([this](const auto& m) { return on(m); }, method);
}

Outcome Channel::on(const BasicPublish& m) {
  if (m.immediate) return refuse(Reply::not_implemented, "immediate=true");
  assembler_.begin(m);
  return {};
}

Outcome Channel::on(const ConfirmSelect& m) {
  if (tx_) return refuse(Reply::precondition_failed, "cannot switch from tx to confirm mode");
  confirms_ = true;
  reply(m.no_wait, ConfirmSelectOk{});
  return {};
}

Outcome Channel::on(const ChannelFlow& m) {
  if (!m.active) return refuse(Reply::not_implemented, "active=false");
  reply(false, ChannelFlowOk{true});
  return {};
}

Outcome Channel::route(Publish publish, Routed& routed) {
  auto message = std::make_shared<Message>();
  Incoming incoming;
  bool changed = false;
  if (Outcome refused = check_properties(publish.properties, host_.user)) return refused;
  if (Outcome refused = take_copies(publish.properties, incoming.copies, changed)) return refused;
  take_properties(publish.properties, *message);
  message->exchange = std::move(publish.method.exchange);
  message->routing_key = std::move(publish.method.routing_key);
  message->properties = changed ? encode_properties(publish.properties) : std::move(publish.raw);
  message->body = std::move(publish.body);
  if (publish.properties.headers) incoming.headers = std::move(*publish.properties.headers);
  incoming.message = message;
  if (Outcome refused = host_.broker.publish(incoming, routed)) return refused;
  stats_.add(Stat::publish);
  if (routed.queues > 0) return {};
  BrokerMetrics& metrics = host_.broker.metrics();
  const Stat stat = publish.method.mandatory ? Stat::return_unroutable : Stat::drop_unroutable;
  stats_.add(stat);
  host_.broker.totals().add(stat);
  (publish.method.mandatory ? metrics.returned : metrics.dropped).Increment();
  if (publish.method.mandatory) return_message(*message);
  return {};
}

Outcome Channel::publish(Publish publish, RequestStats::Scope scope) {
  if (!open_) return {};
  if (tx_) {
    scope.finish(true);
    return postpone(std::move(publish));
  }
  Routed routed;
  if (Outcome refused = route(std::move(publish), routed)) return refused;
  if (!confirms_) {
    scope.finish(true);
  } else if (routed.rejected) {
    scope.finish(false);
    nack();
  } else {
    host_.commits.confirm(weak_from_this(), ++published_, std::move(scope));
  }
  return {};
}

Outcome Channel::turn_away(const std::string& why) {
  if (!open_) return {};
  if (!confirms_) return Refusal{Reply::resource_error, "RESOURCE_ERROR - " + why, Closes::channel};
  nack();
  return {};
}

void Channel::nack() {
  BasicNack nack;
  nack.delivery_tag = ++published_;
  ++settled_;
  reply(false, nack);
}

void Channel::return_message(const Message& message) {
  BasicReturn method;
  method.code = static_cast<std::uint16_t>(Reply::no_route);
  method.text = reply_name(Reply::no_route);
  method.exchange = message.exchange;
  method.routing_key = message.routing_key;
  host_.outbox.content(number_, method, message);
}

void Channel::confirmed(std::uint64_t number, std::uint64_t count) {
  if (!open_) return;
  host_.broker.metrics().confirmed.Increment(static_cast<double>(count));
  host_.broker.totals().add(Stat::confirm, count);
  stats_.add(Stat::confirm, count);
  settled_ += count;
  BasicAck ack;
  ack.delivery_tag = number;
  ack.multiple = count > 1;
  reply(false, ack);
}

void Channel::shut() {
  if (!open_) return;
  open_ = false;
  const auto consumers = std::move(consumers_);
  consumers_.clear();
  for (const auto& [tag, consumer] : consumers) consumer.queue->unsubscribe(consumer.id);
  give_back(ledger_.take_all());
  if (tx_) {
    give_up(*tx_);
    tx_.reset();
  }
  for (const auto& [tag, consumer] : consumers) consumer.queue->pump();   // those behind it may have a turn now
  for (const auto& [tag, consumer] : consumers) host_.broker.consumer_left(*consumer.queue);
}

void Channel::resume() {
  for (const auto& [tag, consumer] : consumers_) consumer.queue->pump();
}

ChannelView Channel::view() const {
  ChannelView view;
  view.number = number_;
  view.confirm = confirms_;
  view.transactional = tx_ != nullptr;
  view.unacked = ledger_.size();
  view.unconfirmed = confirms_ ? published_ - settled_ : 0;
  view.uncommitted = tx_ ? tx_->publishes.size() : 0;
  view.acks_uncommitted = tx_ ? tx_->settlements.size() : 0;
  view.prefetch = prefetch_;
  view.global_prefetch = credit_->limit;
  view.stats = stats_;
  for (const auto& [tag, consumer] : consumers_) {
    view.consumers.push_back({tag, consumer.queue->spec().name, consumer.no_ack, consumer.exclusive,
                              consumer.queue->rule().active(consumer.id), consumer.credit->limit, consumer.arguments});
  }
  return view;
}

}  // namespace chaos::broker
