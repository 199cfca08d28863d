// One queue: the rule of what goes out next, with the messages themselves, their copies on disk and their consumers.
#pragma once

#include "queue/accounts.hpp"
#include "queue/metrics.hpp"
#include "queue/store.hpp"

#include <unordered_map>

namespace chaos::broker {

class MessageQueue;

struct Delivery {
  std::shared_ptr<MessageQueue> queue;
  QueueRule::Ready ready;
  MessagePtr message;
};

/// Who takes deliveries: a channel. Must be unsubscribed before it is destroyed.
class Subscriber {
 public:
  virtual ~Subscriber() = default;
  /// Must not call the queue back.
  virtual void deliver(const std::string& consumer_tag, bool no_ack, Delivery delivery) = 0;
  /// The queue was deleted under the consumer.
  virtual void cancelled(const std::string& consumer_tag) = 0;
};

/// What a queue shares with the others of its broker; outlives it.
struct BrokerParts {
  Store& store;
  Accounts& accounts;
  BrokerMetrics& metrics;
};

/// Data thread only.
class MessageQueue : public std::enable_shared_from_this<MessageQueue> {
 public:
  /// owner: the session that an exclusive queue belongs to, else 0.
  MessageQueue(QueueSpec spec, std::uint64_t owner, BrokerParts parts);
  ~MessageQueue();

  /// Takes a new message and hands out what it can. True: it waits for the disk (Store::commit) to be safe.
  bool put(MessageId id, MessagePtr message);
  /// A message that the store brought back: on disk already, and perhaps delivered before.
  void restore(MessageId id, MessagePtr message);
  /// Hands out as long as there are messages and credit.
  void pump();
  std::optional<Delivery> get(bool no_ack);
  void settle(MessageId id);     // acknowledged, or dropped
  void requeue(MessageId id);
  std::size_t purge();

  struct Consumer {
    Subscriber* sink = nullptr;
    std::string tag;
    bool no_ack = false;
  };
  /// False: an exclusive consumer is in the way.
  bool subscribe(Subscription subscription, Consumer consumer);
  void unsubscribe(SubscriptionId id);
  /// Tells its consumers that it is gone. Nothing goes out afterwards.
  void dissolve();

  const QueueSpec& spec() const { return spec_; }
  std::uint64_t owner() const { return owner_; }
  const QueueRule& rule() const { return rule_; }
  std::size_t bytes() const { return bytes_; }

 private:
  void forget(MessageId id);
  void keep(MessageId id, MessagePtr message);
  void show();

  QueueSpec spec_;
  std::uint64_t owner_;
  BrokerParts parts_;
  QueueGauges gauges_;
  QueueRule rule_;
  std::unordered_map<MessageId, MessagePtr> messages_;
  std::unordered_map<SubscriptionId, Consumer> consumers_;
  std::size_t bytes_ = 0;
};

}  // namespace chaos::broker
