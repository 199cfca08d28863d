// What a node counts of its own service: in flight, requests, errors, latency. Feeds status and /metrics.
#pragma once

#include "runtime/histogram.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <map>
#include <string>

namespace chaos {

/// Data thread only.
class RequestStats {
 public:
  explicit RequestStats(prometheus::Registry& registry);

  /// What is counted of one operation; lives as long as the stats.
  struct Operation { prometheus::Counter* ok; prometheus::Counter* failed; prometheus::Histogram* seconds; };
  /// Looks an operation up, for those who begin it often.
  Operation& operation(const std::string& name);

  /// One request in service; counts itself at finish(), or as failed when destroyed without it.
  class Scope {
   public:
    Scope(RequestStats& stats, std::string_view operation);
    Scope(RequestStats& stats, Operation& operation, RealTime begin);
    Scope(Scope&& other) noexcept;
    Scope(const Scope&) = delete;
    ~Scope();
    void finish(bool ok) { finish(ok, RealClock::now()); }
    void finish(bool ok, RealTime now);

   private:
    RequestStats* stats_;
    std::string name_;                 // while resolved_ is null: looked up at the end
    Operation* resolved_ = nullptr;
    RealTime begin_;
  };
  /// operation: one of a few fixed words ("GET", "INSERT", "items"), it becomes a label.
  Scope begin(std::string_view operation) { return Scope(*this, operation); }
  Scope begin(Operation& operation, RealTime now) { return Scope(*this, operation, now); }

  std::uint32_t in_flight() const { return in_flight_; }
  std::uint64_t requests() const { return requests_; }
  std::uint64_t errors() const { return errors_; }
  /// Latencies since the last call.
  Histogram take_latency();

 private:
  prometheus::Family<prometheus::Counter>& family_;
  prometheus::Family<prometheus::Histogram>& latency_family_;
  prometheus::Gauge& in_flight_gauge_;
  std::map<std::string, Operation, std::less<>> operations_;
  Histogram latency_;
  std::uint32_t in_flight_ = 0;
  std::uint64_t requests_ = 0;
  std::uint64_t errors_ = 0;
};

}  // namespace chaos
