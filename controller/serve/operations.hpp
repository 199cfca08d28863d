// The procedures that run now, and who watches them.
#pragma once

#include "lab/procedure.hpp"
#include "serve/fleet.hpp"

#include <functional>
#include <list>
#include <memory>

namespace chaos {

struct OperationEnd {
  std::string failure;         // empty: done
  bool abandoned = false;      // the lab had no more time for it
};

struct Operation {
  struct Version {
    std::string role;
    std::string version;
  };
  std::unique_ptr<Procedure> procedure;
  std::optional<Version> version;   // what the role's next processes run; in force once the operation begins
  std::optional<OpenFailover> failover;   // of a failover: the model's for as long as it runs
  std::string actor;           // operator, responder, drill
  std::string what;            // stable word for the event: restart, rollback, stop, start, drain, scale, deploy
  std::string name;            // "rolling restart of server": what is done, or ended early
  std::string text;            // a sentence: what begins
  std::function<void()> count;    // begins to count what a failover lost; may be empty
  std::function<void(const v1::Progress&)> on_progress;           // may be empty
  std::function<void(const OperationEnd&)> on_end;                // may be empty
};

/// Engine's thread only. An operation goes on when its watcher leaves.
class Operations {
 public:
  /// keep: writes down what the model knows; called before any node hears of a failover or of its new primary.
  Operations(LabModel& model, Fleet& fleet, EventHub& events, std::function<void()> keep = {})
      : model_(model), fleet_(fleet), events_(events), keep_(std::move(keep)) {}

  /// Refuses when one of its nodes is in another operation's hands.
  Answer<void> start(Operation operation);
  /// At each tick and after each change of a node.
  void step();
  bool busy(const std::string& actor) const;
  /// Ends all, with this as their failure.
  void abandon(const std::string& why);

 private:
  void step_one(Operation& operation);
  void carry_out(const Operation& operation, const Order& order);
  void name(const Order& order);
  void ended(const Operation& operation, const std::string& failure);

  LabModel& model_;
  Fleet& fleet_;
  EventHub& events_;
  std::function<void()> keep_;
  std::list<Operation> running_;
};

}  // namespace chaos
