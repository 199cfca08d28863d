// The broker: exchanges and queues by name, and what survives a restart. Knows no sockets.
#pragma once

#include "queue/message_properties.hpp"
#include "queue/message_queue.hpp"
#include "runtime/random.hpp"

#include <deque>

namespace chaos::broker {

using SessionId = std::uint64_t;
using QueuePtr = std::shared_ptr<MessageQueue>;

/// What became of a published message.
struct Routed {
  std::size_t queues = 0;     // that it was routed to
  bool to_disk = false;       // safe only after Store::commit
  bool rejected = false;      // a queue was full and refused it
};

/// A message on its way in, with what routing looks at beside its key.
struct Incoming {
  MessagePtr message;
  amqp::Table headers = {};
  std::vector<std::string> copies = {};   // further routing keys (CC, BCC)
};

/// Data thread only. Operations on queues refuse with not_found, resource_locked (another session's exclusive queue),
/// precondition_failed, access_refused as the specification and RabbitMQ do. May throw SQLite::Exception.
class Broker final : private Undertaker {
 public:
  /// Loads what the store holds; every message that comes back counts as redelivered.
  Broker(Store& store, BrokerMetrics& metrics, const Clock& clock, Rng rng);

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

  /// not_found, access_refused for an internal exchange.
  Outcome takes(const std::string& exchange) const;
  /// Refuses as takes().
  Outcome publish(const Incoming& incoming, Routed& out);
  /// What time brings: messages die, unused queues go. Call it some dozen times a second.
  void tick();
  /// Remembers all counters for their rates. Call it once a second.
  void sample(RealTime now);
  /// "amq.gen-" or the like and 22 characters that nobody else has.
  std::string unique_name(std::string_view prefix);

  SubscriptionId next_subscription() { return ++last_subscription_; }
  Accounts& accounts() { return accounts_; }
  Store& store() { return store_; }
  BrokerMetrics& metrics() { return metrics_; }
  const std::map<std::string, QueuePtr>& queues() const { return queues_; }
  const Exchanges& exchanges() const { return exchanges_; }
  Exchanges& exchanges() { return exchanges_; }
  /// Of the whole node; publish and confirm by channels, the rest by queues.
  MessageStats& totals() { return totals_; }
  const MessageStats& totals() const { return totals_; }
  const Clock& clock() const { return clock_; }

 private:
  void load();
  QueuePtr make_queue(const QueueSpec& spec, const QueueLimits& limits, SessionId owner);
  Outcome check_new_queue(QueueSpec& spec, QueueLimits& limits);
  void remove_queue(const std::string& name);
  void drop_exchanges(const std::vector<std::string>& names);
  bool durable(const Binding& binding) const;
  Outcome check_ends(const Binding& binding, SessionId session) const;
  std::vector<std::string> destinations(const Incoming& incoming) const;
  void deliver(const Incoming& incoming, const std::vector<std::string>& names, Routed& out);
  void died(const MessageQueue& queue, const Message& message, Death death) override;
  void bury();

  Store& store_;
  BrokerMetrics& metrics_;
  const Clock& clock_;
  Rng rng_;
  Accounts accounts_;
  Exchanges exchanges_;
  std::map<std::string, QueuePtr> queues_;
  MessageStats totals_;
  MessageId last_message_ = 0;
  SubscriptionId last_subscription_ = 0;
  struct Dead {
    Incoming copy;
    Death death;
  };
  std::deque<Dead> dead_;        // on their way to their dead-letter exchanges
  bool burying_ = false;
};

}  // namespace chaos::broker
