// One AMQP 0-9-1 connection with one channel in confirm mode, to publish to or to consume from a queue node.
#pragma once

#include "runtime/node.hpp"

namespace chaos {

struct AmqpPublish {
  std::string exchange;       // empty: the default exchange, whose routing key is a queue's name
  std::string routing_key;
  std::string body;
  bool persistent = true;     // on disk before it is confirmed, when its queue is durable
};

struct AmqpDelivery {
  std::uint64_t tag = 0;      // for ack and reject, on the connection that delivered it
  bool redelivered = false;   // it may have been delivered before
  std::string body;
};

/// Data thread only. Several coroutines may use one connection at once: one of them in next(), any number in the
/// others. A tag is settled once, by ack or reject. Errors of every call: timeout (the deadline passed: a message may
/// or may not have been taken), closed, reset (a peer that is silent for 10 s too), protocol, rejected (the broker
/// closed the channel or refused the message), overloaded (the peer does not read). After any error but timeout the
/// connection is dead, and after a time-out of declare_queue, consume, cancel and close too (is_open): destroy it. A
/// dead connection never says timeout. What was delivered and not settled is delivered again, to whoever consumes
/// then. Destroying it closes the socket at once.
class AmqpConnection {
 public:
  /// Connects, opens the virtual host "/" and one channel, selects confirms (RabbitMQ's confirm.select).
  static awaitable<Result<std::unique_ptr<AmqpConnection>>> open(NodeContext& ctx, v1::Peer peer, RealTime deadline);
  ~AmqpConnection();

  awaitable<Result<void>> declare_queue(std::string name, bool durable, RealTime deadline);
  /// Returns after the broker's basic.ack for this message. not_found: no queue was there to take it (the message
  /// is sent mandatory); rejected: basic.nack. The connection goes on after these two.
  awaitable<Result<void>> publish(AmqpPublish message, RealTime deadline);
  /// Deliveries start; at most `prefetch` are unsettled at once (0: no limit). Once a connection.
  awaitable<Result<void>> consume(std::string queue, std::uint16_t prefetch, RealTime deadline);
  /// The next delivery. A time-out loses nothing.
  awaitable<Result<AmqpDelivery>> next(RealTime deadline);
  /// Ends the deliveries; those that arrived before are still handed out by next(), then it says closed.
  awaitable<Result<void>> cancel(RealTime deadline);
  awaitable<Result<void>> ack(std::uint64_t tag, RealTime deadline);
  awaitable<Result<void>> reject(std::uint64_t tag, bool requeue, RealTime deadline);
  /// Says connection.close and waits for its answer: everything sent before has been taken by the broker then.
  awaitable<Result<void>> close(RealTime deadline);
  bool is_open() const;

  struct Link;   // amqp_connection.cpp
  explicit AmqpConnection(std::shared_ptr<Link> link);

 private:
  std::shared_ptr<Link> link_;
};

}  // namespace chaos
