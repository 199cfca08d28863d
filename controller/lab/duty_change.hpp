// Gives nodes another duty and follows them until they have it: start, stop, drain, undrain, scale. Pure.
#pragma once

#include "lab/procedure.hpp"

#include <optional>

namespace chaos {

struct DutyPlan {
  std::vector<std::string> nodes;
  v1::Duty duty = v1::DUTY_ACTIVE;
  bool set_aside = false;               // standbys: NodeEntry::set_aside
  std::string already;                  // what is said when there is no node to change
  LabDuration allowed{};                // boot or drain time, in which nothing is late
  RealDuration patience = std::chrono::seconds(15);      // beyond `allowed`
  RealDuration insist = std::chrono::seconds(2);         // beyond `allowed`: a node that does not stop is killed
};

class DutyChange final : public Procedure {
 public:
  explicit DutyChange(DutyPlan plan);
  ProcedureStep step(const Registry& registry, Moment now) override;

 private:
  bool reached(const NodeEntry& entry) const;
  void begin(const Registry& registry, ProcedureStep& out, Moment now);
  double done() const;

  DutyPlan plan_;
  std::vector<std::string> left_;
  std::optional<Moment> since_;
  bool insisted_ = false;
};

/// Nodes whose duty a role's new size changes: standbys by rising index, those that somebody stopped last, or active ones by
/// falling index.
struct ScalePlan {
  std::vector<std::string> nodes;
  v1::Duty duty = v1::DUTY_ACTIVE;
};
/// Refuses an unknown role, and a size beyond what the topology has processes for.
Answer<ScalePlan> plan_scale(const Registry& registry, const std::string& role, int size);

}  // namespace chaos
