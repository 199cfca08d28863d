#include "web/status_json.hpp"

#include "lab/node_state.hpp"
#include "record/bounds.hpp"
#include "record/incident.hpp"
#include "record/words.hpp"
#include "runtime/json_text.hpp"
#include "web/lab_series.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <cmath>

namespace chaos::web {

namespace json = boost::json;

namespace {

constexpr std::size_t kMaxRuns = 30;

// JSON knows no NaN.
json::value number(double value) { return std::isfinite(value) ? json::value(value) : json::value(nullptr); }

struct Row {
  std::string_view name;
  std::string run;
  std::string bound;
  std::string now;
  bool kept;
  bool kept_now;
};

json::object row(const Row& of) {
  return {{"name", of.name}, {"run", of.run}, {"bound", of.bound}, {"now", of.now}, {"kept", of.kept}, {"kept_now", of.kept_now}};
}

json::object contract(const v1::ContractStatus& c) {
  using namespace record;
  json::array rows;
  rows.push_back(row({"Uptime", percent_at_least(c.uptime(), c.uptime_min(), 2), "at least " + bound_text(100 * c.uptime_min()) + " %",
                      percent_at_least(c.uptime_now(), c.uptime_min(), 1), c.uptime() >= c.uptime_min(), c.uptime_now() >= c.uptime_min()}));
  rows.push_back(row({"P95", number_at_most(c.p95_ms(), c.p95_ms_max()) + " ms", "at most " + bound_text(c.p95_ms_max()) + " ms",
                      number_at_most(c.p95_ms_now(), c.p95_ms_max()) + " ms", c.p95_ms() <= c.p95_ms_max(), c.p95_ms_now() <= c.p95_ms_max()}));
  rows.push_back(row({"Budget", number_at_most(c.budget_usd_month(), c.budget_usd_month_max()) + " $/month",
                      "at most " + bound_text(c.budget_usd_month_max()) + " $/month", {}, c.budget_usd_month() <= c.budget_usd_month_max(), true}));
  return {{"met", c.met()}, {"rows", std::move(rows)}, {"error_budget_left", percent(c.error_budget_left(), 0)}, {"requests", c.requests()}};
}

json::object traffic(const v1::TrafficStatus& t) {
  json::array curve;
  for (const v1::CurvePoint& point : t.curve()) curve.push_back(json::array{point.lab_s(), point.users()});
  return {{"users", number(t.users())}, {"planned", number(t.planned_users())}, {"fixed", t.fixed()}, {"rate", number(t.rate())}, {"curve", std::move(curve)}};
}

json::array ways(const v1::NodeStatus& node, const Place& place) {
  json::array out;
  for (const Way& way : ways_to(node, place)) out.push_back(json::object{{"what", way.what}, {"command", way.command}, {"url", way.url}});
  return out;
}

json::object node(const v1::NodeStatus& n, const Place& place) {
  const std::string state = state_word(n);
  const bool live = state == "ready" || state == "draining";
  json::object out{{"name", n.name()}, {"role", n.role()}, {"state", state}, {"live", live}, {"version", n.version()}, {"address", n.address()},
                   {"resident", n.resident_bytes()}, {"limit", n.memory_limit_bytes()}, {"restarts", n.restarts()}, {"last_exit", n.last_exit()}, {"ways", ways(n, place)}};
  if (!live) return out;
  out["rate"] = number(n.rate());
  out["p95_ms"] = number(n.p95_ms());
  out["error_ratio"] = number(n.error_ratio());
  out["in_flight"] = n.in_flight();
  return out;
}

json::object event(const v1::Event& e) {
  const bool loud = record::is_alert(e) || record::is_node_death(e) || record::is_fault_start(e);
  return {{"seq", e.seq()}, {"lab", record::clock_text(e.lab_s())}, {"at_ms", e.unix_us() / 1000}, {"kind", e.kind()}, {"node", e.node()},
          {"what", e.what()}, {"text", e.text()}, {"actor", e.actor()}, {"loud", loud}};
}

std::string dashboard(const RunInfo& run, const MonitoringLinks& links) {
  if (links.grafana.empty()) return {};
  const std::string to = run.state == RunState::running ? "now" : std::to_string(last_moment_us(run) / 1000);
  return fmt::format("{}/d/chaoslab-postmortem?from={}&to={}&var-run={}", links.grafana, run.start_unix_us / 1000, to, run.id);
}

bool over(const RunInfo& run) { return run.state == RunState::ended || run.state == RunState::interrupted; }

json::array runs(const StatusView& view) {
  json::array out;
  for (auto run = view.runs.rbegin(); run != view.runs.rend() && out.size() < kMaxRuns; ++run) {
    out.push_back(json::object{{"run", run->id}, {"drill", run->drill}, {"responder", run->responder}, {"state", to_word(run->state)}, {"started_ms", run->start_unix_us / 1000},
                               {"lab", record::clock_text(run->last_lab_s)}, {"dashboard", dashboard(*run, view.links)}, {"postmortem", over(*run) ? "/runs/" + run->id : ""}});
  }
  return out;
}

json::array alerts(const StatusView& view) {
  json::array out;
  for (const std::string& name : view.status.alerts()) {
    const std::string page = name.substr(0, name.find(' '));      // "LatencyBudgetBurn 1h"
    out.push_back(json::object{{"name", name}, {"runbook", view.runbooks.contains(page) ? "/runbooks/" + page : ""}});
  }
  return out;
}

json::array links(const MonitoringLinks& to) {
  json::array out;
  const auto add = [&](std::string_view name, const std::string& base, std::string_view path) {
    if (!base.empty()) out.push_back(json::object{{"name", name}, {"url", base + std::string(path)}});
  };
  add("Overview", to.grafana, "/d/chaoslab-overview");
  add("Triage", to.grafana, "/d/chaoslab-triage");
  add("Grafana", to.grafana, "/");
  add("Prometheus", to.prometheus, "/");
  add("Alertmanager", to.alertmanager, "/");
  return out;
}

}  // namespace

std::string status_json(const StatusView& view) {
  const v1::LabStatus& s = view.status;
  json::array nodes;
  for (const v1::NodeStatus& one : s.nodes()) nodes.push_back(node(one, view.place));
  json::array events;
  for (const v1::Event& one : s.events()) events.push_back(event(one));
  return json_text(json::object{
      {"run", s.run()}, {"drill", s.drill()}, {"title", view.title}, {"responder", s.responder()}, {"seed", s.seed()}, {"state", s.state()},
      {"lab", record::clock_text(s.lab_s())}, {"lab_s", s.lab_s()}, {"start_lab_s", s.start_lab_s()}, {"end_lab_s", s.end_lab_s()}, {"speed", s.speed()},
      {"contract", contract(s.contract())}, {"traffic", traffic(s.traffic())}, {"nodes", std::move(nodes)}, {"alerts", alerts(view)},
      {"faults", json::array(s.faults_in_force().begin(), s.faults_in_force().end())}, {"events", std::move(events)}, {"runs", runs(view)}, {"links", links(view.links)}});
}

}  // namespace chaos::web
