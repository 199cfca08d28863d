#include "queue/broker.hpp"
#include "queue/dead_letter.hpp"
#include "queue/routing.hpp"

#include <algorithm>
#include <chrono>

namespace chaos::broker {

using amqp::Reply;

namespace {

constexpr std::size_t kMaxExchanges = 1024;
constexpr std::size_t kMaxBindings = 16384;

bool printable(const std::string& name) {
  return std::all_of(name.begin(), name.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

}  // namespace

Outcome Broker::declare_exchange(const ExchangeSpec& spec, bool passive) {
  if (!printable(spec.name)) return refuse(Reply::precondition_failed, "exchange name is not printable ASCII");
  if (!passive && !exchanges_.find(spec.name) && exchanges_.all().size() >= kMaxExchanges) {
    return refuse(Reply::resource_error, "too many exchanges");
  }
  bool made = false;
  if (const Outcome refused = exchanges_.declare(spec, passive, made)) return refused;
  if (made && spec.durable) store_.save(spec);
  return {};
}

Outcome Broker::delete_exchange(const std::string& name, bool if_unused) {
  std::vector<std::string> gone;
  if (const Outcome refused = exchanges_.remove(name, if_unused, gone)) return refused;
  drop_exchanges(gone);
  return {};
}

void Broker::drop_exchanges(const std::vector<std::string>& names) {
  for (const std::string& name : names) store_.drop_exchange(name);
}

bool Broker::durable(const Binding& binding) const {
  const ExchangeSpec* exchange = exchanges_.find(binding.exchange);
  if (!exchange || !exchange->durable) return false;
  if (binding.to_exchange) {
    const ExchangeSpec* to = exchanges_.find(binding.destination);
    return to && to->durable;
  }
  const auto queue = queues_.find(binding.destination);
  return queue != queues_.end() && queue->second->spec().stored();
}

Outcome Broker::check_ends(const Binding& binding, SessionId session) const {
  if (binding.to_exchange) return {};
  QueuePtr queue;
  return find_queue(binding.destination, session, queue);
}

Outcome Broker::bind(const Binding& binding, SessionId session) {
  if (const Outcome refused = check_ends(binding, session)) return refused;
  const ExchangeSpec* source = exchanges_.find(binding.exchange);
  const std::string fault = source && source->type == ExchangeType::headers ? headers_binding_fault(binding.arguments) : "";
  if (!fault.empty()) return refuse(Reply::precondition_failed, fault);
  if (exchanges_.binding_count() >= kMaxBindings) return refuse(Reply::resource_error, "too many bindings");
  bool made = false;
  if (const Outcome refused = exchanges_.bind(binding, made)) return refused;
  if (made && durable(binding)) store_.save(binding);
  return {};
}

Outcome Broker::unbind(const Binding& binding, SessionId session) {
  if (!binding.to_exchange && queues_.contains(binding.destination)) {   // as RabbitMQ: what is not bound is no error
    if (const Outcome refused = check_ends(binding, session)) return refused;
  }
  std::vector<std::string> gone;
  if (const Outcome refused = exchanges_.unbind(binding, gone)) return refused;
  store_.drop(binding);
  drop_exchanges(gone);
  return {};
}

std::vector<std::string> Broker::destinations(const Incoming& incoming) const {
  const Message& message = *incoming.message;
  if (message.exchange.empty() && incoming.copies.empty()) return {message.routing_key};
  auto names = exchanges_.route(message.exchange, {message.routing_key, incoming.headers});
  for (const std::string& key : incoming.copies) {
    const auto more = exchanges_.route(message.exchange, {key, incoming.headers});
    for (const std::string& name : *more) {
      if (std::find(names->begin(), names->end(), name) == names->end()) names->push_back(name);
    }
  }
  return std::move(*names);
}

void Broker::deliver(const Incoming& incoming, const std::vector<std::string>& names, Routed& out) {
  MessageStats* stats = exchanges_.stats(incoming.message->exchange);
  for (const std::string& name : names) {
    const auto at = queues_.find(name);
    if (at == queues_.end()) continue;
    const QueuePtr queue = at->second;
    const Put put = queue->put(++last_message_, incoming.message);
    out.to_disk |= put == Put::to_disk;
    out.rejected |= put == Put::rejected;
    ++out.queues;
    if (stats) stats->add(Stat::publish_out);
    metrics_.routed.Increment();
  }
}

Outcome Broker::takes(const std::string& name) const {
  const ExchangeSpec* exchange = exchanges_.find(name);
  if (!exchange) return refuse(Reply::not_found, "no exchange '" + name + "' in vhost '/'");
  if (exchange->internal) return refuse(Reply::access_refused, "cannot publish to internal exchange '" + name + "' in vhost '/'");
  return {};
}

Outcome Broker::publish(const Incoming& incoming, Routed& out) {
  const Message& message = *incoming.message;
  if (Outcome refused = takes(message.exchange)) return refused;
  metrics_.received.Increment();
  totals_.add(Stat::publish);
  exchanges_.stats(message.exchange)->add(Stat::publish_in);
  deliver(incoming, destinations(incoming), out);
  return {};
}

void Broker::died(const MessageQueue& queue, const Message& message, Death death) {
  const QueueLimits& limits = queue.limits();
  metrics_.dead(death, limits.dead_letter_exchange.has_value()).Increment();
  if (!limits.dead_letter_exchange || !exchanges_.find(*limits.dead_letter_exchange)) return;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const Obituary obituary{queue.spec().name, death, std::chrono::duration_cast<std::chrono::seconds>(now).count(),
                          *limits.dead_letter_exchange, limits.dead_letter_routing_key};
  Incoming incoming;
  incoming.message = dead_letter(message, obituary, incoming.headers);
  if (worn_out(incoming.headers)) return;
  if (!obituary.routing_key) incoming.copies = copies_in(incoming.headers);
  dead_.push_back({std::move(incoming), death});
  if (!burying_) bury();
}

// One after the other: where a message goes it may die again, and a chain of queues must not become one of calls.
void Broker::bury() {
  struct Burying {
    bool& flag;
    ~Burying() { flag = false; }
  } burying{burying_};
  burying_ = true;
  while (!dead_.empty()) {
    const Dead next = std::move(dead_.front());
    dead_.pop_front();
    auto names = destinations(next.copy);
    std::erase_if(names, [&](const std::string& name) { return cycles(next.copy.headers, name, next.death); });
    Routed routed;
    deliver(next.copy, names, routed);
  }
}

}  // namespace chaos::broker
