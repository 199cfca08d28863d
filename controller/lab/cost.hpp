// The budget figure: the monthly price of active nodes, weighted by the lab time they were active. Pure.
#pragma once

#include "chaoslab/v1/drill.pb.h"

#include <map>
#include <string>

namespace chaos {

/// Time must not run backwards between calls; an earlier time counts as the latest one.
class CostMeter {
 public:
  /// Starts at `lab_s` with no active node.
  CostMeter(const google::protobuf::RepeatedPtrField<v1::RolePlan>& topology, double lab_s);

  /// From `lab_s` on, `active` nodes of `role` are billed: every node whose duty is active or draining,
  /// whether its process lives or not. A role that the topology does not name costs nothing.
  void set(double lab_s, const std::string& role, int active);

  /// As a meter before was at `lab_s`, whose figure was `usd_month`. What is active is told by set() again.
  void restore(double lab_s, double usd_month);
  /// The run is over: what comes later costs nothing and changes nothing.
  void close(double lab_s);

  /// USD a month at what is active now.
  double rate() const { return rate_; }
  /// Mean of rate() over the lab time from the start to `lab_s`; rate() when no time has passed.
  double usd_month(double lab_s) const;

 private:
  struct Line {
    double usd_month = 0;
    int active = 0;
  };
  std::map<std::string, Line> lines_;
  double start_;
  double last_;
  double rate_ = 0;
  bool closed_ = false;
  double sum_ = 0;   // USD/month x lab seconds, up to last_
};

}  // namespace chaos
