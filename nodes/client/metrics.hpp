// Every metric of the client role.
#pragma once

#include "client/outcome.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>

namespace chaos {

/// Labels are resolved here, once. Data thread only.
struct ClientMetrics {
  explicit ClientMetrics(prometheus::Registry& registry);

  void count(RequestKind kind, Outcome outcome) {
    requests[static_cast<std::size_t>(kind)][static_cast<std::size_t>(outcome)]->Increment();
  }
  /// took: from the intended send time.
  void observe(RequestKind kind, RealDuration took) { seconds[static_cast<std::size_t>(kind)]->Observe(to_s(took)); }

  std::array<std::array<prometheus::Counter*, kOutcomes>, kRequestKinds> requests{};   // client_requests_total{kind,outcome}
  std::array<prometheus::Histogram*, kRequestKinds> seconds{};                         // client_request_seconds{kind}
  prometheus::Gauge* users;                // client_users
  prometheus::Histogram* lateness;         // client_send_lateness_seconds
  prometheus::Counter* retries;            // client_retries_total
  prometheus::Counter* stale_reads;        // client_stale_reads_total
};

}  // namespace chaos
