#include "queue/exchanges.hpp"

#include <gtest/gtest.h>

namespace chaos::broker {
namespace {

using amqp::Reply;
using Names = std::vector<std::string>;

Reply code(const Outcome& outcome) { return outcome ? outcome->code : Reply::success; }

class ExchangesTest : public testing::Test {
 protected:
  Outcome declare(const std::string& name, ExchangeType type, bool auto_delete = false, bool passive = false) {
    ExchangeSpec spec{name, type};
    spec.auto_delete = auto_delete;
    return exchanges_.declare(spec, passive, made_);
  }
  std::optional<Names> route(const std::string& exchange, const std::string& key, const amqp::Table& headers = {}) {
    return exchanges_.route(exchange, {key, headers});
  }
  Exchanges exchanges_;
  bool made_ = false;
  Names gone_;
};

TEST_F(ExchangesTest, TheDefaultExchangeRoutesByQueueName) {
  EXPECT_EQ(route("", "receipts"), Names{"receipts"});
  EXPECT_EQ(code(exchanges_.bind({"", "q", "k"}, made_)), Reply::access_refused);
}

TEST_F(ExchangesTest, DirectMatchesTheKeyAndFanoutEverything) {
  declare("d", ExchangeType::direct);
  declare("f", ExchangeType::fanout);
  for (const char* exchange : {"d", "f"}) {
    exchanges_.bind({exchange, "one", "a"}, made_);
    exchanges_.bind({exchange, "two", "b"}, made_);
    exchanges_.bind({exchange, "one", "c"}, made_);
  }
  EXPECT_EQ(route("d", "a"), Names{"one"});
  EXPECT_EQ(route("d", "x"), Names{});
  EXPECT_EQ(route("f", "x"), (Names{"one", "two"})) << "a queue gets it once";
  EXPECT_EQ(route("none", "x"), std::nullopt);
}

TEST_F(ExchangesTest, Redeclaration) {
  EXPECT_FALSE(declare("d", ExchangeType::direct));
  EXPECT_TRUE(made_);
  EXPECT_FALSE(declare("d", ExchangeType::direct));
  EXPECT_FALSE(made_);
  EXPECT_EQ(code(declare("d", ExchangeType::fanout)), Reply::precondition_failed);
  EXPECT_EQ(code(declare("missing", ExchangeType::direct, false, true)), Reply::not_found);
  EXPECT_EQ(code(declare("", ExchangeType::direct)), Reply::access_refused);
  EXPECT_EQ(code(declare("amq.mine", ExchangeType::direct)), Reply::access_refused);
}

TEST_F(ExchangesTest, BindingTwiceIsOneBinding) {
  declare("d", ExchangeType::direct);
  exchanges_.bind({"d", "q", "k"}, made_);
  EXPECT_TRUE(made_);
  exchanges_.bind({"d", "q", "k"}, made_);
  EXPECT_FALSE(made_);
  EXPECT_EQ(exchanges_.bindings().size(), 1u);
}

TEST_F(ExchangesTest, AutoDeleteGoesWithItsLastBinding) {
  declare("d", ExchangeType::direct, true);
  exchanges_.bind({"d", "q", "k"}, made_);
  exchanges_.bind({"d", "r", "k"}, made_);
  EXPECT_EQ(exchanges_.queue_removed("q"), Names{});
  EXPECT_FALSE(exchanges_.unbind({"d", "r", "k"}, gone_));
  EXPECT_EQ(gone_, Names{"d"});
  EXPECT_EQ(exchanges_.find("d"), nullptr);
}

TEST_F(ExchangesTest, Removal) {
  declare("d", ExchangeType::direct);
  exchanges_.bind({"d", "q", "k"}, made_);
  EXPECT_EQ(code(exchanges_.remove("d", true, gone_)), Reply::precondition_failed);
  EXPECT_FALSE(exchanges_.remove("d", false, gone_));
  EXPECT_FALSE(exchanges_.remove("d", false, gone_)) << "what is not there is no error";
  EXPECT_EQ(code(exchanges_.remove("amq.direct", false, gone_)), Reply::access_refused);
}

TEST_F(ExchangesTest, TopicPatterns) {
  declare("t", ExchangeType::topic);
  for (const char* key : {"order.*.paid", "order.#", "#", "*", ""}) exchanges_.bind({"t", std::string("[") + key + "]", key}, made_);
  EXPECT_EQ(route("t", "order.eu.paid"), (Names{"[order.*.paid]", "[order.#]", "[#]"}));
  EXPECT_EQ(route("t", "order"), (Names{"[order.#]", "[#]", "[*]"}));
  EXPECT_EQ(route("t", ""), (Names{"[#]", "[]"}));
  EXPECT_EQ(route("t", "a.b"), Names{"[#]"});
}

TEST_F(ExchangesTest, HeadersAllOrAny) {
  declare("h", ExchangeType::headers);
  const amqp::Table two{{"a", {std::int64_t{1}}}, {"b", {std::string("x")}}};
  auto with = [&](const char* match) {
    amqp::Table all = two;
    all.push_back({"x-match", {std::string(match)}});
    return all;
  };
  exchanges_.bind({"h", "all", "", with("all")}, made_);
  exchanges_.bind({"h", "any", "", with("any")}, made_);
  EXPECT_EQ(route("h", "", two), (Names{"all", "any"}));
  EXPECT_EQ(route("h", "", {{"a", {std::int64_t{1}}}}), Names{"any"});
  EXPECT_EQ(route("h", "", {{"a", {std::int64_t{2}}}}), Names{});
}

TEST_F(ExchangesTest, ExchangesBoundToEachOtherEndInCyclesOnce) {
  declare("a", ExchangeType::fanout);
  declare("b", ExchangeType::direct);
  exchanges_.bind({"a", "b", "", {}, true}, made_);
  exchanges_.bind({"b", "a", "k", {}, true}, made_);
  exchanges_.bind({"b", "q", "k"}, made_);
  EXPECT_EQ(route("a", "k"), Names{"q"});
  EXPECT_EQ(route("a", "x"), Names{});
  EXPECT_EQ(code(exchanges_.bind({"a", "none", "", {}, true}, made_)), Reply::not_found);
  EXPECT_FALSE(exchanges_.remove("b", false, gone_));
  EXPECT_EQ(exchanges_.binding_count(), 0u) << "what led to it is gone too";
}

TEST_F(ExchangesTest, WhatNobodyTakesGoesToTheAlternateExchange) {
  declare("rest", ExchangeType::fanout);
  exchanges_.bind({"rest", "unrouted", ""}, made_);
  ExchangeSpec spec{"d", ExchangeType::direct};
  spec.arguments = {{"alternate-exchange", {std::string("rest")}}};
  exchanges_.declare(spec, false, made_);
  exchanges_.bind({"d", "q", "k"}, made_);
  EXPECT_EQ(route("d", "k"), Names{"q"});
  EXPECT_EQ(route("d", "x"), Names{"unrouted"});
}

}  // namespace
}  // namespace chaos::broker
