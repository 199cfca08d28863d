// The controller's own figures, refreshed when they are asked for. Nothing here names a fault.
#pragma once

#include "serve/lab_model.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

namespace chaos {

class LabMetrics {
 public:
  LabMetrics(prometheus::Registry& registry, const LabModel& model);
  void refresh(LabModel& model);

 private:
  struct Node {
    prometheus::Gauge* up;             // the control link stands
    prometheus::Gauge* ready;
    prometheus::Gauge* phase;          // v1::Phase
    prometheus::Gauge* duty;           // v1::Duty
    prometheus::Counter* restarts;
    prometheus::Counter* deaths;
  };
  prometheus::Gauge& gauge(const char* name, const char* help);

  prometheus::Registry& registry_;
  std::map<std::string, Node> nodes_;
  prometheus::Gauge& lab_time_;
  prometheus::Gauge& speed_;
  prometheus::Gauge& users_;
  prometheus::Gauge& planned_users_;
  prometheus::Counter& requests_;
  prometheus::Counter& good_;
  prometheus::Gauge& uptime_;
  prometheus::Gauge& uptime_min_;
  prometheus::Gauge& p95_;
  prometheus::Gauge& p95_max_;
  prometheus::Gauge& budget_;
  prometheus::Gauge& budget_max_;
};

}  // namespace chaos
