// A load balancer that only remembers what it was told.
#pragma once

#include "lb/control.hpp"

namespace chaos::test {

class FakeLb final : public LbControl {
 public:
  FakeLb() {
    ServerView up;
    up.id = 1;
    up.name = "server-1";
    up.address = "127.0.0.1";
    up.up = true;
    up.since_change_s = 19;
    up.check_status = "L7OK";
    up.check_result = CheckResult::passed;
    up.check_health = 4;
    up.agent_exists = up.agent_enabled = true;
    up.agent_port = 7777;
    views.push_back(up);
    ServerView drained = up;
    drained.id = 2;
    drained.name = "server-2";
    drained.admin = AdminState::drain;
    drained.agent_exists = drained.agent_enabled = false;
    drained.agent_port = 0;
    views.push_back(drained);
    ServerView down = up;
    down.id = 3;
    down.name = "server-3";
    down.address = "127.0.0.3";
    down.up = false;
    down.since_change_s = 7;
    down.check_status = "L4CON";
    down.check_result = CheckResult::failed;
    down.check_health = 0;
    down.agent_enabled = false;
    down.agent_address = "127.0.0.9";
    views.push_back(down);
  }

  StatsRows rows() override { return {{StatsRow::Kind::frontend, 2, 0, "fe", "FRONTEND"}, {StatsRow::Kind::server, 3, 1, "be", "server-1"}}; }
  std::vector<InfoField> info() override { return {{6, "Pid", "SGP", "u32", "17"}, {4, "Nbproc", "CGS", "u32", "1"}}; }
  std::vector<ServerView> servers() override { return views; }
  std::vector<SessionView> sessions() override { return {{0xabc, "127.0.0.9:1234", "server-1", "GET /", 3, 1, false}, {0xdef, "127.0.0.9:1235", "", "GET /slow", 0, 0, true}}; }
  std::vector<std::string> session_log() override { return {"a line"}; }
  std::string errors() override { return "Total events captured on [now] : 0\n"; }

  void set_state(std::string_view server, AdminState state) override {
    told(server, "state");
    last = state;
  }
  void set_health(std::string_view server, Health health) override { told(server, health == Health::up ? "up" : health == Health::down ? "down" : "stopping"); }
  void set_checked(std::string_view server, bool checked) override { told(server, checked ? "checked" : "unchecked"); }
  void set_weight(std::string_view server, unsigned weight) override { told(server, "weight " + std::to_string(weight)); }
  void set_agent(std::string_view server, const AgentOrder& given) override {
    told(server, "agent");
    agent = given;
  }
  void set_server_limit(std::string_view server, std::size_t most) override { told(server, "limit " + std::to_string(most)); }
  void set_frontend_limit(std::string_view frontend, std::size_t most) override { told(frontend, "limit " + std::to_string(most)); }
  bool set_global_limit(std::size_t most) override {
    told("global", std::to_string(most));
    return most <= 1000;
  }
  bool set_frontend_open(std::string_view frontend, bool open) override {
    told(frontend, open ? "open" : "paused");
    return std::exchange(frontend_open, open) != open;
  }
  bool kill_session(std::uint64_t id) override {
    told("session", std::to_string(id));
    return id == 0xabc;
  }
  void kill_sessions(std::string_view server) override { told(server, "kill"); }
  void clear_counters(bool all) override { told("counters", all ? "all" : "max"); }

  std::vector<ServerView> views;
  AgentOrder agent;       // the last one
  AdminState last = AdminState::ready;
  bool frontend_open = true;
  std::string order;      // the last one

 private:
  void told(std::string_view whom, std::string_view what) { order = std::string(whom) + ": " + std::string(what); }
};

}  // namespace chaos::test
