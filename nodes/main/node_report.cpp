// What a node says of itself: reports on the control link, and /metrics.
#include "main/node_process.hpp"

#include "runtime/pressure.hpp"
#include "runtime/sleep.hpp"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <unistd.h>

namespace chaos {

namespace {
constexpr std::chrono::milliseconds kReportEvery{200};
}

awaitable<void> NodeProcess::report_loop() {
  while (true) {
    co_await sleep_real(kReportEvery);
    update_pressure();
    send_report();
  }
}

void NodeProcess::update_pressure() {
  const RealTime now = RealClock::now();
  const double cpu = thread_cpu_seconds();
  const double share = (cpu - last_cpu_) / std::max(1e-3, to_s(now - last_cpu_at_));
  last_cpu_ = cpu;
  last_cpu_at_ = now;
  const v1::NodeSettings& settings = desired_.config().node();
  const PressureSettings pressure{settings.pressure_from(), settings.pressure_max()};
  slowdown_ = std::max(memory_slowdown(guard_.ratio(), pressure), cpu_slowdown(share));
}

void NodeProcess::fill_figures(v1::Report& report) {
  report.set_revision(desired_.revision());
  report.set_refusal(refusal_);
  report.set_phase(lifecycle_.phase());
  report.set_resident_bytes(resident_bytes());
  report.set_memory_limit_bytes(guard_.limit());
  report.set_cpu_seconds(cpu_seconds());
  report.set_in_flight(stats_.in_flight());
  report.set_slowdown(slowdown_);
  report.set_requests_total(stats_.requests());
  report.set_errors_total(stats_.errors());
  report.set_run(desired_.run());
  report.set_pid(getpid());
}

// What is told once (latencies, tallies, acknowledged orders) waits for somebody to tell it to.
void NodeProcess::send_report() {
  if (!link_ || !link_->attached()) return;
  v1::Report report;
  fill_figures(report);
  stats_.take_latency().write(report.mutable_latency());
  faults_.evidence(report.mutable_evidence());
  if (role_) role_->report(report);
  link_->send(std::move(report));
}

awaitable<HttpResponse> NodeProcess::metrics(HttpRequest request) {
  if (request.path() != "/metrics") co_return text_response(404, "try /metrics\n");
  process_metrics_->refresh({static_cast<double>(guard_.limit()), slowdown_, lifecycle_.phase() == v1::PHASE_READY});
  if (role_) role_->before_scrape();
  HttpResponse response;
  response.headers.add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  response.body = prometheus::TextSerializer().Serialize(registry_.Collect());
  co_return response;
}

}  // namespace chaos
