// Servers' agents and the load balancer: agents that answer as the test says, and those of real servers.
#include "support/compat.hpp"
#include "support/lb_bench.hpp"
#include "support/test_node.hpp"

#include <gmock/gmock.h>

#include <csignal>

namespace chaos::test {
namespace {

using testing::HasSubstr;

constexpr const char* kAgents = R"("agentPort":7777,"agentIntervalMs":20,"checkTimeoutMs":300,"balance":"roundrobin")";

int served_by(const LbBench& lb, const std::string& server, int requests) {
  int served = 0;
  for (int i = 0; i < requests; ++i) served += has(lb.get("/ok").out, "X-Backend: " + server) ? 1 : 0;
  return served;
}

TEST(LbAgent, WeighsItsServer) {
  compat("HAProxy", "Checks", "agent checks: agent-port, agent-inter, agent-send, agent-addr; up, down, fail, stopped, ready, drain, maint, N%, maxconn:N", Compat::works,
         "off unless lb: {agent_port: N} is set; of servers of the lab with server: {agent_port: N}. With agents a first weight is 100, and an agent's `down` outlives `set server ... health up`");
  compat("HAProxy", "Statistics", "agent_* columns, last_agt; DOWN (agent), DRAIN (agent)");
  LbBench lb(2, kAgents);
  EXPECT_TRUE(eventually([&] { return lb.figure("server-1", "agent_status").ends_with("CHECKED"); }));
  EXPECT_EQ(lb.figure("server-1", "agent_desc"), "No status change");
  EXPECT_EQ(lb.figure("server-1", "agent_code"), "");
  EXPECT_EQ(lb.figure("server-1", "weight"), "100");
  lb.agent(1, "50% maxconn:30\n");
  EXPECT_TRUE(lb.becomes("server-1", "weight", "50"));
  EXPECT_EQ(lb.figure("server-1", "slim"), "30");
  EXPECT_EQ(lb.cli("get weight be/server-1"), "50 (initial 100)\n");
  EXPECT_EQ(served_by(lb, "server-1", 12), 4);
  lb.agent(1, "0%\n");
  EXPECT_TRUE(lb.becomes("server-1", "weight", "0"));
  EXPECT_EQ(served_by(lb, "server-1", 4), 0);
}

TEST(LbAgent, TakesItsServerOutAndBack) {
  LbBench lb(2, kAgents);
  lb.agent(1, "fail # out of, \"file handles\"\n");
  EXPECT_TRUE(lb.becomes("server-1", "status", "DOWN (agent)"));
  EXPECT_EQ(lb.figure("server-1", "agent_health"), "0");
  EXPECT_TRUE(lb.figure("server-1", "agent_status").ends_with("L7STS"));
  EXPECT_EQ(lb.figure("server-1", "agent_code"), "0");
  EXPECT_THAT(lb.stats(), HasSubstr("\"via agent : fail (out of, \"\"file handles\"\")\""));
  EXPECT_TRUE(lb.figure("server-1", "check_status").ends_with("L7OK")) << "its checks pass";
  EXPECT_EQ(served_by(lb, "server-1", 4), 0);
  EXPECT_THAT(sh("curl -s http://" + lb.address() + ":9100/metrics").out, HasSubstr("haproxy_server_status{proxy=\"be\",server=\"server-1\",state=\"DOWN\"} 1\n"));
  lb.agent(1, "up\n");
  EXPECT_TRUE(lb.becomes("server-1", "status", "UP"));
  EXPECT_GT(served_by(lb, "server-1", 4), 0);
}

TEST(LbAgent, SharesTheStateOfTheRuntimeApi) {
  LbBench lb(2, kAgents);
  lb.agent(1, "drain\n");
  EXPECT_TRUE(lb.becomes("server-1", "status", "DRAIN (agent)"));
  EXPECT_EQ(served_by(lb, "server-1", 4), 0);
  EXPECT_THAT(lb.cli("show servers state be"), HasSubstr(" server-1 " + lb.server(1) + " 2 8 100 100 "));
  lb.agent(1, "\n");
  EXPECT_TRUE(eventually([&] {
    lb.cli("set server be/server-1 state ready");
    return lb.figure("server-1", "status") == "UP";
  }));
  lb.agent(1, "maint\n");
  EXPECT_TRUE(lb.becomes("server-1", "status", "MAINT"));
  EXPECT_TRUE(eventually([&] { return lb.figure("server-1", "agent_status").ends_with("CHECKED"); })) << "it is asked in maintenance, too";
  lb.agent(1, "ready\n");
  EXPECT_TRUE(lb.becomes("server-1", "status", "UP"));
}

TEST(LbAgent, OneThatSaysNothingChangesNothing) {
  LbBench lb(1, kAgents);
  const std::pair<const char*, const char*> stories[] = {{"hang", "L7TOUT"}, {"", "L7RSP"}};
  for (const auto& [told, status] : stories) {
    lb.agent(1, told);
    EXPECT_TRUE(eventually([&] { return lb.figure("server-1", "agent_status").ends_with(status); })) << told;
    EXPECT_EQ(lb.figure("server-1", "status"), "UP") << told;
  }
  const std::string endless(2000, 'a');
  for (const std::string& told : {std::string("down"), endless}) {
    lb.agent(1, told);
    EXPECT_TRUE(lb.becomes("server-1", "last_agt", "Ignoring incomplete line from agent"));
    EXPECT_EQ(lb.figure("server-1", "status"), "UP");
    lb.agent(1, "nonsense\n");
    EXPECT_TRUE(lb.becomes("server-1", "last_agt", "agent reports an error : nonsense"));
  }
  lb.cli("set server be/server-1 agent-port 7778");
  EXPECT_TRUE(eventually([&] { return lb.figure("server-1", "agent_status").ends_with("L4CON"); }));
  EXPECT_EQ(lb.figure("server-1", "last_agt"), "Connection refused");
  EXPECT_EQ(lb.figure("server-1", "status"), "UP");
}

TEST(LbAgent, TheRuntimeApiOrdersIt) {
  compat("HAProxy", "Runtime API", "set server ... agent up|down, agent-addr, agent-port, agent-send; enable|disable agent");
  LbBench lb(2, kAgents);
  EXPECT_EQ(lb.cli("set server be/server-1 agent-send state"), "");
  EXPECT_TRUE(eventually([&] { return sh("curl -s http://" + lb.server(1) + ":8080/heard").out == "state"; }));
  EXPECT_EQ(lb.cli("set server be/server-1 agent down"), "") << "until it says otherwise, and its line says nothing";
  EXPECT_EQ(lb.figure("server-1", "status"), "DOWN (agent)");
  EXPECT_EQ(lb.cli("disable agent be/server-1"), "");
  EXPECT_EQ(lb.figure("server-1", "status"), "UP");
  EXPECT_EQ(lb.figure("server-1", "agent_status"), "");
  EXPECT_EQ(lb.cli("set server be/server-1 agent up"), "agent checks are not enabled on this server.\n");
  EXPECT_THAT(lb.cli("show servers state be"), testing::ContainsRegex(" server-1 .* 18 0 0 - 8080 - 0 0 - - 7777\n"));
  EXPECT_EQ(lb.cli("enable agent be/server-1"), "");
  EXPECT_EQ(lb.figure("server-1", "status"), "DOWN (agent)");
  EXPECT_EQ(lb.cli("set server be/server-1 agent up"), "");
  EXPECT_EQ(lb.figure("server-1", "status"), "UP");
  lb.agent(2, "20%\n");
  EXPECT_EQ(lb.cli("set server be/server-1 agent-addr " + lb.server(2) + " port 7777"), "");
  EXPECT_TRUE(lb.becomes("server-1", "weight", "20")) << "another server's agent speaks for it";
  EXPECT_THAT(lb.cli("show servers state be"), testing::ContainsRegex(" server-1 .* 22 0 0 - 8080 - 0 0 - " + lb.server(2) + " 7777\n"));
}

// A load balancer with a real server behind it; no store answers it, so that a request holds its slot and ends with 502.
struct Pair {
  explicit Pair(const std::string& server_config)
      : server_address(TestNode::fresh_address()),
        server("server", 8080, R"({"config":{"node":{)" + server_config + R"(},"peers":[{"name":"postgres-1","role":"postgres","duty":"DUTY_ACTIVE","address":")" +
                                   server_address + R"("}]})", server_address),
        lb("lb", 9999, R"({"config":{"lb":{"checkIntervalMs":50,"fall":100,"agentPort":7777,"agentIntervalMs":20}},)"
                       R"("peers":[{"name":"server-1","role":"server","duty":"DUTY_ACTIVE","address":")" + server_address + "\"}]}") {}
  std::string figure(const char* column) const { return csv_rows(sh("curl -s -m 5 'http://" + lb.address() + ":8404/;csv'").out)["be/server-1"][column]; }
  bool becomes(const char* column, const std::string& value) const {
    return eventually([&] { return figure(column) == value; });
  }
  void tell(const std::string& line) const { sh("echo '" + line + "' | socat -t 5 - TCP:" + lb.address() + ":9999"); }
  std::string agent() const { return sh("socat -t 5 -u TCP:" + server_address + ":7777 -").out; }

  std::string server_address;
  LoneNode server;
  LoneNode lb;
};

