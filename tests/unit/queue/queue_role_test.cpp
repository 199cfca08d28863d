// The whole broker in one process with the client that servers and workers use.
#include "queue/queue_role.hpp"

#include "support/test_node.hpp"
#include "upstream/amqp_connection.hpp"

namespace chaos::broker {
namespace {

using Client = std::unique_ptr<AmqpConnection>;

RealTime soon() { return RealClock::now() + std::chrono::seconds(5); }

class QueueRoleTest : public testing::Test {
 protected:
  QueueRoleTest() { start(); }
  ~QueueRoleTest() override {
    stop();
    EXPECT_EQ(node_.failures, std::vector<std::string>{});
  }
  void start() {
    role_ = std::make_unique<QueueRole>(node_.ctx);
    EXPECT_TRUE(node_.run(role_->start()));
  }
  void stop() {
    auto end = [this]() -> awaitable<void> {   // in the loop, where cancellation takes effect at once
      node_.tasks.cancel();
      co_return;
    };
    node_.run(end());
    node_.stop();
    role_.reset();
  }

  awaitable<Client> client() {
    auto opened = co_await AmqpConnection::open(node_.ctx, node_.peer("queue"), soon());
    if (!opened) throw std::runtime_error("open: " + opened.error().message());
    co_return std::move(*opened);
  }
  awaitable<Client> declared() {
    Client made = co_await client();
    EXPECT_TRUE(co_await made->declare_queue("receipts", true, soon()));
    co_return made;
  }
  static awaitable<Result<void>> publish(AmqpConnection& client, std::string body, std::string queue = "receipts") {
    AmqpPublish message{"", std::move(queue), std::move(body)};
    co_return co_await client.publish(std::move(message), soon());
  }

  test::TestNode node_{"queue"};
  std::unique_ptr<QueueRole> role_;
};

TEST_F(QueueRoleTest, PublishConsumeAcknowledge) {
  auto script = [this]() -> awaitable<void> {
    Client client = co_await declared();
    EXPECT_TRUE(co_await publish(*client, "one"));
    EXPECT_TRUE(co_await publish(*client, std::string(300000, 'x')));   // more than a frame
    EXPECT_TRUE(co_await client->consume("receipts", 1, soon()));
    auto first = co_await client->next(soon());
    EXPECT_EQ(first->body, "one");
    EXPECT_FALSE(first->redelivered);
    auto none = co_await client->next(RealClock::now() + std::chrono::milliseconds(50));
    EXPECT_EQ(none.error(), Errc::timeout) << "the prefetch is 1";
    EXPECT_TRUE(co_await client->ack(first->tag, soon()));
    auto second = co_await client->next(soon());
    EXPECT_EQ(second->body.size(), 300000u);
    EXPECT_TRUE(co_await client->reject(second->tag, true, soon()));
    auto again = co_await client->next(soon());
    EXPECT_TRUE(again->redelivered);
    EXPECT_TRUE(co_await client->ack(again->tag, soon()));
    EXPECT_TRUE(co_await client->close(soon()));
    v1::Report report;
    role_->report(report);
    EXPECT_EQ(report.gauges().at("ready") + report.gauges().at("unacked"), 0);
    EXPECT_EQ(report.gauges().at("published"), 2);
  };
  node_.run(script());
}

TEST_F(QueueRoleTest, WhatAConnectionHeldComesBackWhenItEnds) {
  auto script = [this]() -> awaitable<void> {
    Client publisher = co_await declared();
    for (const char* body : {"a", "b", "c"}) EXPECT_TRUE(co_await publish(*publisher, body));
    Client first = co_await client();
    EXPECT_TRUE(co_await first->consume("receipts", 10, soon()));
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(co_await first->next(soon()));
    first.reset();
    Client second = co_await client();
    EXPECT_TRUE(co_await second->consume("receipts", 10, soon()));
    for (const char* body : {"a", "b", "c"}) {
      auto delivery = co_await second->next(soon());
      EXPECT_EQ(delivery->body, body);
      EXPECT_TRUE(delivery->redelivered);
    }
  };
  node_.run(script());
}

TEST_F(QueueRoleTest, ConfirmedMessagesSurviveARestart) {
  auto fill = [this]() -> awaitable<void> {
    Client client = co_await declared();
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(co_await publish(*client, std::to_string(i)));
  };
  node_.run(fill());
  stop();
  start();
  auto check = [this]() -> awaitable<void> {
    Client client = co_await declared();
    EXPECT_TRUE(co_await client->consume("receipts", 0, soon()));
    for (int i = 0; i < 20; ++i) EXPECT_EQ((co_await client->next(soon()))->body, std::to_string(i));
  };
  node_.run(check());
}

TEST_F(QueueRoleTest, NoQueueForAMessage) {
  auto script = [this]() -> awaitable<void> {
    Client client = co_await declared();
    EXPECT_EQ((co_await publish(*client, "x", "nowhere")).error(), Errc::not_found);
    EXPECT_TRUE(co_await publish(*client, "x")) << "the connection goes on";
  };
  node_.run(script());
}

TEST_F(QueueRoleTest, AnInequivalentDeclarationIsRejected) {
  auto script = [this]() -> awaitable<void> {
    Client client = co_await declared();
    EXPECT_EQ((co_await client->declare_queue("receipts", false, soon())).error(), Errc::rejected);
    EXPECT_FALSE(client->is_open());
  };
  node_.run(script());
}

TEST_F(QueueRoleTest, ACallFaultClosesTheChannelAndEndsWithIt) {
  auto script = [this]() -> awaitable<void> {
    Client client = co_await declared();
    node_.seams.call_verdict.status = 500;
    EXPECT_EQ((co_await publish(*client, "x")).error(), Errc::rejected);
    node_.seams.call_verdict.status.reset();
    Client after = co_await declared();
    EXPECT_TRUE(co_await publish(*after, "x"));
  };
  node_.run(script());
}

TEST_F(QueueRoleTest, DrainSaysGoodbye) {
  auto script = [this]() -> awaitable<void> {
    Client client = co_await declared();
    EXPECT_TRUE(co_await client->consume("receipts", 1, soon()));
    co_await role_->drain();
    EXPECT_EQ((co_await client->next(soon())).error(), Errc::closed);
    auto refused = co_await AmqpConnection::open(node_.ctx, node_.peer("queue"), soon());
    EXPECT_EQ(refused.error(), Errc::refused);
  };
  node_.run(script());
}

TEST_F(QueueRoleTest, AFullBrokerBlocksPublishersUntilThereIsRoom) {
  auto script = [this]() -> awaitable<void> {
    node_.desired.mutable_config()->mutable_node()->set_memory_limit_mb(1);   // 0.4 MB of messages
    role_->reconfigure();
    Client client = co_await declared();
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(co_await publish(*client, std::string(100000, 'x')));
    AmqpPublish message{"", "receipts", "late"};
    auto blocked = co_await client->publish(message, RealClock::now() + std::chrono::milliseconds(50));
    EXPECT_EQ(blocked.error(), Errc::timeout);
    Client consumer = co_await this->client();
    EXPECT_TRUE(co_await consumer->consume("receipts", 1, soon()));
    std::string last;
    while (last != "late") {
      auto delivery = co_await consumer->next(soon());
      if (!delivery) break;
      last = delivery->body;
      EXPECT_TRUE(co_await consumer->ack(delivery->tag, soon()));
    }
    EXPECT_EQ(last, "late");
  };
  node_.run(script());
}

}  // namespace
}  // namespace chaos::broker
