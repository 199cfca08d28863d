#include "broker_fixture.hpp"
#include "queue/dead_letter.hpp"

namespace chaos::broker {
namespace {

using std::chrono::milliseconds;
using BrokerLimits = BrokerInMemory;

amqp::Properties expiring(const std::string& ms) {
  amqp::Properties properties;
  properties.expiration = ms;
  return properties;
}

TEST_F(BrokerLimits, MessagesDieAtTheHeadOnly) {
  const QueuePtr queue = declare("q");
  publish("q", "stays");
  publish("q", "short", expiring("100"));
  pass(milliseconds(200));
  EXPECT_EQ(queue->rule().ready(), 2u) << "it is not at the head";
  EXPECT_EQ(get(queue), "stays");
  EXPECT_EQ(get(queue), "nothing");
  EXPECT_EQ(queue->bytes(), 0u);
}

TEST_F(BrokerLimits, TheShorterTimeCounts) {
  const QueuePtr queue = declare("q", {{"x-message-ttl", number(1000)}});
  publish("q", "a", expiring("300"));
  publish("q", "b", expiring("5000"));
  EXPECT_TRUE(queue->timed());
  pass(milliseconds(299));
  EXPECT_EQ(queue->rule().ready(), 2u);
  pass(milliseconds(1));
  EXPECT_EQ(queue->rule().ready(), 1u);
  pass(milliseconds(700));
  EXPECT_EQ(queue->rule().ready(), 0u);
  EXPECT_FALSE(queue->timed());
}

TEST_F(BrokerLimits, AnUnusedQueueGoes) {
  declare("q", {{"x-expires", number(1000)}});
  pass(milliseconds(900));
  declare("q", {{"x-expires", number(1000)}});
  pass(milliseconds(900));
  EXPECT_TRUE(broker.queues().contains("q")) << "it was declared again";
  pass(milliseconds(100));
  EXPECT_FALSE(broker.queues().contains("q"));
}

TEST_F(BrokerLimits, DropHeadKeepsTheNewest) {
  const QueuePtr queue = declare("q", {{"x-max-length", number(2)}});
  for (const char* body : {"1", "2", "3"}) EXPECT_FALSE(publish("q", body).rejected);
  EXPECT_EQ(get(queue) + get(queue) + get(queue), "23nothing");
  const QueuePtr bytes = declare("bytes", {{"x-max-length-bytes", number(5)}});
  for (const char* body : {"aaa", "bbb", "cc"}) publish("bytes", body);
  EXPECT_EQ(get(bytes) + get(bytes), "bbbcc");
  EXPECT_EQ(broker.accounts().held(), 0u);
}

TEST_F(BrokerLimits, RejectPublishKeepsTheOldest) {
  const QueuePtr queue = declare("q", {{"x-max-length", number(1)}, {"x-overflow", text("reject-publish")}});
  EXPECT_FALSE(publish("q", "1").rejected);
  EXPECT_TRUE(publish("q", "2").rejected);
  EXPECT_EQ(get(queue) + get(queue), "1nothing");
}

TEST_F(BrokerLimits, TheDeadGoToTheirExchangeWithTheirHistory) {
  const QueuePtr dead = declare("dead");
  const QueuePtr queue = declare("q", {{"x-dead-letter-exchange", text("")}, {"x-dead-letter-routing-key", text("dead")}});
  publish("q", "x", expiring("10"));
  pass(milliseconds(10));
  const auto first = dead->get(true);
  ASSERT_TRUE(first);
  const auto properties = amqp::decode_properties(first->message->properties);
  EXPECT_FALSE(properties->expiration);
  EXPECT_EQ(std::get<std::string>(amqp::find(*properties->headers, "x-first-death-reason")->data), "expired");
  publish("q", "y");
  queue->reject(queue->get(false)->ready.message);
  EXPECT_EQ(get(dead), "y");
  EXPECT_EQ(metrics.dead(Death::rejected, true).Value(), 1);
  EXPECT_EQ(metrics.dead(Death::expired, true).Value(), 1);
}

TEST_F(BrokerLimits, ACycleWithoutARejectionEnds) {
  const QueuePtr queue = declare("q", {{"x-message-ttl", number(10)}, {"x-dead-letter-exchange", text("")}});
  publish("q", "x");
  pass(milliseconds(10));
  EXPECT_EQ(queue->rule().ready(), 0u);
  publish("q", "y");
  queue->reject(queue->get(false)->ready.message);
  EXPECT_EQ(queue->rule().ready(), 1u) << "a client sent it round";
}

TEST_F(BrokerLimits, PrioritiesGoFirstWithinTheirBound) {
  const QueuePtr queue = declare("q", {{"x-max-priority", number(2)}});
  amqp::Properties properties;
  for (const int priority : {0, 2, 9, 1}) {
    properties.priority = static_cast<std::uint8_t>(priority);
    publish("q", std::to_string(priority), properties);
  }
  EXPECT_EQ(get(queue) + get(queue) + get(queue) + get(queue), "2910");
}

TEST_F(BrokerLimits, HoldingsFollowWhatIsHeld) {
  const QueuePtr queue = declare("q");
  amqp::Properties persistent;
  persistent.delivery_mode = amqp::kPersistent;
  publish("q", "12345", persistent);
  publish("q", "123");
  const auto got = queue->get(false);
  EXPECT_EQ(queue->holdings().ready_bytes, 3u);
  EXPECT_EQ(queue->holdings().unacked_bytes, 5u);
  EXPECT_EQ(queue->holdings().persistent, 1u);
  queue->requeue(got->ready.message);
  EXPECT_EQ(queue->holdings().ready_bytes, 8u);
  queue->purge();
  EXPECT_EQ(queue->holdings().ready_bytes + queue->holdings().persistent_bytes, 0u);
  EXPECT_EQ(queue->stats().value(Stat::publish), 2u);
  EXPECT_EQ(queue->stats().value(Stat::get), 1u);
}

TEST(DeadLetter, CountsTheSameDeathUp) {
  Message message;
  message.properties = amqp::encode_properties({});
  amqp::Table headers;
  const Obituary obituary{"q", Death::rejected, 5, "dlx", "k"};
  const auto once = dead_letter(message, obituary, headers);
  const auto twice = dead_letter(*once, obituary, headers);
  const auto& deaths = std::get<std::vector<amqp::Value>>(amqp::find(headers, "x-death")->data);
  ASSERT_EQ(deaths.size(), 1u);
  EXPECT_EQ(std::get<std::int64_t>(amqp::find(std::get<amqp::Table>(deaths[0].data), "count")->data), 2);
  EXPECT_EQ(twice->routing_key, "k");
  dead_letter(*twice, {"r", Death::maxlen, 6, "dlx", std::nullopt}, headers);
  EXPECT_EQ(std::get<std::vector<amqp::Value>>(amqp::find(headers, "x-death")->data).size(), 2u);
  EXPECT_TRUE(cycles(headers, "r", Death::expired));
  EXPECT_FALSE(cycles(headers, "q", Death::expired)) << "somebody rejected it";
  EXPECT_FALSE(cycles(headers, "r", Death::rejected));
}

// One message through a long chain of queues that keep nothing: the work stands in a list, not on the stack.
TEST_F(BrokerLimits, AChainOfDeadLetterQueuesIsBounded) {
  for (int i = 0; i < 3000; ++i) {
    declare("q" + std::to_string(i), {{"x-max-length", number(0)}, {"x-dead-letter-exchange", text("")}, {"x-dead-letter-routing-key", text("q" + std::to_string(i + 1))}});
  }
  const QueuePtr near = broker.queues().at("q100");
  const QueuePtr end = declare("q3000");
  publish("q0", "x");
  EXPECT_EQ(end->rule().ready(), 0u);
  EXPECT_EQ(near->stats().value(Stat::publish), 1u) << "as many deaths as the head of a message has room for";
  EXPECT_EQ(broker.accounts().held(), 0u);
}

TEST_F(BrokerLimits, ADeadMessageGoesToItsCopiesToo) {
  declare("q", {{"x-message-ttl", number(100)}, {"x-dead-letter-exchange", text("dlx")}});
  EXPECT_FALSE(broker.declare_exchange({"dlx", ExchangeType::direct, false, false, false, {}}, false));
  const QueuePtr own = declare("own"), copy = declare("copy");
  EXPECT_FALSE(broker.bind({"dlx", "own", "q", {}}, 1));
  EXPECT_FALSE(broker.bind({"dlx", "copy", "also", {}}, 1));
  amqp::Properties properties;
  properties.headers = amqp::Table{{"CC", {std::vector<amqp::Value>{text("also")}}}};
  publish("q", "x", properties);
  pass(milliseconds(100));
  EXPECT_EQ(get(own) + get(copy), "xx");
}

TEST_F(BrokerLimits, WhatComesBackDoesNotOutgrowTheQueue) {
  const QueuePtr queue = declare("q", {{"x-max-length", number(2)}});
  for (const char* body : {"1", "2"}) publish("q", body);
  const auto first = queue->get(false), second = queue->get(false);
  for (const char* body : {"3", "4"}) publish("q", body);
  queue->requeue(first->ready.message);
  queue->requeue(second->ready.message);
  queue->pump();
  EXPECT_EQ(get(queue) + get(queue) + get(queue), "34nothing") << "the oldest go";
  const QueuePtr refusing = declare("r", {{"x-max-length", number(1)}, {"x-overflow", text("reject-publish")}});
  publish("r", "1");
  const auto held = refusing->get(false);
  publish("r", "2");
  refusing->requeue(held->ready.message);
  refusing->pump();
  EXPECT_EQ(get(refusing) + get(refusing), "12") << "it refuses what is new and loses nothing";
}

}  // namespace
}  // namespace chaos::broker
