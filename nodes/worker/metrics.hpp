// What a worker exposes.
#pragma once

#include "runtime/units.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>

namespace chaos {

/// done: acknowledged. failed: given back to the queue. malformed: no job, dropped. unknown_order: dropped, for the
/// order was not there at its second delivery either.
enum class JobResult { done, failed, malformed, unknown_order };

class WorkerMetrics {
 public:
  explicit WorkerMetrics(prometheus::Registry& registry);
  void count(JobResult result, RealDuration took);
  std::uint64_t jobs(JobResult result) const;
  void set_in_flight(std::size_t jobs) { in_flight_.Set(static_cast<double>(jobs)); }
  void set_connected(bool connected) { connected_.Set(connected ? 1 : 0); }

 private:
  std::array<prometheus::Counter*, 4> jobs_;   // by JobResult
  prometheus::Histogram& seconds_;
  prometheus::Gauge& in_flight_;
  prometheus::Gauge& connected_;
};

}  // namespace chaos
