// A node's figures over the last seconds, from its cumulative reports. Pure.
#pragma once

#include "chaoslab/v1/node.pb.h"
#include "runtime/histogram.hpp"

#include <deque>

namespace chaos {

class RegistryWindow {
 public:
  explicit RegistryWindow(RealDuration length = std::chrono::seconds(3)) : length_(length) {}

  /// `now` must not run backwards. Totals that fall mean a new process: the window begins anew.
  void add(const v1::Report& report, RealTime now);
  void clear() { slices_.clear(); }

  double rate() const;            // requests a real second; 0 with fewer than two reports
  double error_ratio() const;     // 0 without requests
  double cpu_ratio() const;       // of one core
  double p95_ms() const;          // 0 without answers

 private:
  struct Slice {
    RealTime at;
    std::uint64_t requests = 0;
    std::uint64_t errors = 0;
    double cpu_seconds = 0;
    Histogram latency;            // of the time before `at`
  };
  double seconds() const;

  RealDuration length_;
  std::deque<Slice> slices_;
};

}  // namespace chaos
