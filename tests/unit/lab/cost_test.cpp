#include "lab/cost.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

google::protobuf::RepeatedPtrField<v1::RolePlan> prices() {
  google::protobuf::RepeatedPtrField<v1::RolePlan> topology;
  auto* server = topology.Add();
  server->set_role("server");
  server->set_usd_month(70);
  auto* redis = topology.Add();
  redis->set_role("redis");
  redis->set_usd_month(55);
  return topology;
}

TEST(CostMeter, IsTheRateWhileNothingChanges) {
  CostMeter meter(prices(), 100);
  meter.set(100, "server", 4);
  meter.set(100, "redis", 1);
  EXPECT_DOUBLE_EQ(meter.rate(), 335);
  EXPECT_DOUBLE_EQ(meter.usd_month(100), 335);
  EXPECT_DOUBLE_EQ(meter.usd_month(5000), 335);
}

TEST(CostMeter, WeighsByTime) {
  CostMeter meter(prices(), 0);
  meter.set(0, "server", 4);
  meter.set(6000, "server", 5);
  EXPECT_DOUBLE_EQ(meter.usd_month(6000), 280);
  EXPECT_DOUBLE_EQ(meter.usd_month(8000), 280 + 70.0 / 4);
  meter.set(8000, "server", 0);
  EXPECT_DOUBLE_EQ(meter.usd_month(16000), (280 * 6000 + 350 * 2000) / 16000.0);
}

TEST(CostMeter, LookingDoesNotChangeTheSum) {
  CostMeter meter(prices(), 0);
  meter.set(0, "server", 2);
  const double before = meter.usd_month(1000);
  EXPECT_DOUBLE_EQ(meter.usd_month(1000), before);
}

TEST(CostMeter, TimeDoesNotRunBackwards) {
  CostMeter meter(prices(), 0);
  meter.set(0, "server", 1);
  meter.set(1000, "server", 2);
  meter.set(500, "server", 4);
  EXPECT_DOUBLE_EQ(meter.usd_month(2000), (70 * 1000 + 280 * 1000) / 2000.0);
}

TEST(CostMeter, UnknownRolesAreFree) {
  CostMeter meter(prices(), 0);
  meter.set(0, "client", 3);
  EXPECT_EQ(meter.rate(), 0);
}

TEST(CostMeter, WhatComesAfterTheEndIsNotBilled) {
  CostMeter meter(prices(), 0);
  meter.set(0, "server", 2);
  meter.close(1000);
  meter.set(2000, "server", 9);
  EXPECT_DOUBLE_EQ(meter.usd_month(5000), 140);
}

}  // namespace
}  // namespace chaos
