#include "worker/metrics.hpp"

namespace chaos {

namespace {

const prometheus::Histogram::BucketBoundaries kSeconds{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

prometheus::Counter* jobs_total(prometheus::Registry& registry, const char* result) {
  return &prometheus::BuildCounter().Name("worker_jobs_total").Help("Jobs taken, by result").Register(registry).Add({{"result", result}});
}

prometheus::Gauge& gauge(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

}  // namespace

WorkerMetrics::WorkerMetrics(prometheus::Registry& r)
    : jobs_{jobs_total(r, "done"), jobs_total(r, "failed"), jobs_total(r, "malformed"), jobs_total(r, "unknown_order")},
      seconds_(prometheus::BuildHistogram().Name("worker_job_seconds").Help("Time from delivery to acknowledgement").Register(r).Add({}, kSeconds)),
      in_flight_(gauge(r, "worker_jobs_in_flight", "Jobs taken and not settled")),
      connected_(gauge(r, "worker_queue_connected", "1 while it consumes from the queue")) {}

void WorkerMetrics::count(JobResult result, RealDuration took) {
  jobs_[static_cast<std::size_t>(result)]->Increment();
  if (result == JobResult::done) seconds_.Observe(to_s(took));
}

std::uint64_t WorkerMetrics::jobs(JobResult result) const { return static_cast<std::uint64_t>(jobs_[static_cast<std::size_t>(result)]->Value()); }

}  // namespace chaos
