#include "serve/lab_status.hpp"

#include <fmt/format.h>

namespace chaos {

v1::TrafficStatus traffic_status(LabModel& model, CurveStep step) {
  const v1::TrafficPlan& plan = model.drill().traffic();
  const double lab_s = model.lab_s();
  v1::TrafficStatus out;
  out.set_users(model.traffic_open ? users_at(plan, model.overlay, lab_s) : 0);
  out.set_planned_users(planned_users(plan, lab_s));
  out.set_rate(model.tally.rate_now(RealClock::now()));
  out.set_fixed(model.overlay.fixed_users.has_value());
  out.set_think_s(plan.think_s());
  *out.mutable_mix() = plan.mix();
  const std::vector<v1::CurvePoint> day = day_curve(plan);
  for (std::size_t i = 0; i < day.size(); i += static_cast<std::size_t>(step)) *out.add_curve() = day[i];
  return out;
}

v1::LabStatus lab_status(LabModel& model, const LabPlace& place) {
  const RealTime now = RealClock::now();
  model.tally.slide(now);
  v1::LabStatus out;
  out.set_run(model.run);
  out.set_drill(model.drill().name());
  out.set_responder(model.settings.responder);
  out.set_seed(model.settings.seed);
  out.set_lab_s(model.lab_s());
  out.set_start_lab_s(model.drill().start_lab_s());
  out.set_end_lab_s(model.settings.end_lab_s);
  out.set_speed(model.speed());
  out.set_state(std::string(to_word(model.phase)));
  if (const NodeEntry* primary = primary_node(model.registry, model.primary)) out.set_primary(primary->name);
  for (const NodeEntry& node : model.registry.nodes()) *out.add_nodes() = model.registry.status(node, now);
  *out.mutable_contract() = model.tally.status(model.cost.usd_month(model.run_lab_s()));
  *out.mutable_traffic() = traffic_status(model, CurveStep::coarse);
  for (const BookedFault& booked : model.faults.all()) {
    if (booked.hidden && !model.revealed()) continue;
    out.add_faults_in_force(fmt::format("{} {} {}", booked.fault.id(), kind_name(booked.fault), target_text(booked.fault.target())));
  }
  for (const std::string& alert : model.alerts.firing()) out.add_alerts(alert);
  out.set_data_dir(place.data_dir);
  out.set_http_address(place.http_address);
  return out;
}

}  // namespace chaos
