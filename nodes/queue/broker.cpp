#include "queue/broker.hpp"

#include <algorithm>

namespace chaos::broker {

using amqp::Reply;

namespace {

constexpr std::size_t kMaxQueues = 4096;
constexpr std::size_t kMaxExchanges = 1024;
constexpr std::size_t kMaxBindings = 16384;

std::string queue_text(const std::string& queue) { return "queue '" + queue + "' in vhost '/'"; }

// Names stand in metric labels and logs: printable ASCII, which holds all that the specification allows.
bool printable(const std::string& name) {
  return std::all_of(name.begin(), name.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

// Arguments whose meaning this broker does not have would be silently broken promises.
Outcome check_arguments(const amqp::Table& arguments) {
  for (const amqp::Field& field : arguments) {
    const auto* text = std::get_if<std::string>(&field.value.data);
    const bool classic = field.name == "x-queue-type" && text && *text == "classic";
    if (field.name.starts_with("x-") && !classic) {
      return refuse(Reply::precondition_failed, "argument '" + field.name + "' is not supported");
    }
  }
  return {};
}

}  // namespace

Broker::Broker(Store& store, BrokerMetrics& metrics, Rng rng) : store_(store), metrics_(metrics), rng_(std::move(rng)) {
  load();
}

void Broker::load() {
  bool made = false;
  for (const ExchangeSpec& spec : store_.exchanges()) exchanges_.declare(spec, false, made);
  for (QueueSpec& spec : store_.queues()) {
    const std::string name = spec.name;
    queues_[name] = std::make_shared<MessageQueue>(std::move(spec), 0, BrokerParts{store_, accounts_, metrics_});
  }
  for (const Binding& binding : store_.bindings()) exchanges_.bind(binding, made);
  for (StoredMessage& stored : store_.messages()) {
    last_message_ = stored.id;
    const auto at = queues_.find(stored.queue);
    if (at != queues_.end()) at->second->restore(stored.id, std::move(stored.message));
  }
  metrics_.queues.Set(static_cast<double>(queues_.size()));
}

Outcome Broker::find_queue(const std::string& name, SessionId session, QueuePtr& out) const {
  const auto at = queues_.find(name);
  if (at == queues_.end()) return refuse(Reply::not_found, "no " + queue_text(name));
  if (at->second->owner() != 0 && at->second->owner() != session) {
    return refuse(Reply::resource_locked, "cannot obtain exclusive access to locked " + queue_text(name));
  }
  out = at->second;
  return {};
}

Outcome Broker::check_new_queue(QueueSpec& spec) {
  if (spec.name.starts_with("amq.")) {
    return refuse(Reply::access_refused, "queue name '" + spec.name + "' contains reserved prefix 'amq.*'");
  }
  if (!printable(spec.name)) return refuse(Reply::precondition_failed, "queue name is not printable ASCII");
  if (queues_.size() >= kMaxQueues) return refuse(Reply::resource_error, "too many queues");
  while (spec.name.empty() || queues_.contains(spec.name)) spec.name = "amq.gen-" + std::to_string(rng_.below(~0ull));
  return check_arguments(spec.arguments);
}

Outcome Broker::declare_queue(QueueSpec& spec, bool passive, SessionId session, QueuePtr& out) {
  const bool there = queues_.contains(spec.name);
  if (passive || there) {
    if (const Outcome refused = find_queue(spec.name, session, out)) return refused;
    if (passive || out->spec() == spec) return {};
    return refuse(Reply::precondition_failed, "inequivalent arg for " + queue_text(spec.name));
  }
  if (const Outcome refused = check_new_queue(spec)) return refused;
  if (spec.stored()) store_.save(spec);
  out = std::make_shared<MessageQueue>(spec, spec.exclusive ? session : 0, BrokerParts{store_, accounts_, metrics_});
  queues_[spec.name] = out;
  metrics_.queues.Set(static_cast<double>(queues_.size()));
  return {};
}

Outcome Broker::delete_queue(const std::string& name, bool if_unused, bool if_empty, SessionId session,
                             std::size_t& messages) {
  messages = 0;
  if (!queues_.contains(name)) return {};   // as RabbitMQ: deleting what is not there is no error
  QueuePtr queue;
  if (const Outcome refused = find_queue(name, session, queue)) return refused;
  if (if_unused && queue->rule().consumers() > 0) return refuse(Reply::precondition_failed, queue_text(name) + " in use");
  if (if_empty && queue->rule().ready() > 0) return refuse(Reply::precondition_failed, queue_text(name) + " is not empty");
  messages = queue->rule().ready();
  remove_queue(name);
  return {};
}

void Broker::remove_queue(const std::string& name) {
  const auto at = queues_.find(name);
  const QueuePtr queue = at->second;
  queues_.erase(at);
  metrics_.queues.Set(static_cast<double>(queues_.size()));
  for (const std::string& exchange : exchanges_.queue_removed(name)) store_.drop_exchange(exchange);
  if (queue->spec().stored()) store_.drop_queue(name);
  queue->dissolve();
}

void Broker::consumer_left(const MessageQueue& queue) {
  const auto at = queues_.find(queue.spec().name);
  const bool alive = at != queues_.end() && at->second.get() == &queue;
  if (alive && queue.spec().auto_delete && queue.rule().consumers() == 0) remove_queue(queue.spec().name);
}

void Broker::session_ended(SessionId session) {
  std::vector<std::string> gone;
  for (const auto& [name, queue] : queues_) {
    if (queue->owner() == session) gone.push_back(name);
  }
  for (const std::string& name : gone) remove_queue(name);
}

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
  if (const Outcome refused = exchanges_.remove(name, if_unused)) return refused;
  store_.drop_exchange(name);
  return {};
}

bool Broker::durable(const Binding& binding) const {
  const ExchangeSpec* exchange = exchanges_.find(binding.exchange);
  const auto queue = queues_.find(binding.queue);
  return exchange && exchange->durable && queue != queues_.end() && queue->second->spec().stored();
}

Outcome Broker::bind(const Binding& binding, SessionId session) {
  QueuePtr queue;
  if (const Outcome refused = find_queue(binding.queue, session, queue)) return refused;
  if (exchanges_.bindings().size() >= kMaxBindings) return refuse(Reply::resource_error, "too many bindings");
  bool made = false;
  if (const Outcome refused = exchanges_.bind(binding, made)) return refused;
  if (made && durable(binding)) store_.save(binding);
  return {};
}

Outcome Broker::unbind(const Binding& binding, SessionId session) {
  QueuePtr queue;
  if (const Outcome refused = find_queue(binding.queue, session, queue)) return refused;
  bool gone = false;
  if (const Outcome refused = exchanges_.unbind(binding, gone)) return refused;
  store_.drop(binding);
  if (gone) store_.drop_exchange(binding.exchange);
  return {};
}

Outcome Broker::publish(MessagePtr message, Routed& out) {
  const ExchangeSpec* exchange = exchanges_.find(message->exchange);
  if (!exchange) return refuse(Reply::not_found, "no exchange '" + message->exchange + "' in vhost '/'");
  if (exchange->internal) {
    return refuse(Reply::access_refused, "cannot publish to internal exchange '" + message->exchange + "' in vhost '/'");
  }
  const auto names = exchanges_.route(message->exchange, message->routing_key);
  metrics_.received.Increment();
  for (const std::string& name : *names) {
    const auto at = queues_.find(name);
    if (at == queues_.end()) continue;
    const QueuePtr queue = at->second;
    out.to_disk |= queue->put(++last_message_, message);
    ++out.queues;
    metrics_.routed.Increment();
  }
  return {};
}

}  // namespace chaos::broker
