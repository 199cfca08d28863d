#include "serve/conductor.hpp"

#include "drill/schedule.hpp"
#include "runtime/sleep.hpp"
#include "serve/host.hpp"
#include "serve/plans.hpp"

#include <fmt/format.h>

namespace chaos {

namespace {
constexpr RealDuration kTick = std::chrono::milliseconds(50);
constexpr RealDuration kSample = std::chrono::seconds(1);
}  // namespace

Conductor::Conductor(ConductorParts parts, const v1::Responder* responder) : p_(parts) {
  if (responder) responder_.emplace(*responder);
}

awaitable<bool> Conductor::wait_ready(RealTime deadline, bool own_nodes, std::string* why) {
  while (!p_.model.registry.all_ready()) {
    if (end_now_) co_return false;
    const bool hopeless = own_nodes && !p_.model.registry.failing().empty();
    if (!hopeless && (co_await p_.fleet.changed().wait(std::min(deadline, RealClock::now() + kTick)) || RealClock::now() < deadline)) continue;
    for (const std::string& name : p_.model.registry.unready()) {
      const NodeEntry& node = *p_.model.registry.find(name);
      std::string state = node.last_exit.empty() ? "not attached" : node.last_exit;
      if (node.attached) state = node.ready() ? "its checks have not found every server" : std::string(phase_word(node.report.phase()));
      *why += fmt::format("{}{} ({})", why->empty() ? "" : ", ", name, state);
    }
    co_return false;
  }
  co_return true;
}

void Conductor::begin() {
  LabModel& model = p_.model;
  model.phase = RunPhase::running;
  model.traffic_open = true;
  model.set_clock(LabTime::from_seconds(model.drill().start_lab_s()), model.settings.speed);
  scheduled_to_ = model.drill().start_lab_s();
  p_.fleet.push();
  const std::string who = model.settings.responder.empty() ? "a person" : model.settings.responder;
  p_.events.publish({"run", "", "started", fmt::format("{} begins; on call: {}", model.drill().title(), who), "drill"});
}

void Conductor::resume(const v1::Snapshot& snapshot, double lab_s) {
  LabModel& model = p_.model;
  model.phase = RunPhase::running;
  model.traffic_open = true;
  model.set_clock(LabTime::from_seconds(lab_s), model.settings.speed);
  scheduled_to_ = snapshot.scheduled_to_lab_s();
  deferred_.assign(snapshot.deferred().begin(), snapshot.deferred().end());
  p_.fleet.push();
  p_.events.publish({"run", "", "resumed", fmt::format("a new controller goes on with the run at lab {}", lab_clock_text(lab_s)), "drill"});
}

v1::Snapshot Conductor::snapshot() const {
  v1::Snapshot out = take_snapshot(p_.model);
  out.set_scheduled_to_lab_s(scheduled_to_);
  for (const v1::ScheduledDeploy& deploy : deferred_) *out.add_deferred() = deploy;
  return out;
}

awaitable<void> Conductor::run() {
  while (!end_now_ && p_.model.lab_s() < p_.model.settings.end_lab_s) {
    const LabDuration left = LabDuration::from_seconds(p_.model.settings.end_lab_s - p_.model.lab_s());
    co_await sleep_real(std::min<RealDuration>(kTick, p_.model.clock.to_real(left) + std::chrono::milliseconds(1)));
  }
}

awaitable<void> Conductor::tick_forever() {
  RealTime at = RealClock::now();
  while (true) {
    tick();
    at = std::max(at + kTick, RealClock::now());
    // A change of a node is not left waiting for the next tick.
    while (co_await p_.fleet.changed().wait(at)) p_.operations.step();
  }
}

void Conductor::tick() {
  if (p_.model.follow_wall_clock()) p_.fleet.push();
  p_.fleet.sweep();
  if (p_.model.phase == RunPhase::running) follow_schedule();
  sweep_faults();
  p_.operations.step();
  if (p_.model.phase == RunPhase::running) watch();
  const RealTime now = RealClock::now();
  if (p_.model.phase != RunPhase::running) return;
  if (p_.recorder.stale()) {      // what was acknowledged to an operator survives the controller
    p_.recorder.keep(snapshot());
    p_.recorder.flush();
  }
  if (now < next_sample_) return;
  next_sample_ = std::max(next_sample_ + kSample, now);
  p_.recorder.keep(snapshot());
  p_.recorder.sample();
}

void Conductor::follow_schedule() {
  const double now = p_.model.lab_s();
  const Due due = due_between(p_.model.drill(), scheduled_to_, now);
  scheduled_to_ = std::max(scheduled_to_, now);
  follow_deferred();
  for (const v1::ScheduledDeploy* deploy : due.deploys) come_deploy(*deploy);
  for (const v1::ScheduledFault* fault : due.faults) come_fault(*fault);
}

void Conductor::come_deploy(const v1::ScheduledDeploy& deploy) {
  const std::string text = fmt::format("version {} of {} is deployed", deploy.version(), deploy.role());
  p_.events.publish({"deploy", deploy.role(), "deploy", text, "drill", deploy.silent()});
  if (deploy.silent()) return;
  p_.model.set_version(deploy.role(), deploy.version());     // of the processes that come next, whoever starts them
  const std::string why = roll_out(deploy);
  if (why.empty()) return;
  deferred_.push_back(deploy);
  p_.events.publish({"deploy", deploy.role(), "deferred", "the roll-out waits: " + why, "drill"});
}

// Why it cannot begin now; empty: it began, or nothing has to be done.
std::string Conductor::roll_out(const v1::ScheduledDeploy& deploy) {
  auto operation = plan_deploy(p_.model, deploy);
  if (!operation) return operation.error().text;
  operation->actor = "drill";
  const auto started = p_.operations.start(std::move(*operation));
  return started ? std::string{} : started.error().text;
}

// A roll-out that met other work begins when that is over, unless the role went on to another version meanwhile.
void Conductor::follow_deferred() {
  std::erase_if(deferred_, [this](const v1::ScheduledDeploy& deploy) {
    const auto nodes = p_.model.registry.of_role(deploy.role());
    const bool wanted = !nodes.empty() && nodes.front()->wanted_version == deploy.version();
    return !wanted || roll_out(deploy).empty();
  });
}

void Conductor::come_fault(const v1::ScheduledFault& scheduled) {
  Injection injection{scheduled.fault(), "drill", true, p_.model.clock.lab_now(), p_.model.primary};
  injection.fault.set_in_version(scheduled.in_version());
  const auto booked = p_.model.faults.inject(std::move(injection), p_.model.registry);
  if (!booked) {
    p_.events.publish({"fault", "", "refused", booked.error().text, "drill", true});
    return;
  }
  const v1::Fault& fault = (*booked)->fault;
  p_.fleet.push();
  p_.events.publish({"fault", fault.target().node().empty() ? fault.target().role() : fault.target().node(), "inject",
                     fmt::format("{} on {} ({})", kind_name(fault), target_text(fault.target()), fault.id()), "drill", true});
}

void Conductor::sweep_faults() {
  const LabTime now = p_.model.clock.lab_now();
  const auto over = p_.model.faults.sweep(now);
  for (const BookedFault& booked : over) {
    const bool died = booked.ended_with_process(now);
    const char* why = !died ? "" : booked.nodes.size() == 1 ? ", its process ended" : ", its processes ended";
    p_.events.publish({"fault", "", "over", fmt::format("{} on {} is over{} ({})", kind_name(booked.fault), target_text(booked.fault.target()), why, booked.fault.id()),
                       died ? "supervisor" : booked.origin, booked.hidden});
  }
  if (!over.empty()) p_.fleet.push();
}

void Conductor::watch() {
  p_.model.tally.slide(RealClock::now());
  const Observation seen = p_.model.observe();
  tell(p_.model.alerts.update(seen, p_.model.speed(), RealClock::now()), "alerts");
  respond(seen);
}

void Conductor::hear(const std::vector<ToldAlert>& told) {
  if (p_.model.phase == RunPhase::running) tell(p_.model.alerts.hear(told, RealClock::now()), "alertmanager");
}

void Conductor::tell(const std::vector<AlertChange>& changes, const std::string& who) {
  for (const AlertChange& change : changes) {
    p_.events.publish({"alert", change.name, change.firing ? "firing" : "resolved", (change.firing ? "firing: " : "resolved: ") + change.text, who});
  }
}

void Conductor::respond(const Observation& seen) {
  if (!responder_) return;
  const auto action = responder_->decide(seen, p_.operations.busy("responder"));
  if (!action) return;
  Answer<void> started = boost::system::in_place_value;
  if (auto operation = plan_response(p_.model, *action)) {
    operation->actor = "responder";
    operation->text += " because " + action->reason;
    started = p_.operations.start(std::move(*operation));
  } else {
    started = operation.error();
  }
  const std::string why = started ? std::string{} : started.error().text;
  if (!started) responder_->refused();
  if (!started && why != refused_) p_.events.publish({"action", "", "refused", why, "responder"});     // once, not at each tick
  refused_ = why;
}

void Conductor::add_report(const v1::Report& report) {
  if (report.run() != p_.model.run || p_.model.phase == RunPhase::ended) return;
  p_.model.tally.add(report, RealClock::now());
  p_.model.alerts.add(report, p_.model.clock.lab_now().minute());
  p_.model.acknowledge(report);
  p_.recorder.add(report);
}

}  // namespace chaos
