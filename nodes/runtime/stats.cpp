#include "runtime/stats.hpp"

#include <utility>

namespace chaos {

namespace {
const prometheus::Histogram::BucketBoundaries kSeconds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.32, 0.5, 1, 2.5};
}

RequestStats::RequestStats(prometheus::Registry& registry)
    : family_(prometheus::BuildCounter().Name("node_requests_total").Help("Requests served, by operation and outcome").Register(registry)),
      latency_family_(prometheus::BuildHistogram().Name("node_request_duration_seconds").Help("Time from receipt to answer, by operation").Register(registry)),
      in_flight_gauge_(prometheus::BuildGauge().Name("node_requests_in_flight").Help("Requests in service or waiting").Register(registry).Add({})) {}

RequestStats::Operation& RequestStats::operation(const std::string& name) {
  const auto found = operations_.find(name);
  if (found != operations_.end()) return found->second;
  Operation made{&family_.Add({{"operation", name}, {"outcome", "ok"}}), &family_.Add({{"operation", name}, {"outcome", "error"}}),
                 &latency_family_.Add({{"operation", name}}, kSeconds)};
  return operations_.emplace(name, made).first->second;
}

Histogram RequestStats::take_latency() {
  Histogram taken = latency_;
  latency_.clear();
  return taken;
}

RequestStats::Scope::Scope(RequestStats& stats, std::string_view operation)
    : stats_(&stats), name_(operation), begin_(RealClock::now()) {
  stats.in_flight_gauge_.Set(++stats.in_flight_);
}

RequestStats::Scope::Scope(RequestStats& stats, Operation& operation, RealTime begin)
    : stats_(&stats), resolved_(&operation), begin_(begin) {
  stats.in_flight_gauge_.Set(++stats.in_flight_);
}

RequestStats::Scope::Scope(Scope&& other) noexcept
    : stats_(std::exchange(other.stats_, nullptr)), name_(std::move(other.name_)), resolved_(other.resolved_), begin_(other.begin_) {}

RequestStats::Scope::~Scope() { finish(false); }

void RequestStats::Scope::finish(bool ok, RealTime now) {
  RequestStats* stats = std::exchange(stats_, nullptr);
  if (!stats) return;
  const RealDuration took = now - begin_;
  Operation& operation = resolved_ ? *resolved_ : stats->operation(name_);
  (ok ? operation.ok : operation.failed)->Increment();
  operation.seconds->Observe(to_s(took));
  stats->latency_.add(took);
  stats->in_flight_gauge_.Set(--stats->in_flight_);
  ++stats->requests_;
  if (!ok) ++stats->errors_;
}

}  // namespace chaos
