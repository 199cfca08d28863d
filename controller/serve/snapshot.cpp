#include "serve/snapshot.hpp"

#include "serve/failover_snapshot.hpp"
#include "serve/host.hpp"

#include <algorithm>

namespace chaos {

namespace {

v1::NodeSnapshot of_node(const NodeEntry& node) {
  v1::NodeSnapshot out;
  out.set_name(node.name);
  out.set_duty(node.lasting_duty.value_or(node.duty));
  out.set_version(node.version);
  out.set_wanted_version(node.wanted_version);
  out.set_was_stopped(node.was_stopped);
  out.set_set_aside(node.set_aside);
  out.set_process(node.process);
  out.set_pid(node.pid);
  out.set_restarts(node.restarts);
  out.set_last_exit(node.last_exit);
  out.set_address(node.address);
  return out;
}

v1::FaultSnapshot of_fault(const BookedFault& booked) {
  v1::FaultSnapshot out;
  *out.mutable_fault() = booked.fault;
  for (const std::string& node : booked.nodes) out.add_nodes(node);
  for (const std::string& node : booked.done) out.add_done(node);
  out.set_bites(booked.bites_total());
  out.set_origin(booked.origin);
  out.set_hidden(booked.hidden);
  return out;
}

BookedFault booked_fault(const v1::FaultSnapshot& saved) {
  BookedFault out;
  out.fault = saved.fault();
  out.nodes.assign(saved.nodes().begin(), saved.nodes().end());
  out.done.insert(saved.done().begin(), saved.done().end());
  out.bites_before = saved.bites();
  out.origin = saved.origin();
  out.hidden = saved.hidden();
  return out;
}

void restore_node(NodeEntry& node, const v1::NodeSnapshot& saved, bool live) {
  node.duty = saved.duty();
  node.version = saved.version();
  node.wanted_version = saved.wanted_version();
  node.was_stopped = saved.was_stopped();
  node.set_aside = saved.set_aside();
  node.restarts = saved.restarts();
  node.last_exit = saved.last_exit();
  node.address = saved.address();
  node.incarnation = saved.process().empty() ? 0 : 1;
  node.process = saved.process();
  node.pid = live ? saved.pid() : 0;
  node.report_at = RealClock::now();       // from now on it may be missed
}

}  // namespace

v1::Snapshot take_snapshot(const LabModel& model) {
  v1::Snapshot out;
  out.set_lab_s(model.lab_s());
  out.set_unix_us(unix_us_now());
  out.set_speed(model.settings.speed);
  for (const NodeEntry& node : model.registry.nodes()) *out.add_nodes() = of_node(node);
  if (model.overlay.fixed_users) out.set_fixed_users(*model.overlay.fixed_users);
  for (const Spike& spike : model.overlay.spikes) {
    v1::SpikeSnapshot& saved = *out.add_spikes();
    saved.set_from_lab_s(spike.from_lab_s);
    saved.set_to_lab_s(spike.to_lab_s);
    saved.set_users(spike.users);
  }
  for (const BookedFault& booked : model.faults.all()) *out.add_faults() = of_fault(booked);
  out.set_next_fault(model.faults.next_id());
  out.set_lost_data(model.faults.lost_data());
  out.set_usd_month(model.cost.usd_month(model.lab_s()));
  if (model.primary.term > 0) {
    out.mutable_primary()->set_name(model.primary.name);
    out.mutable_primary()->set_term(model.primary.term);
  }
  for (const std::int64_t id : model.lost_orders) out.add_lost_orders(id);
  if (model.failover) *out.mutable_failover() = take_failover(model);
  return out;
}

void restore(LabModel& model, const CutOffRun& run, bool live) {
  const v1::Snapshot& saved = run.snapshot;
  model.settings.speed = saved.speed();
  for (const v1::NodeSnapshot& node : saved.nodes()) {
    if (NodeEntry* entry = model.registry.find(node.name())) restore_node(*entry, node, live);
  }
  model.overlay = {};
  if (saved.has_fixed_users()) model.overlay.fixed_users = saved.fixed_users();
  for (const v1::SpikeSnapshot& spike : saved.spikes()) model.overlay.spikes.push_back({spike.from_lab_s(), spike.to_lab_s(), spike.users()});
  std::vector<BookedFault> faults;
  for (const v1::FaultSnapshot& fault : saved.faults()) faults.push_back(booked_fault(fault));
  model.faults.restore(std::move(faults), saved.next_fault(), saved.lost_data());
  model.cost.restore(saved.lab_s(), saved.usd_month());
  for (const std::string& role : model.registry.roles()) model.bill(role);
  model.tally.restore(run.data.minutes, run.data.latency);
  model.primary = {saved.primary().name(), saved.primary().term()};
  if (saved.has_failover()) restore_failover(model, saved.failover());
  model.acknowledged = run.orders;
  model.lost_orders.clear();
  model.lose({saved.lost_orders().begin(), saved.lost_orders().end()});
  model.alerts.take_up(run.data.events);
  if (live) return;
  // A process that ended with its controller took along what bent it.
  for (const NodeEntry& node : model.registry.nodes()) model.faults.process_ended(node.name);
}

double resumed_lab_s(const v1::Snapshot& snapshot, bool live, std::int64_t unix_us) {
  const double away = live ? static_cast<double>(unix_us - snapshot.unix_us()) / 1e6 : 0;
  return snapshot.lab_s() + std::max(0.0, away) * snapshot.speed();
}

}  // namespace chaos
