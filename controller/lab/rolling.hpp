// Restarts nodes batch by batch: drain, new process, ready again, next. Pure.
#pragma once

#include "lab/procedure.hpp"

#include <optional>

namespace chaos {

struct RollingPlan {
  std::vector<std::string> nodes;        // in this order
  int batch = 1;                         // restarted at once
  LabDuration drain{};                   // at most this long before each restart; 0: none
  bool at_once = false;                  // work in flight is not waited for
  LabDuration boot{};                    // that a new process is known to take
  RealDuration patience = std::chrono::seconds(15);   // for ready again, beyond the boot time
  RealDuration settle = std::chrono::milliseconds(150);   // after ready: a balancer must have seen it
};

/// A batch begins when every node of the batch before is ready again and has been for `settle`. A node that is not ready in time
/// ends it there: what was not restarted yet stays as it is. Standbys are passed over.
class Rolling final : public Procedure {
 public:
  explicit Rolling(RollingPlan plan);
  ProcedureStep step(const Registry& registry, Moment now) override;

 private:
  enum class Stage { waiting, draining, ending, starting, settling, done };
  struct Node {
    std::string name;
    Stage stage = Stage::waiting;
    v1::Duty duty = v1::DUTY_ACTIVE;     // before, and again after
    std::uint32_t incarnation = 0;       // of the process to be replaced
    Moment since{};                      // of the stage
    Moment ended{};                      // when its process was told to end
  };
  void begin_batch(ProcedureStep& out, const Registry& registry, Moment now);
  void advance(Node& node, const NodeEntry& entry, ProcedureStep& out, Moment now);
  void drain(Node& node, ProcedureStep& out, Moment now);
  void restart(Node& node, ProcedureStep& out, Moment now);
  bool drained(const Node& node, const NodeEntry& entry, Moment now) const;
  void enter(Node& node, Stage stage, Moment now);
  double done() const;
  std::string restarted() const;

  RollingPlan plan_;
  std::vector<Node> nodes_;
  std::size_t skipped_ = 0;              // standbys
  bool settled_ = false;                 // every node knows the newest state
};

}  // namespace chaos
