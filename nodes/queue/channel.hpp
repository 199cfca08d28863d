// One channel of a connection: its methods, its consumers, its unacknowledged deliveries (specification sections 2.2.2
// and 3.1). Knows the broker and what to send, no sockets.
#pragma once

#include "queue/broker.hpp"
#include "queue/committer.hpp"
#include "queue/content_assembler.hpp"
#include "queue/delivery_ledger.hpp"
#include "queue/outbox.hpp"
#include "queue/views.hpp"

namespace chaos::broker {

/// What a channel uses of its connection and of the node; outlives it.
struct ChannelHost {
  Broker& broker;
  Committer& commits;
  Outbox& outbox;
  std::shared_ptr<Gate> gate;
  SessionId session = 0;
  std::string user = {};
  bool cancel_notify = false;   // the client understands a basic.cancel from the server
};

/// Data thread only. shut() must be called before it is destroyed.
class Channel final : public Subscriber, public Publisher, public std::enable_shared_from_this<Channel> {
 public:
  static constexpr std::size_t kMaxBody = 4 * 1024 * 1024;
  static constexpr std::size_t kMaxTransaction = 16 * 1024 * 1024;   // bytes between tx.select and tx.commit
  static constexpr std::size_t kMaxConsumers = 2048;

  Channel(ChannelHost host, std::uint16_t number);

  /// Any method but those that open and close channels and connections. Answers go to the outbox.
  Outcome on_method(const amqp::Method& method);
  Outcome on_header(std::string_view payload) { return assembler_.header(payload); }
  Outcome on_body(std::string_view payload) { return assembler_.body(payload); }
  /// A message that has become whole: its owner passes it on to publish() or to turn_away().
  std::optional<Publish> take_publish() { return assembler_.take(); }
  Outcome publish(Publish publish, RequestStats::Scope scope);
  /// basic.nack in confirm mode, otherwise a refusal.
  Outcome turn_away(const std::string& why);
  std::uint16_t number() const { return number_; }
  bool in_content() const { return assembler_.busy(); }
  std::size_t held() const { return assembler_.held(); }

  /// The gate was opened: deliveries go on.
  void resume();
  /// Consumers end, what is unacknowledged goes back to its queues, nothing more is sent.
  void shut();
  std::size_t unacked() const { return ledger_.size(); }
  std::size_t consumers() const { return consumers_.size(); }
  ChannelView view() const;
  void sample(RealTime now) { stats_.sample(now); }

  void deliver(const std::string& consumer_tag, bool no_ack, Delivery delivery) override;
  void cancelled(const std::string& consumer_tag) override;
  void confirmed(std::uint64_t number, std::uint64_t count) override;

 private:
  struct Unacked {
    std::weak_ptr<MessageQueue> queue;
    MessageId message = 0;
    std::uint64_t tag = 0;
  };
  struct Consumer {
    SubscriptionId id = 0;
    QueuePtr queue;
    std::shared_ptr<Credit> credit;
    bool no_ack = false;
    bool exclusive = false;
    amqp::Table arguments;
  };
  enum class Settle { ack, drop, requeue };
  /// What waits for tx.commit (specification section 1.9 of the reference).
  struct Transaction {
    struct Settlement {
      std::vector<Unacked> deliveries;
      Settle how;
    };
    std::vector<Publish> publishes;
    std::size_t bytes = 0;
    std::vector<Settlement> settlements;
  };
  void give_up(Transaction& tx);

  // channel_topology.cpp: what declares and deletes.
  Outcome on(const amqp::QueueDeclare& m);
  Outcome on(const amqp::QueueBind& m);
  Outcome on(const amqp::QueueUnbind& m);
  Outcome on(const amqp::QueuePurge& m);
  Outcome on(const amqp::QueueDelete& m);
  Outcome on(const amqp::ExchangeDeclare& m);
  Outcome on(const amqp::ExchangeDelete& m);
  Outcome on(const amqp::ExchangeBind& m);
  Outcome on(const amqp::ExchangeUnbind& m);
  Outcome named(const std::string& queue, std::string& name) const;

  // channel_consume.cpp: what goes out and comes back.
  Outcome on(const amqp::BasicQos& m);
  Outcome on(const amqp::BasicConsume& m);
  Outcome on(const amqp::BasicCancel& m);
  Outcome on(const amqp::BasicGet& m);
  Outcome on(const amqp::BasicAck& m);
  Outcome on(const amqp::BasicReject& m);
  Outcome on(const amqp::BasicNack& m);
  Outcome on(const amqp::BasicRecover& m);
  Outcome on(const amqp::BasicRecoverAsync& m);
  Outcome settle(std::uint64_t tag, bool multiple, Settle how);
  void apply(std::vector<Unacked> deliveries, Settle how);
  Outcome recover(bool requeue);
  void count(Stat stat, bool redelivered);
  void give_back(std::vector<Unacked> deliveries);
  void end(const Consumer& consumer);

  // channel_tx.cpp
  Outcome on(const amqp::TxSelect& m);
  Outcome on(const amqp::TxCommit& m);
  Outcome on(const amqp::TxRollback& m);
  Outcome postpone(Publish publish);

  // channel.cpp: what comes in.
  Outcome on(const amqp::BasicPublish& m);
  Outcome on(const amqp::ConfirmSelect& m);
  Outcome on(const amqp::ChannelFlow& m);
  template <class Other>
  Outcome on(const Other&) { return refuse(amqp::Reply::command_invalid, "not a method that a client sends here"); }
  Outcome route(Publish publish, Routed& routed);
  void return_message(const Message& message);
  void nack();
  /// Sends an answer unless the client asked for none.
  void reply(bool no_wait, const amqp::Method& method) { if (!no_wait) host_.outbox.method(number_, method); }

  ChannelHost host_;
  std::uint16_t number_;
  bool open_ = true;
  ContentAssembler assembler_{kMaxBody};
  DeliveryLedger<Unacked> ledger_;
  std::map<std::string, Consumer> consumers_;
  std::shared_ptr<Credit> credit_ = std::make_shared<Credit>();   // of all consumers together (qos global)
  std::uint32_t prefetch_ = 0;                                    // of each new consumer
  bool confirms_ = false;
  std::unique_ptr<Transaction> tx_;                               // null: not transactional
  MessageStats stats_;
  std::uint64_t settled_ = 0;                                     // of published_: confirmed or refused
  std::uint64_t published_ = 0;                                   // since confirm.select
  std::string last_queue_;                                        // the last declared, which an empty name stands for
};

}  // namespace chaos::broker
