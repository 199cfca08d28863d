// Operator's work on nodes that takes a while: a state machine that is asked at each tick and after each change. Pure.
#pragma once

#include "lab/registry.hpp"

#include <string>
#include <vector>

namespace chaos {

/// What a procedure wants done now.
struct Order {
  enum class What {
    set_duty, restart, kill,
    promote,          // the node is to become the primary; the others do not follow it yet
    stay,             // it is not, after all
    name_primary,     // the others follow it
    count,            // what the new primary lacks is to be counted
  };
  What what = What::set_duty;
  std::string node;
  v1::Duty duty = v1::DUTY_ACTIVE;   // set_duty
  bool for_a_while = false;          // set_duty: the procedure gives the duty back that it had
  bool set_aside = false;            // set_duty, standby: NodeEntry::set_aside
  bool at_once = false;              // restart: work in flight is not waited for
  bool drained = false;              // restart: it had its time to finish work in flight
};

struct ProcedureStep {
  std::vector<Order> orders;
  std::vector<v1::Progress> progress;
};

/// The two clocks at one moment.
struct Moment {
  LabTime lab;
  RealTime real;
};

class Procedure {
 public:
  explicit Procedure(std::vector<std::string> nodes) : nodes_(std::move(nodes)) {}
  virtual ~Procedure() = default;

  /// Call in order of time until finished(); nothing after it.
  virtual ProcedureStep step(const Registry& registry, Moment now) = 0;
  const std::vector<std::string>& nodes() const { return nodes_; }
  bool finished() const { return finished_; }
  /// Why it ended early; empty when it did all.
  const std::string& failure() const { return failure_; }

 protected:
  v1::Progress progress(std::string text, const std::string& node, double done) const;
  void finish(ProcedureStep& step, std::string text);
  void fail(ProcedureStep& step, std::string text);

 private:
  std::vector<std::string> nodes_;
  bool finished_ = false;
  std::string failure_;
};

}  // namespace chaos
