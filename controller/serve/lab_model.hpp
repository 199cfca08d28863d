// Everything that the controller knows of its lab, as plain data on the engine's thread.
#pragma once

#include "lab/alerts.hpp"
#include "lab/contract.hpp"
#include "lab/cost.hpp"
#include "lab/desired_state.hpp"
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
};

struct LabModel {
  LabModel(RunSettings settings, NodeClock& clock);

  RunSettings settings;
  NodeClock& clock;
  Registry registry;
  FaultBook faults;
  ContractTally tally;
  CostMeter cost;
  Alerts alerts;
  std::string run;
  RunPhase phase = RunPhase::starting;
  TrafficOverlay overlay;
  bool traffic_open = false;
  std::vector<std::int64_t> acknowledged;   // orders answered with 201, as reported; may repeat

  const v1::Drill& drill() const { return settings.drill; }
  double lab_s() const { return clock.lab_now().seconds(); }
  /// What a hidden fault or event is after the run.
  bool revealed() const { return phase == RunPhase::ended; }
  /// Lab time goes on from `lab` at `speed`; nodes learn it with their next state.
  void set_clock(LabTime lab, double speed);
  /// Lab time stands still but for a thousandth: before the run.
  void hold_clock();
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
};

}  // namespace chaos
