#include "lab/alerts.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

NodeView server(int n, double memory, v1::Phase phase = v1::PHASE_READY) {
  return {"server-" + std::to_string(n), "server", v1::DUTY_ACTIVE, phase, true, memory};
}

v1::Signal signal(const std::string& of, std::optional<double> above, std::optional<double> below, double for_s = 0) {
  v1::Signal s;
  s.set_of(of);
  if (of == "memory_ratio" || of == "nodes_ready_ratio") s.set_role("server");
  if (above) s.set_above(*above);
  if (below) s.set_below(*below);
  s.set_for_lab_s(for_s);
  return s;
}

TEST(Signal, MemoryIsOfTheFullestAttachedNodeOfTheRole) {
  Observation seen;
  seen.nodes = {server(1, 0.4), server(2, 0.6), server(3, 0.9), server(4, 0.95)};
  seen.nodes[2].attached = false;
  seen.nodes[3].role = "worker";
  EXPECT_EQ(signal_value(signal("memory_ratio", 0.5, {}), seen), 0.6);
  seen.nodes.clear();
  EXPECT_FALSE(signal_value(signal("memory_ratio", 0.5, {}), seen));
}

TEST(Signal, ReadyRatioLeavesStandbysOut) {
  Observation seen;
  seen.nodes = {server(1, 0), server(2, 0, v1::PHASE_BOOTING), server(3, 0), server(4, 0), server(5, 0)};
  seen.nodes[2].duty = v1::DUTY_DRAINING;
  seen.nodes[3].attached = false;
  seen.nodes[4].duty = v1::DUTY_STANDBY;
  EXPECT_EQ(signal_value(signal("nodes_ready_ratio", {}, 1), seen), 0.25);
}

TEST(Signal, NothingToSeeDoesNotHold) {
  SignalWatch watch(signal("success_rate", {}, 0.95));
  EXPECT_FALSE(watch.update({}));
  Observation bad;
  bad.success_rate = 0.5;
  EXPECT_TRUE(watch.update(bad));
}

TEST(Signal, MustHoldWithoutABreak) {
  SignalWatch watch(signal("p95_ms", 320, {}, 120));
  const auto at = [&](double lab_s, double p95) {
    Observation seen;
    seen.lab_s = lab_s;
    seen.p95_ms = p95;
    return watch.update(seen);
  };
  EXPECT_FALSE(at(0, 400));
  EXPECT_FALSE(at(100, 400));
  EXPECT_FALSE(at(110, 320));   // the bound itself is within
  EXPECT_FALSE(at(130, 400));
  EXPECT_FALSE(at(249, 400));
  EXPECT_TRUE(at(250, 400));
  EXPECT_FALSE(at(260, 100));
}

TEST(Alerts, TellTransitionsOnly) {
  google::protobuf::RepeatedPtrField<v1::AlertRule> rules;
  auto* rule = rules.Add();
  rule->set_name("MemoryHigh");
  rule->set_summary("nearly full");
  rule->set_severity("page");
  *rule->mutable_when() = signal("memory_ratio", 0.7, {}, 60);
  Alerts alerts(rules);

  Observation seen;
  seen.nodes = {server(1, 0.8)};
  EXPECT_TRUE(alerts.update(seen).empty());
  seen.lab_s = 60;
  const auto fired = alerts.update(seen);
  ASSERT_EQ(fired.size(), 1u);
  EXPECT_TRUE(fired[0].firing);
  EXPECT_EQ(fired[0].severity, "page");
  EXPECT_EQ(fired[0].text, "nearly full: memory_ratio of server above 0.7 for 60 lab s (now 0.8)");
  EXPECT_EQ(alerts.firing(), std::vector<std::string>{"MemoryHigh"});
  seen.lab_s = 120;
  EXPECT_TRUE(alerts.update(seen).empty());
  seen.nodes[0].memory_ratio = 0.2;
  const auto resolved = alerts.update(seen);
  ASSERT_EQ(resolved.size(), 1u);
  EXPECT_FALSE(resolved[0].firing);
  EXPECT_TRUE(alerts.firing().empty());
}

}  // namespace
}  // namespace chaos
