#include "queue/queue_rule.hpp"

#include <gtest/gtest.h>

namespace chaos::broker {
namespace {

class QueueRuleTest : public testing::Test {
 protected:
  Subscription consumer(SubscriptionId id, std::uint32_t prefetch = 0, bool no_ack = false, bool exclusive = false) {
    auto own = std::make_shared<Credit>();
    own->limit = prefetch;
    return {id, own, channel_, no_ack, exclusive};
  }
  std::vector<std::pair<MessageId, SubscriptionId>> hand_out_all() {
    std::vector<std::pair<MessageId, SubscriptionId>> all;
    while (const auto handed = rule_.hand_out()) all.emplace_back(handed->ready.message, handed->to);
    return all;
  }
  using Pairs = std::vector<std::pair<MessageId, SubscriptionId>>;

  QueueRule rule_;
  std::shared_ptr<Credit> channel_ = std::make_shared<Credit>();
};

TEST_F(QueueRuleTest, NothingGoesOutWithoutConsumerOrMessage) {
  EXPECT_FALSE(rule_.hand_out());
  rule_.push(1);
  EXPECT_FALSE(rule_.hand_out());
  EXPECT_EQ(rule_.ready(), 1u);
}

TEST_F(QueueRuleTest, ConsumersTakeTurns) {
  rule_.subscribe(consumer(1));
  rule_.subscribe(consumer(2));
  for (MessageId id = 1; id <= 4; ++id) rule_.push(id);
  EXPECT_EQ(hand_out_all(), (Pairs{{1, 1}, {2, 2}, {3, 1}, {4, 2}}));
  EXPECT_EQ(rule_.unacked(), 4u);
}

TEST_F(QueueRuleTest, PrefetchBoundsWhatIsUnacknowledged) {
  rule_.subscribe(consumer(1, 2));
  for (MessageId id = 1; id <= 4; ++id) rule_.push(id);
  EXPECT_EQ(hand_out_all(), (Pairs{{1, 1}, {2, 1}}));
  EXPECT_TRUE(rule_.settle(1));
  EXPECT_EQ(hand_out_all(), (Pairs{{3, 1}}));
  EXPECT_FALSE(rule_.settle(1)) << "settled already";
}

TEST_F(QueueRuleTest, ChannelCreditIsShared) {
  channel_->limit = 3;
  rule_.subscribe(consumer(1, 2));
  rule_.subscribe(consumer(2, 2));
  for (MessageId id = 1; id <= 6; ++id) rule_.push(id);
  EXPECT_EQ(hand_out_all(), (Pairs{{1, 1}, {2, 2}, {3, 1}}));
}

TEST_F(QueueRuleTest, AFullConsumerDoesNotBlockTheOthers) {
  rule_.subscribe(consumer(1, 1));
  rule_.subscribe(consumer(2, 3));
  for (MessageId id = 1; id <= 5; ++id) rule_.push(id);
  EXPECT_EQ(hand_out_all(), (Pairs{{1, 1}, {2, 2}, {3, 2}, {4, 2}}));
}

TEST_F(QueueRuleTest, NoAckConsumersHoldNothing) {
  rule_.subscribe(consumer(1, 1, true));
  for (MessageId id = 1; id <= 3; ++id) rule_.push(id);
  EXPECT_EQ(hand_out_all().size(), 3u);
  EXPECT_EQ(rule_.unacked(), 0u);
}

TEST_F(QueueRuleTest, AStalledConnectionGetsNothingMore) {
  const auto gate = std::make_shared<Gate>();
  Subscription subscription = consumer(1, 0, true);
  subscription.gate = gate;
  rule_.subscribe(std::move(subscription));
  gate->shut = true;
  rule_.push(1);
  EXPECT_FALSE(rule_.hand_out());
  gate->shut = false;
  EXPECT_TRUE(rule_.hand_out());
}

TEST_F(QueueRuleTest, WhatComesBackKeepsItsPlaceAndIsMarked) {
  rule_.subscribe(consumer(1, 2));
  for (MessageId id = 1; id <= 3; ++id) rule_.push(id);
  hand_out_all();
  EXPECT_TRUE(rule_.requeue(2));
  EXPECT_TRUE(rule_.requeue(1));
  const auto first = rule_.hand_out();
  const auto second = rule_.hand_out();
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->ready.message, 1u);
  EXPECT_TRUE(first->ready.redelivered);
  EXPECT_EQ(second->ready.message, 2u);
  EXPECT_EQ(rule_.ready(), 1u);
}

TEST_F(QueueRuleTest, GetIsOutsideOfEveryCredit) {
  rule_.subscribe(consumer(1, 1));
  rule_.push(1);
  rule_.push(2);
  rule_.push(3);
  hand_out_all();
  EXPECT_EQ(rule_.get(false)->message, 2u);
  EXPECT_EQ(rule_.get(true)->message, 3u);
  EXPECT_FALSE(rule_.get(true));
  EXPECT_EQ(rule_.unacked(), 2u);
  EXPECT_TRUE(rule_.requeue(2));
}

TEST_F(QueueRuleTest, AnExclusiveConsumerIsAlone) {
  EXPECT_TRUE(rule_.subscribe(consumer(1, 0, false, true)));
  EXPECT_FALSE(rule_.subscribe(consumer(2)));
  rule_.unsubscribe(1);
  EXPECT_TRUE(rule_.subscribe(consumer(2)));
  EXPECT_FALSE(rule_.subscribe(consumer(3, 0, false, true)));
}

TEST_F(QueueRuleTest, AConsumerThatLeavesKeepsTheTurnFair) {
  for (SubscriptionId id = 1; id <= 3; ++id) rule_.subscribe(consumer(id));
  rule_.push(1);
  rule_.hand_out();             // to 1; it is 2's turn
  rule_.unsubscribe(1);
  rule_.push(2);
  EXPECT_EQ(rule_.hand_out()->to, 2u);
  EXPECT_EQ(rule_.unacked(), 2u) << "what the one that left holds is still out";
}

TEST_F(QueueRuleTest, PurgeTakesReadyOnly) {
  rule_.subscribe(consumer(1, 1));
  for (MessageId id = 1; id <= 3; ++id) rule_.push(id);
  hand_out_all();
  EXPECT_EQ(rule_.purge(), (std::vector<MessageId>{2, 3}));
  EXPECT_EQ(rule_.unacked(), 1u);
}

}  // namespace
}  // namespace chaos::broker
