#include "server/metrics.hpp"

namespace chaos {
namespace {

const prometheus::Histogram::BucketBoundaries kSeconds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5};

prometheus::Counter& cache(prometheus::Registry& registry, const char* result) {
  return prometheus::BuildCounter()
      .Name("server_cache_requests_total")
      .Help("Items looked up in Redis, by result: hit, miss, error (a miss because Redis failed).")
      .Register(registry)
      .Add({{"result", result}});
}

prometheus::Gauge& gauge(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

}  // namespace

UpstreamMetrics::UpstreamMetrics(prometheus::Registry& registry, std::string upstream)
    : upstream_(std::move(upstream)),
      errors_family_(prometheus::BuildCounter()
                         .Name("server_upstream_errors_total")
                         .Help("Upstream calls that failed, by upstream and error.")
                         .Register(registry)),
      waits_(prometheus::BuildCounter()
                 .Name("server_pool_waits_total")
                 .Help("Calls that found no free connection in their pool.")
                 .Register(registry)
                 .Add({{"pool", upstream_}})),
      in_use_(prometheus::BuildGauge()
                  .Name("server_pool_in_use")
                  .Help("Connections of the pool that are in use.")
                  .Register(registry)
                  .Add({{"pool", upstream_}})),
      seconds_(prometheus::BuildHistogram()
                   .Name("server_upstream_seconds")
                   .Help("Calls to an upstream, failed ones and the wait for a connection included.")
                   .Register(registry)
                   .Add({{"upstream", upstream_}}, kSeconds)) {}

void UpstreamMetrics::failed(ErrorCode error) {
  const auto word = error_word(error);
  auto& counter = errors_[word];
  if (!counter) counter = &errors_family_.Add({{"upstream", upstream_}, {"error", std::string(word)}});
  counter->Increment();
}

ServerMetrics::ServerMetrics(prometheus::Registry& registry)
    : hits(cache(registry, "hit")),
      misses(cache(registry, "miss")),
      cache_errors(cache(registry, "error")),
      busy(gauge(registry, "server_slots_busy", "Requests in service, each with a slot of the station.")),
      waiting(gauge(registry, "server_slots_waiting", "Requests that wait for a slot.")),
      overload(prometheus::BuildCounter()
                   .Name("server_overload_total")
                   .Help("Requests refused because no slot came free in time or too many waited.")
                   .Register(registry)
                   .Add({})),
      redis(registry, "redis"),
      replica(registry, "replica"),
      postgres(registry, "postgres"),
      queue(registry, "queue") {}

}  // namespace chaos
