#include "queue/channel.hpp"

namespace chaos::broker {

using namespace amqp;

// An empty name stands for the queue that this channel declared last.
Outcome Channel::named(const std::string& queue, std::string& name) const {
  name = queue.empty() ? last_queue_ : queue;
  if (name.empty()) return refuse(Reply::not_found, "no previously declared queue");
  return {};
}

Outcome Channel::on(const QueueDeclare& m) {
  QueueSpec spec{m.queue, m.durable, m.exclusive, m.auto_delete, m.arguments};
  QueuePtr queue;
  if (const Outcome refused = host_.broker.declare_queue(spec, m.passive, host_.session, queue)) return refused;
  last_queue_ = queue->spec().name;
  QueueDeclareOk ok;
  ok.queue = last_queue_;
  ok.message_count = static_cast<std::uint32_t>(queue->rule().ready());
  ok.consumer_count = static_cast<std::uint32_t>(queue->rule().consumers());
  reply(m.no_wait, ok);
  return {};
}

Outcome Channel::on(const QueueBind& m) {
  Binding binding{m.exchange, {}, m.routing_key, m.arguments};
  if (const Outcome refused = named(m.queue, binding.destination)) return refused;
  if (m.queue.empty() && m.routing_key.empty()) binding.routing_key = binding.destination;   // section 1.7.2.3
  if (const Outcome refused = host_.broker.bind(binding, host_.session)) return refused;
  reply(m.no_wait, QueueBindOk{});
  return {};
}

Outcome Channel::on(const QueueUnbind& m) {
  Binding binding{m.exchange, {}, m.routing_key, m.arguments};
  if (const Outcome refused = named(m.queue, binding.destination)) return refused;
  if (const Outcome refused = host_.broker.unbind(binding, host_.session)) return refused;
  reply(false, QueueUnbindOk{});
  return {};
}

Outcome Channel::on(const QueuePurge& m) {
  std::string name;
  if (const Outcome refused = named(m.queue, name)) return refused;
  QueuePtr queue;
  if (const Outcome refused = host_.broker.find_queue(name, host_.session, queue)) return refused;
  QueuePurgeOk ok;
  ok.message_count = static_cast<std::uint32_t>(queue->purge());
  reply(m.no_wait, ok);
  return {};
}

Outcome Channel::on(const QueueDelete& m) {
  std::string name;
  if (const Outcome refused = named(m.queue, name)) return refused;
  std::size_t messages = 0;
  const Outcome refused = host_.broker.delete_queue(name, m.if_unused, m.if_empty, host_.session, messages);
  if (refused) return refused;
  QueueDeleteOk ok;
  ok.message_count = static_cast<std::uint32_t>(messages);
  reply(m.no_wait, ok);
  return {};
}

Outcome Channel::on(const ExchangeDeclare& m) {
  ExchangeSpec spec;
  spec.name = m.exchange;
  const auto type = exchange_type(m.type);
  if (!type && !m.passive) return refuse(Reply::command_invalid, (m.type.starts_with("x-") ? "unknown exchange type '" : "invalid exchange type '") + m.type + "'");
  spec.type = type.value_or(ExchangeType::direct);
  spec.durable = m.durable;
  spec.auto_delete = m.auto_delete;
  spec.internal = m.internal;
  spec.arguments = m.arguments;
  if (const Outcome refused = host_.broker.declare_exchange(spec, m.passive)) return refused;
  reply(m.no_wait, ExchangeDeclareOk{});
  return {};
}

Outcome Channel::on(const ExchangeDelete& m) {
  if (const Outcome refused = host_.broker.delete_exchange(m.exchange, m.if_unused)) return refused;
  reply(m.no_wait, ExchangeDeleteOk{});
  return {};
}

Outcome Channel::on(const ExchangeBind& m) {
  const Binding binding{m.source, m.destination, m.routing_key, m.arguments, true};
  if (const Outcome refused = host_.broker.bind(binding, host_.session)) return refused;
  reply(m.no_wait, ExchangeBindOk{});
  return {};
}

Outcome Channel::on(const ExchangeUnbind& m) {
  const Binding binding{m.source, m.destination, m.routing_key, m.arguments, true};
  if (const Outcome refused = host_.broker.unbind(binding, host_.session)) return refused;
  reply(m.no_wait, ExchangeUnbindOk{});
  return {};
}

}  // namespace chaos::broker
