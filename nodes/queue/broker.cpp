#include "queue/broker.hpp"

#include "queue/equivalence.hpp"
#include "wire/base64.hpp"

#include <algorithm>

namespace chaos::broker {

using amqp::Reply;

namespace {

constexpr std::size_t kMaxQueues = 4096;

std::string queue_text(const std::string& queue) { return "queue '" + queue + "' in vhost '/'"; }

std::string locked_text(const std::string& queue) {
  return "cannot obtain exclusive access to locked " + queue_text(queue) +
         ". It could be originally declared on another connection or the exclusive property value does not match that of the original declaration.";
}

// Names stand in metric labels and logs: printable ASCII, which holds all that the specification allows.
bool printable(const std::string& name) {
  return std::all_of(name.begin(), name.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

}  // namespace

Broker::Broker(Store& store, BrokerMetrics& metrics, const Clock& clock, Rng rng)
    : store_(store), metrics_(metrics), clock_(clock), rng_(std::move(rng)) {
  load();
}

QueuePtr Broker::make_queue(const QueueSpec& spec, const QueueLimits& limits, SessionId owner) {
  auto made = std::make_shared<MessageQueue>(spec, limits, owner, BrokerParts{store_, accounts_, metrics_, *this, clock_});
  queues_[spec.name] = made;
  metrics_.queues.Set(static_cast<double>(queues_.size()));
  return made;
}

void Broker::load() {
  bool made = false;
  for (const ExchangeSpec& spec : store_.exchanges()) exchanges_.declare(spec, false, made);
  for (const QueueSpec& spec : store_.queues()) {
    QueueLimits limits;
    read_limits(spec, limits);
    make_queue(spec, limits, 0);
  }
  for (const Binding& binding : store_.bindings()) exchanges_.bind(binding, made);
  for (StoredMessage& stored : store_.messages()) {
    last_message_ = stored.id;
    const auto at = queues_.find(stored.queue);
    if (at != queues_.end()) at->second->restore(stored.id, std::move(stored.message), stored.expires);
  }
}

// RabbitMQ's names: 16 random bytes.
std::string Broker::unique_name(std::string_view prefix) {
  std::string bytes;
  for (int i = 0; i < 16; ++i) bytes.push_back(static_cast<char>(rng_.below(256)));
  return std::string(prefix) + base64url_encode(bytes);
}

Outcome Broker::find_queue(const std::string& name, SessionId session, QueuePtr& out) const {
  const auto at = queues_.find(name);
  if (at == queues_.end()) return refuse(Reply::not_found, "no " + queue_text(name));
  if (at->second->owner() != 0 && at->second->owner() != session) {
    return refuse(Reply::resource_locked, locked_text(name));
  }
  out = at->second;
  return {};
}

Outcome Broker::check_new_queue(QueueSpec& spec, QueueLimits& limits) {
  if (spec.name.starts_with("amq.")) {
    return refuse(Reply::access_refused, "queue name '" + spec.name + "' contains reserved prefix 'amq.*'");
  }
  if (!printable(spec.name)) return refuse(Reply::precondition_failed, "queue name is not printable ASCII");
  if (queues_.size() >= kMaxQueues) return refuse(Reply::resource_error, "too many queues");
  if (spec.name.empty()) spec.name = unique_name("amq.gen-");
  return read_limits(spec, limits);
}

Outcome Broker::declare_queue(QueueSpec& spec, bool passive, SessionId session, QueuePtr& out) {
  const bool there = queues_.contains(spec.name);
  if (passive || there) {
    if (const Outcome refused = find_queue(spec.name, session, out)) return refused;
    out->touch();
    if (passive) return {};
    if (out->spec().exclusive != spec.exclusive) return refuse(Reply::resource_locked, locked_text(spec.name));
    const auto why = inequivalent(spec, out->spec());
    metrics_.queues_declared.Increment();
    return why ? Outcome(refuse(Reply::precondition_failed, *why)) : Outcome();
  }
  QueueLimits limits;
  if (const Outcome refused = check_new_queue(spec, limits)) return refused;
  if (spec.stored()) store_.save(spec);
  out = make_queue(spec, limits, spec.exclusive ? session : 0);
  metrics_.queues_declared.Increment();
  metrics_.queues_created.Increment();
  return {};
}

Outcome Broker::delete_queue(const std::string& name, bool if_unused, bool if_empty, SessionId session,
                             std::size_t& messages) {
  messages = 0;
  if (!queues_.contains(name)) return {};   // as RabbitMQ: deleting what is not there is no error
  QueuePtr queue;
  if (const Outcome refused = find_queue(name, session, queue)) return refused;
  if (if_unused && queue->rule().consumers() > 0) return refuse(Reply::precondition_failed, queue_text(name) + " in use");
  if (if_empty && queue->rule().ready() > 0) return refuse(Reply::precondition_failed, queue_text(name) + " not empty");
  messages = queue->rule().ready();
  remove_queue(name);
  return {};
}

void Broker::remove_queue(const std::string& name) {
  const auto at = queues_.find(name);
  const QueuePtr queue = at->second;
  queues_.erase(at);
  metrics_.queues.Set(static_cast<double>(queues_.size()));
  metrics_.queues_deleted.Increment();
  queue->dissolve();
  drop_exchanges(exchanges_.queue_removed(name));
  if (queue->spec().stored()) store_.drop_queue(name);
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

void Broker::sample(RealTime now) {
  totals_.sample(now);
  exchanges_.sample(now);
  for (const auto& [name, queue] : queues_) queue->sample(now);
}

void Broker::tick() {
  std::vector<QueuePtr> timed;
  for (const auto& [name, queue] : queues_) {
    if (queue->timed()) timed.push_back(queue);
  }
  for (const QueuePtr& queue : timed) {
    queue->expire();
    if (queue->unused()) remove_queue(queue->spec().name);
  }
}

}  // namespace chaos::broker
