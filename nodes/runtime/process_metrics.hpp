// The standard process figures and the node's own, refreshed when they are asked for.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <string>

namespace chaos {

struct NodeFigures {
  double memory_limit_bytes = 0;
  double slowdown = 1;
  bool ready = false;
};

class ProcessMetrics {
 public:
  ProcessMetrics(prometheus::Registry& registry, const std::string& role, const std::string& version);
  /// Data thread. Reads /proc once.
  void refresh(const NodeFigures& figures);

 private:
  prometheus::Counter& cpu_;
  prometheus::Gauge& resident_;
  prometheus::Gauge& virtual_;
  prometheus::Gauge& open_fds_;
  prometheus::Gauge& max_fds_;
  prometheus::Gauge& start_;
  prometheus::Gauge& limit_;
  prometheus::Gauge& slowdown_;
  prometheus::Gauge& ready_;
};

}  // namespace chaos
