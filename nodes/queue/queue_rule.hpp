// What a queue hands out next, and to whom. No time, no sockets, no bytes: messages are numbers here.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace chaos::broker {

/// Rising in the order of publishing, so that a message that comes back finds its old place.
using MessageId = std::uint64_t;
using SubscriptionId = std::uint64_t;

/// How many unacknowledged deliveries a consumer or a channel may hold (basic.qos).
struct Credit {
  std::uint32_t limit = 0;   // 0: no limit
  std::uint32_t used = 0;
  bool free() const { return limit == 0 || used < limit; }
};

/// Of a connection, shared by all of its consumers. Shut: the client does not read, and nothing goes out until it does.
struct Gate {
  bool shut = false;
};

struct Subscription {
  SubscriptionId id = 0;
  std::shared_ptr<Credit> own;       // the consumer's
  std::shared_ptr<Credit> channel;   // shared by the consumers of one channel
  bool no_ack = false;               // a delivery is settled as it goes out
  bool exclusive = false;
  std::int64_t priority = 0;         // x-priority: a higher one is served first while it has credit
  std::shared_ptr<const Gate> gate = std::make_shared<Gate>();
};

/// First in, first out within a level, higher levels first (x-max-priority); consumers of one priority take turns; a message
/// that was handed out and comes back keeps its place and is marked redelivered.
class QueueRule {
 public:
  /// max_priority: messages of higher ones count as this. single_active: only the consumer that came first gets messages.
  explicit QueueRule(std::uint8_t max_priority = 0, bool single_active = false)
      : levels_(std::size_t{max_priority} + 1), single_active_(single_active) {}

  struct Ready {
    MessageId message = 0;
    bool redelivered = false;
  };
  struct Handed {
    Ready ready;
    SubscriptionId to = 0;
  };

  void push(MessageId message, bool redelivered = false, std::uint8_t priority = 0);
  /// The oldest ready message and the next consumer in turn with credit for it. Nothing: no message, or no such consumer.
  std::optional<Handed> hand_out();
  /// basic.get: the oldest ready message, outside of every credit.
  std::optional<Ready> get(bool no_ack);
  /// Acknowledged, or rejected for good. False: it was not handed out.
  bool settle(MessageId message);
  /// Back to its place. False: it was not handed out.
  bool requeue(MessageId message);
  std::size_t levels() const { return levels_.size(); }
  /// The oldest ready message of a level; null: none.
  const Ready* head(std::size_t level) const { return levels_[level].empty() ? nullptr : &levels_[level].front(); }
  /// Takes the head of a level that has one away.
  MessageId drop_head(std::size_t level);
  /// Takes every ready message away.
  std::vector<MessageId> purge();

  /// False: refused, by an exclusive consumer or because it wants to be one and is not alone.
  bool subscribe(Subscription subscription);
  /// What it holds stays handed out.
  void unsubscribe(SubscriptionId id);

  std::size_t ready() const { return ready_; }
  std::size_t unacked() const { return handed_.size(); }
  std::size_t consumers() const { return subscriptions_.size(); }
  /// Whether this one may get messages (x-single-active-consumer).
  bool active(SubscriptionId id) const { return !single_active_ || (!subscriptions_.empty() && subscriptions_.front().id == id); }
  bool exclusive() const { return !subscriptions_.empty() && subscriptions_.front().exclusive; }

 private:
  struct Holder {
    std::shared_ptr<Credit> own;
    std::shared_ptr<Credit> channel;
    std::size_t level = 0;
  };
  std::optional<Holder> release(MessageId message);
  std::size_t next_with_credit() const;
  std::size_t top() const;
  Ready pop(std::size_t level);

  std::vector<std::deque<Ready>> levels_;            // each by message; the last goes first
  std::size_t ready_ = 0;                            // over all levels
  bool single_active_;
  std::unordered_map<MessageId, Holder> handed_;
  std::vector<Subscription> subscriptions_;
  std::size_t turn_ = 0;                             // whose turn it is
};

}  // namespace chaos::broker
