#include "web/status_json.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include <limits>

namespace chaos::web {
namespace {

namespace json = boost::json;

v1::NodeStatus& add_node(v1::LabStatus& status, const std::string& name, v1::Phase phase) {
  v1::NodeStatus& node = *status.add_nodes();
  node.set_name(name);
  node.set_role("server");
  node.set_address("127.42.40.1");
  node.set_attached(true);
  node.set_phase(phase);
  node.set_resident_bytes(48'000'000);
  node.set_memory_limit_bytes(96'000'000);
  node.set_rate(12.5);
  return node;
}

json::value parsed(const StatusView& view) { return json::parse(status_json(view)); }

TEST(StatusJson, NodesKeepTheirOrderAndOnlyThoseThatServeHaveFigures) {
  StatusView view;
  add_node(view.status, "server-1", v1::PHASE_READY).set_p95_ms(std::numeric_limits<double>::quiet_NaN());
  add_node(view.status, "server-2", v1::PHASE_STANDBY);
  add_node(view.status, "server-3", v1::PHASE_READY).set_attached(false);
  const json::array nodes = parsed(view).at("nodes").as_array();
  ASSERT_EQ(nodes.size(), 3u);
  EXPECT_EQ(nodes[0].at("rate").to_number<double>(), 12.5);
  EXPECT_TRUE(nodes[0].at("p95_ms").is_null());
  EXPECT_EQ(nodes[1].at("state").as_string(), "standby");
  EXPECT_FALSE(nodes[1].as_object().contains("rate"));
  EXPECT_EQ(nodes[2].at("state").as_string(), "down");
  EXPECT_EQ(nodes[0].at("ways").at(0).at("command").as_string(), "curl -i http://127.42.40.1:8080/readyz");
}

TEST(StatusJson, FiguresNeverRoundAcrossTheirBounds) {
  StatusView view;
  v1::ContractStatus& contract = *view.status.mutable_contract();
  contract.set_uptime(0.94999);
  contract.set_uptime_min(0.95);
  contract.set_uptime_now(1);
  contract.set_p95_ms(320.4);
  contract.set_p95_ms_max(320);
  const json::value out = parsed(view).at("contract");
  EXPECT_EQ(out.at("rows").at(0).at("run").as_string(), "94.999 %");
  EXPECT_FALSE(out.at("rows").at(0).at("kept").as_bool());
  EXPECT_TRUE(out.at("rows").at(0).at("kept_now").as_bool());
  EXPECT_EQ(out.at("rows").at(1).at("run").as_string(), "320.4 ms");
  EXPECT_EQ(out.at("rows").at(1).at("bound").as_string(), "at most 320 ms");
}

RunInfo run(const std::string& id, RunState state) {
  RunInfo info;
  info.id = id;
  info.state = state;
  info.start_unix_us = 1'000'000;
  info.end_unix_us = state == RunState::ended ? 9'000'000 : 0;
  info.last_unix_us = 8'000'000;
  return info;
}

TEST(StatusJson, RunsAreNewestFirstAndLeadToTheirDashboardAndPostMortem) {
  StatusView view;
  view.runs = {run("r1", RunState::ended), run("r2", RunState::interrupted), run("r3", RunState::running)};
  view.links.grafana = "http://127.0.0.1:3000";
  const json::array runs = parsed(view).at("runs").as_array();
  EXPECT_EQ(runs[0].at("dashboard").as_string(), "http://127.0.0.1:3000/d/chaoslab-postmortem?from=1000&to=now&var-run=r3");
  EXPECT_EQ(runs[0].at("postmortem").as_string(), "");
  EXPECT_EQ(runs[1].at("dashboard").as_string(), "http://127.0.0.1:3000/d/chaoslab-postmortem?from=1000&to=8000&var-run=r2");
  EXPECT_EQ(runs[2].at("dashboard").as_string(), "http://127.0.0.1:3000/d/chaoslab-postmortem?from=1000&to=9000&var-run=r1");
  EXPECT_EQ(runs[2].at("postmortem").as_string(), "/runs/r1");
  view.links.grafana.clear();
  EXPECT_EQ(parsed(view).at("runs").at(0).at("dashboard").as_string(), "");
}

TEST(StatusJson, LinksAreThoseThatWereNamed) {
  StatusView view;
  EXPECT_TRUE(parsed(view).at("links").as_array().empty());
  view.links.prometheus = "http://127.0.0.1:9090";
  EXPECT_EQ(parsed(view).at("links").at(0).at("url").as_string(), "http://127.0.0.1:9090/");
}

TEST(StatusJson, AnAlertLeadsToItsRunbook) {
  StatusView view;
  view.runbooks = {"LatencyBudgetBurn"};
  view.status.add_alerts("LatencyBudgetBurn 6h");
  view.status.add_alerts("Other");
  const json::array alerts = parsed(view).at("alerts").as_array();
  EXPECT_EQ(alerts[0].at("runbook").as_string(), "/runbooks/LatencyBudgetBurn");
  EXPECT_EQ(alerts[1].at("runbook").as_string(), "");
}

TEST(StatusJson, TextsAreWhatTheyWere) {
  StatusView view;
  v1::Event& event = *view.status.add_events();
  event.set_kind("action");
  event.set_text("</script><img src=x onerror=alert(1)> \"quoted\" \\ \n ü");
  event.set_lab_s(63'720);
  const json::value out = parsed(view).at("events").at(0);
  EXPECT_EQ(out.at("text").as_string(), event.text());
  EXPECT_EQ(out.at("lab").as_string(), "17:42");
  EXPECT_FALSE(out.at("loud").as_bool());
}

}  // namespace
}  // namespace chaos::web
