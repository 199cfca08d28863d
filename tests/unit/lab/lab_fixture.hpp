// A small lab for the rules' tests: one client, three servers and one more on standby, one redis.
#pragma once

#include "lab/registry.hpp"
#include "lab/role_config.hpp"

#include <gtest/gtest.h>

namespace chaos::test {

inline v1::Drill small_drill() {
  v1::Drill drill;
  const auto add = [&](const char* role, int nodes, int standby) {
    v1::RolePlan& plan = *drill.add_topology();
    plan.set_role(role);
    plan.set_nodes(nodes);
    plan.set_standby(standby);
    plan.set_version("v1");
  };
  add("client", 1, 0);
  add("server", 3, 1);
  add("redis", 1, 0);
  for (v1::RolePlan& plan : *drill.mutable_topology()) complete_config(plan);
  drill.mutable_traffic()->set_base_users(10);
  drill.mutable_traffic()->set_peak_users(20);
  drill.mutable_traffic()->set_think_s(10);
  return drill;
}

/// A lab whose nodes are driven by hand.
class SmallLab {
 public:
  v1::Drill drill = small_drill();
  Registry registry{drill.topology()};
  RealTime now{std::chrono::seconds(100)};

  NodeEntry& node(const std::string& name) { return *registry.find(name); }
  void attach(const std::string& name, std::int64_t pid) {
    v1::Hello hello;
    hello.set_name(name);
    hello.set_role(node(name).role);
    hello.set_address("127.0.0.1");
    hello.set_pid(pid);
    ASSERT_TRUE(registry.hello(hello, now)) << name;
  }
  void report(const std::string& name, v1::Phase phase, std::uint32_t in_flight = 0) {
    v1::Report report;
    report.set_pid(node(name).pid);
    report.set_phase(phase);
    report.set_in_flight(in_flight);
    report.set_revision(node(name).sent_revision);
    registry.report(node(name), report, now);
  }
  /// Every node attached and as its duty wants it.
  void all_up() {
    std::int64_t pid = 100;
    for (NodeEntry& one : registry.nodes()) {
      attach(one.name, ++pid);
      report(one.name, one.wanted() ? v1::PHASE_READY : v1::PHASE_STANDBY);
    }
  }
};

}  // namespace chaos::test
