// What each node of the lab is: what is wanted of it, what it says of itself, how it ended last. Pure.
#pragma once

#include "chaoslab/v1/drill.pb.h"
#include "chaoslab/v1/lab.pb.h"
#include "lab/alerts.hpp"
#include "lab/refusal.hpp"
#include "lab/registry_window.hpp"

#include <optional>
#include <string>
#include <vector>

namespace chaos {

/// A primary's log as it last reported it.
struct WalMark {
  double lsn = 0;                    // where it ends
  double transactions = 0;           // that it holds, since its beginning
  RealTime at{};
};

struct NodeEntry {
  std::string name;
  std::string role;
  int index = 0;                     // in its role, from 1
  std::string address;
  v1::Duty duty = v1::DUTY_STANDBY;  // wanted
  std::optional<v1::Duty> lasting_duty;   // while an operation has changed duty for a while: what it will be again
  std::string version;               // that the process runs; changes with the process
  std::string wanted_version;        // that its next process will run
  bool was_stopped = false;          // it served before in this run; its role's start brings it back
  bool set_aside = false;            // somebody stopped it: scale brings it back only when no spare is left
  bool recycling = false;            // without a supervisor: its process is told to end, a new one comes
  bool no_drain = false;             // its next stop does not wait for work in flight
  std::int64_t pid = 0;              // 0: no process known
  std::string process;               // as its process names itself (Hello.process)
  std::uint32_t incarnation = 0;     // counts the processes that attached
  bool attached = false;
  std::uint32_t restarts = 0;        // processes after the first, in this run
  std::uint32_t deaths = 0;          // ends of processes that nobody asked for
  std::string last_exit;
  std::uint64_t sent_revision = 0;   // of the newest state sent to this process
  v1::Report report;                 // the last one of this process
  RealTime report_at{};
  std::optional<WalMark> wal;        // of the last process that was a primary
  RegistryWindow window;

  /// Attached, but without a report for two seconds (they come every 200 ms): its data thread hangs.
  bool silent(RealTime now) const;
  bool wanted() const { return duty != v1::DUTY_STANDBY; }
  bool ready() const { return attached && report.phase() == v1::PHASE_READY; }
  /// Of its last report; 0 when it says nothing of it.
  double gauge(const std::string& of) const;
  /// The same process as the one that attached last.
  bool is(const v1::Hello& hello) const;
  bool in_force() const { return attached && report.revision() >= sent_revision; }
};

class Registry {
 public:
  /// Nodes of the topology in its order: active ones first, then standbys, with the versions given by the plan.
  explicit Registry(const google::protobuf::RepeatedPtrField<v1::RolePlan>& topology);

  std::vector<NodeEntry>& nodes() { return nodes_; }
  const std::vector<NodeEntry>& nodes() const { return nodes_; }
  NodeEntry* find(const std::string& name);
  const NodeEntry* find(const std::string& name) const;
  std::vector<const NodeEntry*> of_role(const std::string& role) const;
  std::vector<std::string> roles() const;       // in path order
  int active(const std::string& role) const;    // billed: duty active or draining
  /// Every node of the named nodes and roles, once, in path order; refuses an unknown word with the nearest.
  Answer<std::vector<std::string>> expand(const std::vector<std::string>& targets) const;
  Refusal unknown(const std::string& word) const;
  /// For a verb that wants the one and is given the other: "rollback wants a role, as server".
  Answer<void> want_role(const std::string& verb, const std::string& word) const;
  Answer<void> want_node(const std::string& verb, const std::string& word) const;

  /// A process has attached. Refuses a name that the lab does not have, or one of another role.
  Answer<NodeEntry*> hello(const v1::Hello& hello, RealTime now);
  /// True when the phase changed. Reports of another process than the attached one are ignored.
  bool report(NodeEntry& node, const v1::Report& report, RealTime now);
  void detached(NodeEntry& node);
  /// The process is gone.
  void ended(NodeEntry& node, std::string how);

  /// Every attached node has the newest state that was sent to it in force.
  bool settled() const;
  /// Every node that is to serve does, and the load balancers' checks have found every server.
  bool all_ready() const;
  /// Who is missing to that; drained servers and standbys are not.
  std::vector<std::string> unready() const;
  /// Of those the nodes whose processes end by themselves, again and again.
  std::vector<std::string> failing() const;
  /// A silent node counts as gone.
  std::vector<NodeView> views(RealTime now) const;
  v1::NodeStatus status(const NodeEntry& node, RealTime now) const;
  /// What load balancers' runtime APIs ordered of a server: "drain at lb-1"; empty: nothing.
  std::string taken_out(const NodeEntry& server) const;

 private:
  std::vector<NodeEntry> nodes_;
};

}  // namespace chaos
