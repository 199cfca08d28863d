// Another database node becomes the primary: who can, in which order things happen, what was lost. Pure.
#pragma once

#include "lab/procedure.hpp"

#include <memory>
#include <optional>

namespace chaos {

/// The controller's word on who is primary. name empty: the node of role postgres.
struct PrimaryWord {
  std::string name;
  std::uint64_t term = 0;        // grows each time that another one is named
};

/// Of the roles postgres and replica: it may be primary or standby.
bool is_database(const NodeEntry& node);
/// The node that is the primary by the word; null: the lab has none.
const NodeEntry* primary_node(const Registry& registry, const PrimaryWord& word);
/// What the others call a node in their peers: "postgres" the primary, "replica" each standby, its role any other node.
std::string part_of(const NodeEntry& node, const NodeEntry* primary);

/// The standby to promote: the named one, or of those that are ready the one that has received most. Refuses with the reason.
Answer<const NodeEntry*> choose_candidate(const Registry& registry, const NodeEntry* primary, const std::string& named);

/// What a failover lost, filled in while it goes on.
struct FailoverLoss {
  std::string from;
  std::string to;
  std::optional<WalMark> before;             // the old primary's last report of its log
  std::optional<WalMark> after;              // the new one's log as it was promoted
  RealDuration silent{};                     // from that report to the begin of the failover
  bool counted = false;                      // below: from the orders acknowledged and the new primary's table
  bool over = false;                         // counted, or given up
  std::string why_not;
  std::size_t acknowledged = 0;
  std::vector<std::int64_t> orders;          // acknowledged ones that the new primary lacks, ascending
};
/// A sentence or two for people.
std::string loss_text(const FailoverLoss& loss);

struct FailoverPlan {
  std::string from;                          // empty: the lab has no primary that could be stopped
  std::string to;
  bool rejoin = false;                       // `from` comes back as a standby
  bool named = false;                        // goes on: everybody was told already to follow `to`
  LabDuration drain{};                       // that `from` may take to end
  LabDuration boot{};                        // that it is known to take to come back
  RealDuration patience = std::chrono::seconds(15);    // for each stage, beyond what lab time it takes
  RealDuration insist = std::chrono::seconds(2);       // a primary that does not end is killed
  std::shared_ptr<FailoverLoss> loss;
};

/// A failover under way, as much as it takes to go on with it when its controller is gone. Who from and to: in `loss`.
struct OpenFailover {
  bool rejoin = false;
  std::string actor;
  std::shared_ptr<FailoverLoss> loss;
};

/// Stop the old primary; promote; count, before anybody writes to the new one, which acknowledged orders it lacks; let everybody
/// follow it. Nothing is promoted before the old primary is stopped or known to have no process. Each step may be done already: one that
/// was cut off is gone on with by the same procedure, with what its loss knew.
class Failover final : public Procedure {
 public:
  explicit Failover(FailoverPlan plan);
  ProcedureStep step(const Registry& registry, Moment now) override;

 private:
  enum class Stage { begin, fencing, promoting, counting, moving, rejoining };
  void enter(Stage stage, Moment now, ProcedureStep& out, std::string text);
  void begin(const Registry& registry, ProcedureStep& out, Moment now);
  std::string standby_text(const Registry& registry) const;
  void fence(const Registry& registry, ProcedureStep& out, Moment now);
  void promote(const Registry& registry, ProcedureStep& out, Moment now);
  void count(ProcedureStep& out, Moment now);
  void move(const Registry& registry, ProcedureStep& out, Moment now);
  bool reports_are_in(const Registry& registry, Moment now) const;
  bool late(Moment now, LabDuration allowed = {}) const;

  FailoverPlan plan_;
  Stage stage_ = Stage::begin;
  Moment since_{};
  RealTime fenced_{};
  bool insisted_ = false;
};

}  // namespace chaos
