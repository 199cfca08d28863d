#include "runtime/process_metrics.hpp"

#include "runtime/memory.hpp"

#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sys/resource.h>
#include <unistd.h>

namespace chaos {

namespace {

prometheus::Gauge& gauge(prometheus::Registry& registry, const std::string& name, const std::string& help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

double virtual_bytes() {
  std::ifstream in("/proc/self/statm");
  double pages = 0;
  in >> pages;
  return pages * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double open_fds() {
  std::error_code ec;
  double n = 0;
  for (std::filesystem::directory_iterator it("/proc/self/fd", ec), end; !ec && it != end; it.increment(ec)) ++n;
  return n;
}

double max_fds() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<double>(limit.rlim_cur);
}

}  // namespace

ProcessMetrics::ProcessMetrics(prometheus::Registry& registry, const std::string& role, const std::string& version)
    : cpu_(prometheus::BuildCounter().Name("process_cpu_seconds_total").Help("User and system CPU time").Register(registry).Add({})),
      resident_(gauge(registry, "process_resident_memory_bytes", "Resident memory")),
      virtual_(gauge(registry, "process_virtual_memory_bytes", "Virtual memory")),
      open_fds_(gauge(registry, "process_open_fds", "Open file descriptors")),
      max_fds_(gauge(registry, "process_max_fds", "Limit of open file descriptors")),
      start_(gauge(registry, "process_start_time_seconds", "Start of the process, Unix time")),
      limit_(gauge(registry, "node_memory_limit_bytes", "Resident memory at which the process is killed")),
      slowdown_(gauge(registry, "node_slowdown_ratio", "Service time multiplier from pressure; 1 at rest")),
      ready_(gauge(registry, "node_ready", "1 when the node takes new work")) {
  start_.Set(static_cast<double>(std::time(nullptr)));
  prometheus::BuildGauge().Name("node_info").Help("Always 1; role and version as labels").Register(registry).Add({{"role", role}, {"version", version}}).Set(1);
}

void ProcessMetrics::refresh(const NodeFigures& figures) {
  cpu_.Increment(cpu_seconds() - cpu_.Value());
  resident_.Set(static_cast<double>(resident_bytes()));
  virtual_.Set(virtual_bytes());
  open_fds_.Set(open_fds());
  max_fds_.Set(max_fds());
  limit_.Set(figures.memory_limit_bytes);
  slowdown_.Set(figures.slowdown);
  ready_.Set(figures.ready ? 1 : 0);
}

}  // namespace chaos
