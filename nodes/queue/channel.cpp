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
  confirms_ = true;
  reply(m.no_wait, ConfirmSelectOk{});
  return {};
}

Outcome Channel::on(const ChannelFlow& m) {
  if (!m.active) return refuse(Reply::not_implemented, "active=false");
  reply(false, ChannelFlowOk{true});
  return {};
}

Outcome Channel::publish(Publish publish, RequestStats::Scope scope) {
  if (!open_) return {};
  auto message = std::make_shared<Message>();
  message->exchange = std::move(publish.method.exchange);
  message->routing_key = std::move(publish.method.routing_key);
  message->properties = std::move(publish.properties);
  message->body = std::move(publish.body);
  message->persistent = publish.persistent;
  Routed routed;
  if (const Outcome refused = host_.broker.publish(message, routed)) return refused;
  BrokerMetrics& metrics = host_.broker.metrics();
  if (routed.queues == 0) (publish.method.mandatory ? metrics.returned : metrics.dropped).Increment();
  if (routed.queues == 0 && publish.method.mandatory) return_message(*message);
  if (confirms_) {
    host_.commits.confirm(weak_from_this(), ++published_, std::move(scope));
  } else {
    scope.finish(true);
  }
  return {};
}

Outcome Channel::turn_away(const std::string& why) {
  if (!open_) return {};
  if (!confirms_) return Refusal{Reply::resource_error, "RESOURCE_ERROR - " + why, Closes::channel};
  BasicNack nack;
  nack.delivery_tag = ++published_;
  reply(false, nack);
  return {};
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
  for (const auto& [tag, consumer] : consumers) host_.broker.consumer_left(*consumer.queue);
}

void Channel::resume() {
  if (!credit_->stalled) return;
  credit_->stalled = false;
  for (const auto& [tag, consumer] : consumers_) consumer.queue->pump();
}

}  // namespace chaos::broker
