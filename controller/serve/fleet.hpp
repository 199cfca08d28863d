// The nodes as the controller reaches them: control links, the supervisor, the states that are sent.
#pragma once

#include "launch/supervisor.hpp"
#include "runtime/wait_list.hpp"
#include "serve/event_hub.hpp"
#include "serve/lab_model.hpp"
#include "serve/node_link.hpp"

namespace chaos {

/// What became of a change at the nodes that it is for.
struct InForce {
  std::vector<std::string> gone;      // without a process from the start: they take it up when they are back
  std::vector<std::string> ended;     // their processes ended meanwhile
  std::vector<std::string> silent;    // have not said so by the deadline
  std::string refusal;                // "server-1: why"; empty: none
};

/// Engine's thread only.
class Fleet {
 public:
  /// Called for each report, also the last ones of a process that was replaced.
  using OnReport = std::function<void(const v1::Report&)>;

  Fleet(LabModel& model, EventHub& events, Log& log) : model_(model), events_(events), log_(log) {}
  void use(Supervisor& supervisor) { supervisor_ = &supervisor; }
  void on_report(OnReport hook) { on_report_ = std::move(hook); }
  NodeLink::Handlers link_handlers();

  /// At each tick. Without a supervisor: a process whose link has been gone for 2 s is taken for ended.
  void sweep();
  /// The lab ends: what goes now is no loss. Nobody attaches any more.
  void close() { closed_ = true; }

  // From the supervisor.
  void process_started(const std::string& name, int pid);
  void process_ended(const std::string& name, ProcessEnd end);

  /// Sends every node whose wanted state changed its new state, and remembers under which revision.
  void push();
  void set_duty(const std::string& name, v1::Duty duty);
  /// A new process in place of this one. grace: lab time in which the old one may finish what is in flight.
  void restart(const std::string& name, bool at_once, LabDuration grace);
  void kill(const std::string& name);
  /// Waits until each of the nodes has in force what was sent to it last before this call, or its process is gone; a
  /// node's refusal ends the wait.
  awaitable<InForce> in_force(std::vector<std::string> nodes, RealTime deadline);
  /// Wakes after each report, attachment and end of a process.
  WaitList& changed() { return changed_; }

 private:
  void message(const NodeLink::Ptr& link, const v1::NodeMessage& message);
  void hello(const NodeLink::Ptr& link, const v1::Hello& hello);
  void report(const NodeLink::Ptr& link, const v1::Report& report);
  void phase_changed(const NodeEntry& node);
  void tell_orders(const NodeEntry& lb, const v1::Report& report);
  void gone(const NodeLink::Ptr& link);
  void lost(NodeEntry& node);
  void ended(NodeEntry& node, const ExitCause& cause);
  std::string why_refuse(const v1::Hello& hello) const;

  LabModel& model_;
  EventHub& events_;
  Log& log_;
  Supervisor* supervisor_ = nullptr;
  OnReport on_report_;
  Revisions revisions_;
  std::map<std::string, NodeLink::Ptr> links_;
  WaitList changed_;
  bool closed_ = false;
};

/// "ready", "draining", ...
std::string_view phase_word(v1::Phase phase);

}  // namespace chaos
