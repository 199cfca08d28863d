// The run: begins when the lab is ready, follows the drill's schedule, watches, lets the responder act, ends.
#pragma once

#include "drill/responder.hpp"
#include "serve/operations.hpp"
#include "serve/recorder.hpp"

namespace chaos {

struct ConductorParts {
  LabModel& model;
  Fleet& fleet;
  Operations& operations;
  EventHub& events;
  Recorder& recorder;
};

/// Engine's thread only.
class Conductor {
 public:
  /// responder: null for a person.
  Conductor(ConductorParts parts, const v1::Responder* responder);

  /// False when a node was not ready until the deadline; `why` names it. With `own_nodes`, processes of this controller, also as soon
  /// as one of them ends again and again.
  awaitable<bool> wait_ready(RealTime deadline, bool own_nodes, std::string* why);
  void begin();
  /// The same for a run that was cut off; lab time goes on from `lab_s`.
  void resume(const v1::Snapshot& snapshot, double lab_s);
  /// Returns at the end of the lab time, or when `end_now` is set.
  awaitable<void> run();
  void end_now() { end_now_ = true; }
  /// Every 50 ms for as long as the lab is up: operations, alerts, samples. Run by the host's task group.
  awaitable<void> tick_forever();
  void add_report(const v1::Report& report);
  /// What Alertmanager tells; kept while the run goes on.
  void hear(const std::vector<ToldAlert>& told);
  v1::Snapshot snapshot() const;

 private:
  void tick();
  void follow_schedule();
  void come_fault(const v1::ScheduledFault& fault);
  void come_deploy(const v1::ScheduledDeploy& deploy);
  std::string roll_out(const v1::ScheduledDeploy& deploy);
  void follow_deferred();
  void watch();
  void tell(const std::vector<AlertChange>& changes, const std::string& who);
  void respond(const Observation& seen);
  void sweep_faults();

  ConductorParts p_;
  std::optional<ResponderEngine> responder_;
  std::vector<v1::ScheduledDeploy> deferred_;     // roll-outs that wait for other work to end
  std::string refused_;                           // why the responder's last action was; empty: it began
  double scheduled_to_ = 0;
  RealTime next_sample_{};
  bool end_now_ = false;
};

}  // namespace chaos
