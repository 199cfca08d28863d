// Everything that the controller knows of its lab, as plain data on the engine's thread.
#pragma once

#include "lab/contract.hpp"
#include "lab/cost.hpp"
#include "lab/desired_state.hpp"
#include "lab/lab_alerts.hpp"
#include "runtime/clock.hpp"

namespace chaos {

enum class RunPhase { starting, running, settling, ended };
std::string_view to_word(RunPhase phase);

struct RunSettings {
  v1::Drill drill;             // whole, with presets
  std::string responder;       // empty: a person
  std::uint64_t seed = 1;
  double speed = 60;
  double end_lab_s = 0;
  RealDuration patience = std::chrono::seconds(15);   // for a new process, beyond what lab time it takes
  bool alerts_elsewhere = false;                      // Prometheus evaluates them (lab/lab_alerts.hpp)
};

struct LabModel {
  LabModel(RunSettings settings, NodeClock& clock);

  RunSettings settings;
  NodeClock& clock;
  Registry registry;
  FaultBook faults;
  ContractTally tally;
  CostMeter cost;
  LabAlerts alerts;
  std::string run;
  RunPhase phase = RunPhase::starting;
  TrafficOverlay overlay;
  bool traffic_open = false;
  std::optional<double> closed_lab_s;       // when the run's traffic ended
  std::vector<std::int64_t> acknowledged;   // orders answered with 201, as reported; may repeat
  PrimaryWord primary;
  std::string promoting;                    // told by a failover under way that it is the primary, before the others are
  std::optional<OpenFailover> failover;     // under way
  std::vector<std::int64_t> lost_orders;    // ascending: acknowledged ones that failovers lost; no longer in `acknowledged`

  const v1::Drill& drill() const { return settings.drill; }
  double lab_s() const { return clock.lab_now().seconds(); }
  /// The same until the run is closed; then when that was.
  double run_lab_s() const { return closed_lab_s.value_or(lab_s()); }
  /// A new process of a client tells again what its last one told: what a failover lost stays lost.
  void acknowledge(const v1::Report& report);
  void lose(const std::vector<std::int64_t>& orders);
  /// The run's traffic ends; what comes later is not billed.
  void close_run();
  /// What a hidden fault or event is after the run.
  bool revealed() const { return phase == RunPhase::ended; }
  /// Lab time goes on from `lab` at `speed`; nodes learn it with their next state.
  void set_clock(LabTime lab, double speed);
  /// Nodes tell lab time from their machine's wall clock: after a step of it (or a suspend) they need a new anchor. True
  /// when there is one to send.
  bool follow_wall_clock();
  /// Lab time stands still but for a thousandth: before the run.
  void hold_clock(double lab_s);
  double speed() const { return phase == RunPhase::starting ? settings.speed : clock.speed(); }
  LabState state() const;
  /// The version of the role's next processes; of standbys at once.
  void set_version(const std::string& role, const std::string& version);
  /// After a duty changed.
  void bill(const std::string& role);
  Observation observe() const;
  const v1::NodeSettings& node_settings(const std::string& role) const;

 private:
  v1::ClockAnchor anchor_;
  RealTime anchored_at_{};      // when anchor_ was made
};

}  // namespace chaos
