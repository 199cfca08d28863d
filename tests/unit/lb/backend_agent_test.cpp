#include "lb/backend.hpp"

#include "support/test_node.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

class BackendAgentTest : public testing::Test {
 protected:
  BackendAgentTest() {
    peer_.set_name("server-1");
    peer_.set_address("127.0.0.1");
    config_.set_rise(1);
    config_.set_fall(3);
    backend_ = std::make_shared<Backend>(node_.ctx, peer_, config_, metrics_.server("server-1"));
    backend_->first_weight = backend_->weight = 100;
    backend_->agent.configure({"", 7777, ""});
    backend_->record({CheckResult::passed, "L7OK", 200, {}, {}}, RealTime{});
  }
  ~BackendAgentTest() override { node_.stop(); }

  std::string after(std::string_view line) {
    backend_->obey(read_agent_line(line), {}, RealTime{});
    return backend_->status();
  }

  test::TestNode node_{"lb"};
  v1::Peer peer_;
  v1::LbConfig config_;
  LbMetrics metrics_{node_.ctx.registry};
  std::shared_ptr<Backend> backend_;
};

TEST_F(BackendAgentTest, TakesTheServerOutAndBack) {
  EXPECT_TRUE(backend_->usable()) << "up until its agent says otherwise";
  EXPECT_EQ(after("fail # full"), "DOWN (agent)");
  EXPECT_FALSE(backend_->up());
  EXPECT_EQ(backend_->metrics.went_down.value(), 1u);
  EXPECT_EQ(backend_->metrics.check_failures.value(), 0u) << "its checks pass";
  EXPECT_EQ(after("100%"), "DOWN (agent)") << "a weight is no health";
  EXPECT_EQ(after("up"), "UP");
  EXPECT_TRUE(backend_->usable());
}

TEST_F(BackendAgentTest, CannotBringBackWhatChecksFoundDown) {
  backend_->record({CheckResult::not_ready, "L7STS", 503, {}, {}}, RealTime{});
  EXPECT_EQ(after("up ready"), "DOWN");
  EXPECT_FALSE(backend_->up());
}

TEST_F(BackendAgentTest, SharesTheStateOfTheRuntimeApi) {
  EXPECT_EQ(after("drain"), "DRAIN (agent)");
  EXPECT_EQ(backend_->admin, AdminState::drain);
  EXPECT_TRUE(backend_->up());
  EXPECT_FALSE(backend_->usable());
  EXPECT_EQ(after("up"), "DRAIN (agent)") << "only ready ends it";
  EXPECT_EQ(after("maint"), "MAINT");
  EXPECT_EQ(after("ready"), "UP 1/3") << "as after the runtime API's";
  backend_->set_admin(AdminState::maint, RealTime{});
  EXPECT_EQ(after("ready"), "UP 1/3") << "it may end what an operator began, as HAProxy's";
}

TEST_F(BackendAgentTest, IsNotTakenForAnOperator) {
  after("drain");
  EXPECT_TRUE(backend_->admin_by_agent);
  backend_->set_admin(AdminState::drain, RealTime{});
  EXPECT_FALSE(backend_->admin_by_agent);
  after("drain");
  EXPECT_FALSE(backend_->admin_by_agent) << "it was ordered before";
}

TEST_F(BackendAgentTest, WeighsTheServerByItsFirstWeight) {
  after("50%");
  EXPECT_EQ(backend_->weight, 50u);
  after("50%");
  EXPECT_EQ(backend_->weight, 50u) << "not half of the half";
  EXPECT_EQ(after("0%"), "UP");
  EXPECT_FALSE(backend_->usable());
  after("200% maxconn:7");
  EXPECT_EQ(backend_->weight, 200u);
  EXPECT_EQ(backend_->max_connections, 7u);
}

TEST_F(BackendAgentTest, CountsOnlyWhileItIsAsked) {
  after("down");
  backend_->agent.enabled = false;
  EXPECT_EQ(backend_->status(), "UP");
  backend_->agent.enabled = true;
  EXPECT_EQ(backend_->status(), "DOWN (agent)");
  backend_->agent.configure({});
  EXPECT_EQ(backend_->status(), "UP") << "it was taken out of the configuration";
}

TEST_F(BackendAgentTest, WhatTheRuntimeApiSetStaysUntilTheConfigChanges) {
  backend_->agent.target.port = 7778;
  backend_->agent.configure({"", 7777, ""});
  EXPECT_EQ(backend_->agent.target.port, 7778);
  backend_->agent.configure({"", 7777, "state\n"});
  EXPECT_EQ(backend_->agent.target.port, 7777);
  EXPECT_EQ(backend_->agent.target.send, "state\n");
}

}  // namespace
}  // namespace chaos
