#include "lb/health.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

using Change = HealthRule::Change;

std::string word(const HealthRule& health) { return status_word(health, AdminState::ready, false, true); }

HealthRule up_rule() {
  HealthRule health(2, 3);
  health.record(CheckResult::passed);
  health.record(CheckResult::passed);
  return health;
}

TEST(HealthRule, IsDownUntilRiseChecksPassed) {
  HealthRule health(2, 3);
  EXPECT_EQ(word(health), "DOWN");
  EXPECT_EQ(health.record(CheckResult::passed), Change::none);
  EXPECT_EQ(word(health), "DOWN 1/2");
  EXPECT_EQ(health.record(CheckResult::passed), Change::up);
  EXPECT_EQ(word(health), "UP");
  EXPECT_EQ(health.health(), 4);
}

TEST(HealthRule, AFailureOnTheWayUpStartsOver) {
  HealthRule health(2, 3);
  health.record(CheckResult::passed);
  EXPECT_EQ(health.record(CheckResult::failed), Change::none);
  EXPECT_EQ(word(health), "DOWN");
}

TEST(HealthRule, IsDownAfterFallFailuresInARow) {
  HealthRule health = up_rule();
  EXPECT_EQ(health.record(CheckResult::failed), Change::none);
  EXPECT_EQ(word(health), "UP 2/3");
  EXPECT_EQ(health.record(CheckResult::failed), Change::none);
  EXPECT_EQ(word(health), "UP 1/3");
  EXPECT_EQ(health.record(CheckResult::failed), Change::down);
  EXPECT_EQ(word(health), "DOWN");
  EXPECT_EQ(health.record(CheckResult::failed), Change::none);
}

TEST(HealthRule, AGoodCheckMendsWhatWasCountedAgainstIt) {
  HealthRule health = up_rule();
  health.record(CheckResult::failed);
  health.record(CheckResult::failed);
  EXPECT_EQ(health.record(CheckResult::passed), Change::none);
  EXPECT_EQ(word(health), "UP");
}

TEST(HealthRule, NotReadyIsDownAtOnce) {
  HealthRule health = up_rule();
  EXPECT_EQ(health.record(CheckResult::not_ready), Change::down);
  EXPECT_EQ(word(health), "DOWN");
}

TEST(HealthRule, DrainingStaysUpWithoutNewWork) {
  HealthRule health = up_rule();
  EXPECT_EQ(health.record(CheckResult::draining), Change::none);
  EXPECT_TRUE(health.up());
  EXPECT_TRUE(health.stopping());
  EXPECT_EQ(word(health), "NOLB");
  health.record(CheckResult::failed);
  EXPECT_EQ(word(health), "NOLB 2/3");
  health.record(CheckResult::failed);
  EXPECT_EQ(health.record(CheckResult::failed), Change::down);
  EXPECT_EQ(word(health), "DOWN");
  EXPECT_FALSE(health.stopping());
}

TEST(HealthRule, APassedCheckEndsDraining) {
  HealthRule health = up_rule();
  health.record(CheckResult::draining);
  health.record(CheckResult::passed);
  EXPECT_EQ(word(health), "UP");
}

TEST(HealthRule, OneAndOneFollowEachCheck) {
  HealthRule health(1, 1);
  EXPECT_EQ(health.record(CheckResult::passed), Change::up);
  EXPECT_EQ(health.record(CheckResult::failed), Change::down);
  EXPECT_EQ(word(health), "DOWN");
}

TEST(HealthRule, NewLimitsKeepWhatItIs) {
  HealthRule health = up_rule();
  health.set(5, 7);
  EXPECT_EQ(word(health), "UP");
  EXPECT_EQ(health.health(), 11);
  health.force_down();
  health.set(2, 2);
  EXPECT_EQ(word(health), "DOWN");
}

TEST(HealthRule, OutOfMaintenanceTheFirstFailureCounts) {
  HealthRule health(2, 3);
  health.give_trust();
  EXPECT_EQ(word(health), "UP 1/3");
  EXPECT_EQ(health.record(CheckResult::failed), Change::down);
  health.give_trust();
  EXPECT_EQ(health.record(CheckResult::passed), Change::none);
  EXPECT_EQ(word(health), "UP");
}

TEST(HealthRule, OrdersStandUntilChecksSayOtherwise) {
  HealthRule health(2, 3);
  health.force_up();
  EXPECT_EQ(word(health), "UP");
  health.force_stopping();
  EXPECT_EQ(word(health), "NOLB");
  health.record(CheckResult::passed);
  EXPECT_EQ(word(health), "UP");
  health.force_down();
  EXPECT_EQ(word(health), "DOWN");
  health.record(CheckResult::passed);
  EXPECT_EQ(word(health), "DOWN 1/2");
}

TEST(StatusWord, TheOperatorsStateComesFirst) {
  EXPECT_EQ(status_word(up_rule(), AdminState::maint, false, true), "MAINT");
  EXPECT_EQ(status_word(up_rule(), AdminState::drain, false, true), "DRAIN");
  EXPECT_EQ(status_word(up_rule(), AdminState::ready, true, true), "DRAIN");
  EXPECT_EQ(status_word(HealthRule(2, 3), AdminState::drain, true, true), "DOWN");
}

TEST(StatusWord, AnAgentThatHoldsAServerDownIsNamed) {
  EXPECT_EQ(status_word(up_rule(), AdminState::ready, false, true, AgentState::down), "DOWN (agent)");
  EXPECT_EQ(status_word(HealthRule(2, 3), AdminState::ready, false, true, AgentState::down), "DOWN (agent)");
  EXPECT_EQ(status_word(HealthRule(2, 3), AdminState::ready, false, true, AgentState::up), "DOWN");
  EXPECT_EQ(status_word(up_rule(), AdminState::drain, false, true, AgentState::up), "DRAIN (agent)");
  EXPECT_EQ(status_word(up_rule(), AdminState::ready, true, true, AgentState::up), "DRAIN (agent)");
  EXPECT_EQ(status_word(up_rule(), AdminState::maint, false, true, AgentState::down), "MAINT");
}

TEST(StatusWord, WithoutChecksItSaysSo) {
  EXPECT_EQ(status_word(up_rule(), AdminState::ready, false, false), "no check");
  EXPECT_EQ(status_word(up_rule(), AdminState::drain, false, false), "DRAIN");
  EXPECT_EQ(status_word(HealthRule(2, 3), AdminState::ready, false, false), "DOWN");
}

}  // namespace
}  // namespace chaos
