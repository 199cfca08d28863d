#include "client/metrics.hpp"

namespace chaos {

namespace {
using Buckets = prometheus::Histogram::BucketBoundaries;
const Buckets kSeconds{0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.32, 0.5, 1, 2, 5};
const Buckets kLateness{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 1};
}  // namespace

ClientMetrics::ClientMetrics(prometheus::Registry& registry) {
  auto& totals = prometheus::BuildCounter().Name("client_requests_total")
                     .Help("Users' requests by kind and outcome").Register(registry);
  auto& times = prometheus::BuildHistogram().Name("client_request_seconds")
                    .Help("From the intended send time to the answer").Register(registry);
  for (std::size_t k = 0; k < kRequestKinds; ++k) {
    const std::string kind(request_kind_name(static_cast<RequestKind>(k)));
    seconds[k] = &times.Add({{"kind", kind}}, kSeconds);
    for (std::size_t o = 0; o < kOutcomes; ++o) {
      requests[k][o] = &totals.Add({{"kind", kind}, {"outcome", std::string(outcome_name(static_cast<Outcome>(o)))}});
    }
  }
  users = &prometheus::BuildGauge().Name("client_users").Help("Users now, by the curve").Register(registry).Add({});
  lateness = &prometheus::BuildHistogram().Name("client_send_lateness_seconds")
                  .Help("The generator's own delay: sent minus intended").Register(registry).Add({}, kLateness);
  retries = &prometheus::BuildCounter().Name("client_retries_total").Help("Attempts after the first").Register(registry).Add({});
  stale_reads = &prometheus::BuildCounter().Name("client_stale_reads_total")
                     .Help("Acknowledged orders that were answered with 404").Register(registry).Add({});
}

}  // namespace chaos