TEST(LbAgent, AServersOwnTellsItsLoad) {
  const Pair pair(R"(},"server":{"agentPort":7777,"station":{"slots":2,"serviceMs":3000,"serviceCv":0}})");
  ASSERT_TRUE(pair.becomes("status", "UP") && pair.becomes("weight", "100")) << pair.lb.log();
  EXPECT_EQ(pair.agent(), "up ready 100%\n");
  EXPECT_EQ(pair.agent(), "100%\n") << "to whom it said so before";
  pair.tell("set server be/server-1 state drain");
  std::vector<std::unique_ptr<Child>> users;
  for (int i = 0; i < 2; ++i) {
    users.push_back(std::make_unique<Child>(std::vector<std::string>{"/usr/bin/env", "curl", "-s", "http://" + pair.server_address + ":8080/items/1"}, "/dev/null"));
  }
  EXPECT_TRUE(pair.becomes("weight", "1")) << "every slot is held";
  EXPECT_EQ(pair.agent(), "1%\n");
  EXPECT_EQ(pair.figure("status"), "DRAIN (agent)") << "what an operator ordered stands";
  for (auto& user : users) EXPECT_EQ(user->wait(), 0);
  EXPECT_TRUE(pair.becomes("weight", "100"));
  pair.tell("set server be/server-1 state ready");
  EXPECT_EQ(pair.figure("status"), "UP");
}

