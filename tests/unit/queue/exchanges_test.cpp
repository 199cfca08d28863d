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
  Exchanges exchanges_;
  bool made_ = false;
};

TEST_F(ExchangesTest, TheDefaultExchangeRoutesByQueueName) {
  EXPECT_EQ(exchanges_.route("", "receipts"), Names{"receipts"});
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
  EXPECT_EQ(exchanges_.route("d", "a"), Names{"one"});
  EXPECT_EQ(exchanges_.route("d", "x"), Names{});
  EXPECT_EQ(exchanges_.route("f", "x"), (Names{"one", "two"})) << "a queue gets it once";
  EXPECT_EQ(exchanges_.route("none", "x"), std::nullopt);
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
  bool gone = false;
  EXPECT_FALSE(exchanges_.unbind({"d", "r", "k"}, gone));
  EXPECT_TRUE(gone);
  EXPECT_EQ(exchanges_.find("d"), nullptr);
}

TEST_F(ExchangesTest, Removal) {
  declare("d", ExchangeType::direct);
  exchanges_.bind({"d", "q", "k"}, made_);
  EXPECT_EQ(code(exchanges_.remove("d", true)), Reply::precondition_failed);
  EXPECT_FALSE(exchanges_.remove("d", false));
  EXPECT_FALSE(exchanges_.remove("d", false)) << "what is not there is no error";
  EXPECT_EQ(code(exchanges_.remove("amq.direct", false)), Reply::access_refused);
}

}  // namespace
}  // namespace chaos::broker
