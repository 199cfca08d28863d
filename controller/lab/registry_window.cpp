#include "lab/registry_window.hpp"

namespace chaos {

namespace {
// States in quick succession bring reports in quick succession; the window stays small all the same.
constexpr std::size_t kMaxSlices = 64;
}  // namespace

void RegistryWindow::add(const v1::Report& report, RealTime now) {
  if (!slices_.empty() && report.requests_total() < slices_.back().requests) slices_.clear();
  Slice& slice = slices_.emplace_back();
  slice.at = now;
  slice.requests = report.requests_total();
  slice.errors = report.errors_total();
  slice.cpu_seconds = report.cpu_seconds();
  slice.latency.merge(report.latency());
  while (slices_.size() > kMaxSlices || slices_.front().at < now - length_) slices_.pop_front();
}

double RegistryWindow::seconds() const {
  return slices_.size() < 2 ? 0 : to_s(slices_.back().at - slices_.front().at);
}

double RegistryWindow::rate() const {
  const double s = seconds();
  return s > 0 ? static_cast<double>(slices_.back().requests - slices_.front().requests) / s : 0;
}

double RegistryWindow::error_ratio() const {
  if (slices_.size() < 2) return 0;
  const std::uint64_t requests = slices_.back().requests - slices_.front().requests;
  const std::uint64_t errors = slices_.back().errors - slices_.front().errors;
  return requests ? static_cast<double>(errors) / static_cast<double>(requests) : 0;
}

double RegistryWindow::cpu_ratio() const {
  const double s = seconds();
  return s > 0 ? (slices_.back().cpu_seconds - slices_.front().cpu_seconds) / s : 0;
}

double RegistryWindow::p95_ms() const {
  Histogram all;
  for (const Slice& slice : slices_) all.merge(slice.latency);
  return all.quantile_ms(0.95);
}

}  // namespace chaos
