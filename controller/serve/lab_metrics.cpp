#include "serve/lab_metrics.hpp"

namespace chaos {

namespace {

prometheus::Counter& counter(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({});
}

void raise(prometheus::Counter& counter, double to) {
  if (to > counter.Value()) counter.Increment(to - counter.Value());
}

}  // namespace

prometheus::Gauge& LabMetrics::gauge(const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry_).Add({});
}

LabMetrics::LabMetrics(prometheus::Registry& registry, const LabModel& model)
    : registry_(registry), lab_time_(gauge("lab_time_seconds", "Lab time since lab midnight of the first day")),
      speed_(gauge("lab_speed_ratio", "Lab seconds a real second")), users_(gauge("lab_users", "Users now")),
      planned_users_(gauge("lab_planned_users", "Users by the daily curve alone")),
      requests_(counter(registry, "lab_user_requests_total", "Requests of users in this run")),
      good_(counter(registry, "lab_user_requests_good_total", "Of these, answered in time without a server error")),
      uptime_(gauge("lab_uptime_ratio", "Good requests over all requests of the run")),
      uptime_min_(gauge("lab_uptime_objective_ratio", "The contract's least uptime")),
      p95_(gauge("lab_latency_p95_seconds", "95th percentile over all answered requests of the run")),
      p95_max_(gauge("lab_latency_p95_objective_seconds", "The contract's largest 95th percentile")),
      budget_(gauge("lab_budget_usd_per_month", "Monthly price of active nodes, weighted by lab time")),
      budget_max_(gauge("lab_budget_objective_usd_per_month", "The contract's largest budget")) {
  auto& up = prometheus::BuildGauge().Name("lab_node_up").Help("1: the node's control link stands").Register(registry);
  auto& ready = prometheus::BuildGauge().Name("lab_node_ready").Help("1: the node serves; 0 too when it has not reported for two seconds").Register(registry);
  auto& phase = prometheus::BuildGauge().Name("lab_node_phase").Help("0 standby, 1 booting, 2 ready, 3 draining, 4 stopping").Register(registry);
  auto& duty = prometheus::BuildGauge().Name("lab_node_duty").Help("What is wanted: 0 standby, 1 active, 2 draining").Register(registry);
  auto& restarts = prometheus::BuildCounter().Name("lab_node_restarts_total").Help("Processes after the first").Register(registry);
  auto& deaths = prometheus::BuildCounter().Name("lab_node_deaths_total").Help("Ends of processes that nobody asked for").Register(registry);
  for (const NodeEntry& node : model.registry.nodes()) {
    const prometheus::Labels labels{{"node", node.name}, {"role", node.role}};
    nodes_[node.name] = {&up.Add(labels), &ready.Add(labels), &phase.Add(labels), &duty.Add(labels), &restarts.Add(labels), &deaths.Add(labels)};
  }
}

void LabMetrics::refresh(LabModel& model) {
  for (const NodeEntry& node : model.registry.nodes()) {
    Node& out = nodes_.at(node.name);
    out.up->Set(node.attached ? 1 : 0);
    out.ready->Set(node.ready() && !node.silent(RealClock::now()) ? 1 : 0);
    out.phase->Set(node.report.phase());
    out.duty->Set(node.duty);
    raise(*out.restarts, node.restarts);
    raise(*out.deaths, node.deaths);
  }
  const double lab_s = model.lab_s();
  const v1::ContractStatus contract = model.tally.status(model.cost.usd_month(lab_s));
  lab_time_.Set(lab_s);
  speed_.Set(model.speed());
  users_.Set(model.traffic_open ? users_at(model.drill().traffic(), model.overlay, lab_s) : 0);
  planned_users_.Set(planned_users(model.drill().traffic(), lab_s));
  raise(requests_, static_cast<double>(contract.requests()));
  raise(good_, static_cast<double>(contract.good()));
  uptime_.Set(contract.uptime());
  uptime_min_.Set(contract.uptime_min());
  p95_.Set(contract.p95_ms() / 1000);
  p95_max_.Set(contract.p95_ms_max() / 1000);
  budget_.Set(contract.budget_usd_month());
  budget_max_.Set(contract.budget_usd_month_max());
}

}  // namespace chaos
