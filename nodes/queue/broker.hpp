// The broker: exchanges and queues by name, and what survives a restart. Knows no sockets.
#pragma once

#include "queue/message_queue.hpp"
#include "runtime/random.hpp"

namespace chaos::broker {

using SessionId = std::uint64_t;
using QueuePtr = std::shared_ptr<MessageQueue>;

/// What became of a published message.
struct Routed {
  std::size_t queues = 0;     // that took it
  bool to_disk = false;       // safe only after Store::commit
};

/// Data thread only. Operations on queues refuse with not_found, resource_locked (another session's exclusive queue),
/// precondition_failed, access_refused as the specification and RabbitMQ do. May throw SQLite::Exception.
class Broker {
 public:
  /// Loads what the store holds; every message that comes back counts as redelivered.
  Broker(Store& store, BrokerMetrics& metrics, Rng rng);

  /// An empty name is made up and put into `spec`. Passive only looks.
  Outcome declare_queue(QueueSpec& spec, bool passive, SessionId session, QueuePtr& out);
  Outcome find_queue(const std::string& name, SessionId session, QueuePtr& out) const;
  Outcome delete_queue(const std::string& name, bool if_unused, bool if_empty, SessionId session, std::size_t& messages);
  /// Deletes an auto-delete queue whose last consumer has gone.
  void consumer_left(const MessageQueue& queue);
  /// Deletes the exclusive queues of a session that ended.
  void session_ended(SessionId session);

  Outcome declare_exchange(const ExchangeSpec& spec, bool passive);
  Outcome delete_exchange(const std::string& name, bool if_unused);
  Outcome bind(const Binding& binding, SessionId session);
  Outcome unbind(const Binding& binding, SessionId session);

  Outcome publish(MessagePtr message, Routed& out);

  SubscriptionId next_subscription() { return ++last_subscription_; }
  Accounts& accounts() { return accounts_; }
  Store& store() { return store_; }
  BrokerMetrics& metrics() { return metrics_; }
  const std::map<std::string, QueuePtr>& queues() const { return queues_; }
  const Exchanges& exchanges() const { return exchanges_; }

 private:
  void load();
  Outcome check_new_queue(QueueSpec& spec);
  void remove_queue(const std::string& name);
  bool durable(const Binding& binding) const;

  Store& store_;
  BrokerMetrics& metrics_;
  Rng rng_;
  Accounts accounts_;
  Exchanges exchanges_;
  std::map<std::string, QueuePtr> queues_;
  MessageId last_message_ = 0;
  SubscriptionId last_subscription_ = 0;
};

}  // namespace chaos::broker
