// What a server node shows on /metrics.
#pragma once

#include "runtime/error.hpp"
#include "runtime/units.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <map>
#include <string>

namespace chaos {

/// Of one upstream role's pools together: "redis", "replica", "postgres", "queue".
class UpstreamMetrics {
 public:
  UpstreamMetrics(prometheus::Registry& registry, std::string upstream);
  void failed(ErrorCode error);
  /// One call from the wish to its end, the wait for a connection included; counts itself when destroyed, however it ended.
  class Call {
   public:
    explicit Call(UpstreamMetrics& metrics) : metrics_(metrics), begin_(RealClock::now()) {}
    Call(const Call&) = delete;
    ~Call() { metrics_.seconds_.Observe(to_s(RealClock::now() - begin_)); }

   private:
    UpstreamMetrics& metrics_;
    RealTime begin_;
  };
  void set_in_use(std::size_t connections) { in_use_.Set(static_cast<double>(connections)); }
  void waited(std::uint64_t times) { waits_.Increment(static_cast<double>(times)); }
  double waits() const { return waits_.Value(); }
  double in_use() const { return in_use_.Value(); }
  const std::string& upstream() const { return upstream_; }

 private:
  std::string upstream_;
  prometheus::Family<prometheus::Counter>& errors_family_;
  std::map<std::string_view, prometheus::Counter*> errors_;   // by error_word, which gives static texts
  prometheus::Counter& waits_;
  prometheus::Gauge& in_use_;
  prometheus::Histogram& seconds_;
};

struct ServerMetrics {
  explicit ServerMetrics(prometheus::Registry& registry);

  prometheus::Counter& hits;        // of server_cache_requests_total
  prometheus::Counter& misses;
  prometheus::Counter& cache_errors;
  prometheus::Gauge& busy;          // slots held, and requests waiting for one
  prometheus::Gauge& waiting;
  prometheus::Counter& overload;
  UpstreamMetrics redis, replica, postgres, queue;
};

}  // namespace chaos
