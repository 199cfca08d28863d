#include "queue/broker.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

namespace chaos::broker {
namespace {

using amqp::Reply;

Reply code(const Outcome& outcome) { return outcome ? outcome->code : Reply::success; }

// A broker on a file of its own that can be dropped and opened again, as after a kill.
class BrokerTest : public testing::Test {
 protected:
  BrokerTest() {
    dir_ = std::filesystem::temp_directory_path() /
           ("broker_test_" + std::to_string(getpid()) + testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(dir_);
    open();
  }
  ~BrokerTest() override {
    drop();
    std::filesystem::remove_all(dir_);
  }
  void open() {
    registry_ = std::make_unique<prometheus::Registry>();
    metrics_ = std::make_unique<BrokerMetrics>(*registry_);
    store_ = std::make_unique<Store>(dir_ / "queue.sqlite");
    broker_ = std::make_unique<Broker>(*store_, *metrics_, clock_, Rng(1));
  }
  void drop() {   // what was not committed is lost
    broker_.reset();
    store_.reset();
    metrics_.reset();
  }

  Outcome declare(const std::string& name, bool durable, SessionId session = 1, bool exclusive = false, bool auto_delete = false) {
    QueueSpec spec{name, durable, exclusive, auto_delete, {}};
    QueuePtr queue;
    return broker_->declare_queue(spec, false, session, queue);
  }
  QueuePtr queue(const std::string& name, SessionId session = 1) {
    QueuePtr found;
    EXPECT_FALSE(broker_->find_queue(name, session, found));
    return found;
  }
  Routed publish(const std::string& key, const std::string& body, bool persistent = true, const std::string& exchange = "") {
    Message message{exchange, key, std::string(2, '\0'), body, persistent};
    Routed routed;
    EXPECT_FALSE(broker_->publish({std::make_shared<const Message>(message)}, routed));
    return routed;
  }

  ManualClock clock_;
  std::filesystem::path dir_;
  std::unique_ptr<prometheus::Registry> registry_;
  std::unique_ptr<BrokerMetrics> metrics_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Broker> broker_;
};

TEST_F(BrokerTest, WhatWasCommittedSurvivesAndNothingElse) {
  ASSERT_FALSE(declare("kept", true));
  ASSERT_FALSE(declare("lost", false));
  EXPECT_TRUE(publish("kept", "one").to_disk);
  EXPECT_TRUE(publish("kept", "two").to_disk);
  EXPECT_FALSE(publish("kept", "transient", false).to_disk);
  EXPECT_FALSE(publish("lost", "x").to_disk);
  store_->commit();
  publish("kept", "uncommitted");
  drop();
  open();
  ASSERT_EQ(broker_->queues().size(), 1u);
  auto first = queue("kept")->get(true);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->message->body, "one");
  EXPECT_TRUE(first->ready.redelivered) << "it may have been delivered before the restart";
  EXPECT_EQ(queue("kept")->get(true)->message->body, "two");
  EXPECT_FALSE(queue("kept")->get(true));
  first.reset();   // it holds its queue
}

TEST_F(BrokerTest, WhatWasAcknowledgedIsGone) {
  ASSERT_FALSE(declare("q", true));
  publish("q", "one");
  publish("q", "two");
  store_->commit();
  queue("q")->settle(queue("q")->get(false)->ready.message);
  store_->commit();
  drop();
  open();
  EXPECT_EQ(queue("q")->rule().ready(), 1u);
  EXPECT_EQ(queue("q")->get(true)->message->body, "two");
}

TEST_F(BrokerTest, AMessageStandsInEveryQueueThatIsBound) {
  ASSERT_FALSE(declare("a", true));
  ASSERT_FALSE(declare("b", true));
  ExchangeSpec spec{"news", ExchangeType::fanout};
  spec.durable = true;
  ASSERT_FALSE(broker_->declare_exchange(spec, false));
  ASSERT_FALSE(broker_->bind({"news", "a", ""}, 1));
  ASSERT_FALSE(broker_->bind({"news", "b", ""}, 1));
  EXPECT_EQ(publish("", "x", true, "news").queues, 2u);
  store_->commit();
  drop();
  open();
  EXPECT_EQ(publish("", "y", true, "news").queues, 2u) << "bindings are durable";
  EXPECT_EQ(queue("a")->rule().ready(), 2u);
  EXPECT_EQ(queue("b")->rule().ready(), 2u);
}

TEST_F(BrokerTest, NoQueueNoExchange) {
  EXPECT_EQ(publish("nowhere", "x").queues, 0u);
  Routed routed;
  Message message{"none", "k", "", "", false};
  EXPECT_EQ(code(broker_->publish({std::make_shared<const Message>(message)}, routed)), Reply::not_found);
}

TEST_F(BrokerTest, DeclarationErrors) {
  ASSERT_FALSE(declare("q", true));
  EXPECT_FALSE(declare("q", true)) << "equivalent";
  EXPECT_EQ(code(declare("q", false)), Reply::precondition_failed);
  EXPECT_EQ(code(declare("amq.mine", true)), Reply::access_refused);
  QueueSpec missing{"missing", false, false, false, {}};
  QueuePtr out;
  EXPECT_EQ(code(broker_->declare_queue(missing, true, 1, out)), Reply::not_found);
  QueueSpec limited{"limited", false, false, false, {{"x-max-length", {std::int64_t{-10}}}}};
  EXPECT_EQ(code(broker_->declare_queue(limited, false, 1, out)), Reply::precondition_failed);
}

TEST_F(BrokerTest, AnEmptyNameIsMadeUp) {
  QueueSpec spec;
  QueuePtr out;
  ASSERT_FALSE(broker_->declare_queue(spec, false, 1, out));
  EXPECT_TRUE(spec.name.starts_with("amq.gen-"));
  EXPECT_EQ(out->spec().name, spec.name);
}

TEST_F(BrokerTest, AnExclusiveQueueBelongsToItsSession) {
  ASSERT_FALSE(declare("mine", true, 1, true));
  QueuePtr out;
  EXPECT_EQ(code(broker_->find_queue("mine", 2, out)), Reply::resource_locked);
  std::size_t messages = 0;
  EXPECT_EQ(code(broker_->delete_queue("mine", false, false, 2, messages)), Reply::resource_locked);
  broker_->session_ended(1);
  EXPECT_EQ(code(broker_->find_queue("mine", 1, out)), Reply::not_found);
}

TEST_F(BrokerTest, DeletionConditions) {
  ASSERT_FALSE(declare("q", true));
  publish("q", "x");
  std::size_t messages = 0;
  EXPECT_EQ(code(broker_->delete_queue("q", false, true, 1, messages)), Reply::precondition_failed);
  EXPECT_FALSE(broker_->delete_queue("q", false, false, 1, messages));
  EXPECT_EQ(messages, 1u);
  EXPECT_FALSE(broker_->delete_queue("q", false, false, 1, messages)) << "what is not there is no error";
  drop();
  open();
  EXPECT_TRUE(broker_->queues().empty());
}

TEST_F(BrokerTest, HeldBytesFollowWhatIsHeld) {
  ASSERT_FALSE(declare("q", true));
  broker_->accounts().set_limit(10000);
  publish("q", std::string(20000, 'x'));
  EXPECT_TRUE(broker_->accounts().full());
  queue("q")->purge();
  EXPECT_FALSE(broker_->accounts().full());
  EXPECT_EQ(broker_->accounts().held(), 0u);
}


}  // namespace
}  // namespace chaos::broker
