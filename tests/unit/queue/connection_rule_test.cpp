#include "queue/connection_rule.hpp"

#include <gtest/gtest.h>

namespace chaos::broker {
namespace {

using namespace amqp;

Reply code(const Outcome& outcome) { return outcome ? outcome->code : Reply::success; }

class ConnectionRuleTest : public testing::Test {
 protected:
  ConnectionStartOk start_ok(const std::string& mechanism = "PLAIN") {
    ConnectionStartOk m;
    m.mechanism = mechanism;
    m.response.text = std::string("\0guest\0guest", 12);
    m.client_properties = {{"capabilities", {Table{{"connection.blocked", {true}}, {"basic.nack", {false}}}}}};
    return m;
  }
  Outcome on(const Method& method) { return rule_.on(method, out_); }
  void tune(std::uint32_t frame_max, std::uint16_t heartbeat) {
    ASSERT_FALSE(on(start_ok()));
    ASSERT_FALSE(on(ConnectionTuneOk{10, frame_max, heartbeat}));
  }

  Users users_{"guest:guest ops:secret:colon"};
  ConnectionRule rule_{Tuning{128, 131072, 60}, users_};
  std::vector<Method> out_;
};

TEST_F(ConnectionRuleTest, OpensInOrder) {
  EXPECT_FALSE(on(start_ok()));
  EXPECT_EQ(std::get<ConnectionTune>(out_.back()).frame_max, 131072u);
  EXPECT_FALSE(rule_.tuned());
  EXPECT_FALSE(on(ConnectionTuneOk{10, 8192, 5}));
  EXPECT_TRUE(rule_.tuned());
  EXPECT_FALSE(on(ConnectionOpen{"/"}));
  EXPECT_TRUE(rule_.open());
  EXPECT_TRUE(std::holds_alternative<ConnectionOpenOk>(out_.back()));
  EXPECT_EQ(rule_.user(), "guest");
  EXPECT_EQ(rule_.tuning().channel_max, 10);
  EXPECT_EQ(rule_.tuning().frame_max, 8192u);
  EXPECT_EQ(rule_.tuning().heartbeat, 5);
}

TEST_F(ConnectionRuleTest, ZeroKeepsTheServersLimitsButNoHeartbeat) {
  ASSERT_FALSE(on(start_ok()));
  ASSERT_FALSE(on(ConnectionTuneOk{0, 0, 0}));
  EXPECT_EQ(rule_.tuning().channel_max, 128);
  EXPECT_EQ(rule_.tuning().frame_max, 131072u);
  EXPECT_EQ(rule_.tuning().heartbeat, 0);
}

TEST_F(ConnectionRuleTest, LimitsMayOnlyBeLowered) {
  ASSERT_FALSE(on(start_ok()));
  EXPECT_EQ(code(on(ConnectionTuneOk{10, 131073, 0})), Reply::not_allowed);
  EXPECT_EQ(code(on(ConnectionTuneOk{10, 100, 0})), Reply::not_allowed) << "below frame-min-size";
  EXPECT_EQ(code(on(ConnectionTuneOk{129, 4096, 0})), Reply::not_allowed);
}

TEST_F(ConnectionRuleTest, OutOfOrderAndUnknownVhost) {
  EXPECT_EQ(code(on(ConnectionOpen{"/"})), Reply::command_invalid);
  tune(4096, 0);
  EXPECT_EQ(code(on(ConnectionOpen{"other"})), Reply::not_allowed);
  EXPECT_EQ(code(on(BasicQos{})), Reply::command_invalid);
}

TEST_F(ConnectionRuleTest, OtherMechanismsAreRefused) {
  EXPECT_EQ(code(on(start_ok("EXTERNAL"))), Reply::command_invalid);
  ConnectionStartOk bad = start_ok();
  bad.response.text = "guest";
  EXPECT_EQ(code(on(bad)), Reply::access_refused);
}

TEST_F(ConnectionRuleTest, ClosingHearsNothingButTheEnd) {
  tune(4096, 0);
  rule_.closing();
  EXPECT_FALSE(on(ConnectionOpen{"/"})) << "dropped";
  EXPECT_FALSE(rule_.open());
  EXPECT_FALSE(on(ConnectionCloseOk{}));
  EXPECT_TRUE(rule_.closed());
}

TEST_F(ConnectionRuleTest, TheClientCloses) {
  tune(4096, 0);
  EXPECT_FALSE(on(ConnectionClose{200, "bye", 0, 0}));
  EXPECT_TRUE(std::holds_alternative<ConnectionCloseOk>(out_.back()));
  EXPECT_TRUE(rule_.closed());
}

TEST_F(ConnectionRuleTest, Capabilities) {
  ASSERT_FALSE(on(start_ok()));
  EXPECT_TRUE(rule_.client_can("connection.blocked"));
  EXPECT_FALSE(rule_.client_can("basic.nack"));
  EXPECT_FALSE(rule_.client_can("none"));
}

}  // namespace
}  // namespace chaos::broker
