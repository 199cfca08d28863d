// One queue: the rule of what goes out next, with the messages themselves, their copies on disk and their consumers.
#pragma once

#include "queue/accounts.hpp"
#include "queue/message_stats.hpp"
#include "queue/metrics.hpp"
#include "queue/store.hpp"
#include "runtime/clock.hpp"

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

/// Why a message left its queue without having been acknowledged: the words of x-death.
enum class Death { rejected, expired, maxlen };

/// Where dead messages go: to the dead-letter exchange of their queue, if it has one.
class Undertaker {
 public:
  virtual ~Undertaker() = default;
  /// Called when the queue no longer has the message; the end of its copy on disk waits for Store::commit.
  virtual void died(const MessageQueue& queue, const Message& message, Death death) = 0;
};

/// What a queue shares with the others of its broker; outlives it.
struct BrokerParts {
  Store& store;
  Accounts& accounts;
  BrokerMetrics& metrics;
  Undertaker& undertaker;
  const Clock& clock;
};

/// What became of a message that was put into a queue.
enum class Put { in_memory, to_disk, rejected };

enum class Depth : std::size_t { all, ready, unacked };

/// Sizes of bodies, and how many messages are persistent.
struct Holdings {
  std::uint64_t ready_bytes = 0, unacked_bytes = 0;
  std::uint64_t persistent = 0, persistent_bytes = 0;
};

/// Data thread only.
class MessageQueue : public std::enable_shared_from_this<MessageQueue> {
 public:
  /// owner: the session that an exclusive queue belongs to, else 0.
  /// limits: what the arguments of `spec` mean.
  MessageQueue(QueueSpec spec, const QueueLimits& limits, std::uint64_t owner, BrokerParts parts);
  ~MessageQueue();

  /// Takes a new message and hands out what it can. to_disk: it waits for Store::commit to be safe. rejected: the queue is
  /// full and is to refuse (x-overflow).
  Put put(MessageId id, MessagePtr message);
  /// A message that the store brought back: on disk already, and perhaps delivered before.
  void restore(MessageId id, MessagePtr message, std::optional<LabTime> expires);
  /// Hands out as long as there are messages and credit; what is then over x-max-length dies.
  void pump();
  std::optional<Delivery> get(bool no_ack);
  void settle(MessageId id);     // acknowledged
  void reject(MessageId id);     // for good
  void requeue(MessageId id);
  std::size_t purge();
  /// Messages at the head whose time is over die (only there, as in RabbitMQ's classic queues).
  void expire();
  /// True: unused for as long as x-expires says.
  bool unused() const;
  /// Whether time alone can change it: expire() and unused() must be asked again and again.
  bool timed() const { return limits_.expires || timed_messages_ > 0; }
  /// Somebody looked at it or declared it: x-expires begins anew.
  void touch() { used_ = parts_.clock.lab_now(); }

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
  const QueueLimits& limits() const { return limits_; }
  const Holdings& holdings() const { return holdings_; }
  MessageStats& stats() { return stats_; }
  const MessageStats& stats() const { return stats_; }
  /// How many messages there are now, and how fast they become more (negative: fewer).
  const Meter<3>& depth() const { return depth_; }
  void sample(RealTime now);
  /// When it last had something to do; nothing: it has now.
  std::optional<std::chrono::system_clock::time_point> idle_since() const;
  std::uint64_t owner() const { return owner_; }
  const QueueRule& rule() const { return rule_; }
  std::size_t bytes() const { return bytes_; }

 private:
  struct Kept {
    MessagePtr message;
    std::optional<LabTime> expires;
  };
  enum class From { ready, unacked };
  void forget(MessageId id, From from);
  void die(MessageId id, From from, Death death);
  void keep(MessageId id, MessagePtr message, std::optional<LabTime> expires);
  std::optional<LabTime> expiry(const Message& message) const;
  bool full(std::size_t more) const;
  void drop_excess();
  void hand_out();
  void handed_out(std::size_t body);
  void count(Stat stat, bool redelivered);
  void show();

  QueueSpec spec_;
  QueueLimits limits_;
  std::uint64_t owner_;
  BrokerParts parts_;
  QueueGauges gauges_;
  QueueRule rule_;
  Holdings holdings_;
  MessageStats stats_;
  Meter<3> depth_;                   // by Depth
  LabTime used_;
  RealTime active_;                  // last change, for idle_since
  std::size_t timed_messages_ = 0;   // that have an expiry
  std::unordered_map<MessageId, Kept> messages_;
  std::unordered_map<SubscriptionId, Consumer> consumers_;
  std::size_t bytes_ = 0;
};

}  // namespace chaos::broker
