// A broker in memory on a manual clock.
#pragma once

#include "queue/broker.hpp"

#include <gtest/gtest.h>

namespace chaos::broker {

class BrokerInMemory : public testing::Test {
 protected:
  QueuePtr declare(const std::string& name, amqp::Table arguments = {}, bool durable = true) {
    QueueSpec spec{name, durable, false, false, std::move(arguments)};
    QueuePtr queue;
    EXPECT_FALSE(broker.declare_queue(spec, false, 1, queue));
    return queue;
  }
  Routed publish(const std::string& key, const std::string& body, const amqp::Properties& properties = {}) {
    auto message = std::make_shared<Message>();
    take_properties(properties, *message);
    message->routing_key = key;
    message->body = body;
    message->properties = amqp::encode_properties(properties);
    Routed routed;
    EXPECT_FALSE(broker.publish({message, properties.headers.value_or(amqp::Table())}, routed));
    return routed;
  }
  std::string get(const QueuePtr& queue) {
    const auto got = queue->get(true);
    return got ? got->message->body : "nothing";
  }
  void pass(std::chrono::milliseconds time) {
    clock.advance(time);
    broker.tick();
  }
  static amqp::Value number(std::int64_t value) { return {value}; }
  static amqp::Value text(std::string value) { return {std::move(value)}; }

  ManualClock clock;
  prometheus::Registry registry;
  BrokerMetrics metrics{registry};
  Store store{":memory:"};
  Broker broker{store, metrics, clock, Rng(1)};
};

}  // namespace chaos::broker