TEST(LbAgent, AServersOwnTellsItsDrain) {
  Pair pair(R"(},"server":{"agentPort":7777,"station":{"serviceMs":3000,"serviceCv":0}})");
  ASSERT_TRUE(pair.becomes("status", "UP")) << pair.lb.log();
  Child user({"/usr/bin/env", "curl", "-s", "http://" + pair.server_address + ":8080/items/1"}, "/dev/null");
  ASSERT_TRUE(eventually([&] { return has(sh("curl -s http://" + pair.server_address + ":9100/metrics").out, "server_slots_busy 1\n"); }));
  pair.server.process().signal(SIGTERM);
  EXPECT_TRUE(pair.becomes("status", "DRAIN (agent)"));
  EXPECT_EQ(pair.agent(), "drain\n");
  EXPECT_EQ(user.wait(), 0) << "the request under way is served";
  EXPECT_EQ(pair.server.process().wait(), 0);
  EXPECT_TRUE(eventually([&] { return pair.figure("agent_status").ends_with("L4CON"); }));
  pair.server.kill_and_restart();
  EXPECT_TRUE(pair.becomes("status", "UP")) << "a new process says ready";
}

TEST(LbAgent, AServerUnderMemoryPressureTakesLess) {
  const Pair pair(R"("memoryLimitMb":64,"pressureFrom":0.1,"pressureMax":100},"server":{"agentPort":7777})");
  EXPECT_TRUE(eventually([&] {
    const std::string weight = pair.figure("weight");
    return !weight.empty() && std::stoi(weight) < 90;
  })) << pair.figure("weight");
  EXPECT_EQ(pair.figure("status"), "UP");
}

}  // namespace
}  // namespace chaos::test
