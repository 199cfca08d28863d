// The agent of a server: where it is asked, and what it said last.
#pragma once

#include "lb/agent_reply.hpp"
#include "lb/check_report.hpp"

#include <string>
#include <utility>

namespace chaos {

/// How an agent is asked. Of its words only `fail` and its like take a server out: one that cannot be reached or says
/// nothing changes nothing (HAProxy's agent-check).
struct AgentTarget {
  std::string address;        // empty: the server's own
  unsigned short port = 0;    // 0: there is no agent
  std::string send;           // empty: nothing is sent
  bool operator==(const AgentTarget&) const = default;
};

struct BackendAgent {
  bool exists() const { return configured.port != 0; }
  bool asked() const { return exists() && enabled; }
  AgentState state() const { return !asked() ? AgentState::off : up ? AgentState::up : AgentState::down; }
  /// From the configuration: where that is as before, what the runtime API set stays.
  void configure(AgentTarget wanted) {
    if (wanted == configured) return;
    if (wanted.port == 0) *this = {};
    target = configured = std::move(wanted);
  }

  AgentTarget configured;
  AgentTarget target;         // in force
  bool enabled = true;
  bool up = true;             // HAProxy's agent_health of 1, with rise and fall of 1
  bool under_way = false;
  CheckReport last;
};

}  // namespace chaos
