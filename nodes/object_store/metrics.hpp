// The object store's own metrics.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <map>
#include <string_view>

namespace chaos {

/// Data thread only.
class ObjectStoreMetrics {
 public:
  explicit ObjectStoreMetrics(prometheus::Registry& registry);
  /// operation: an action's name, or "Unknown". status: HTTP.
  void request(std::string_view operation, unsigned status);

  prometheus::Gauge& objects;
  prometheus::Gauge& bytes;
  prometheus::Gauge& uploads;
  prometheus::Gauge& upload_bytes;

 private:
  prometheus::Family<prometheus::Counter>& requests_;
  std::map<std::pair<std::string_view, unsigned>, prometheus::Counter*> series_;   // by operation and class
};

}  // namespace chaos
