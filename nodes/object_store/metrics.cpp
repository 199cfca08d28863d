#include "object_store/metrics.hpp"

#include <string>

namespace chaos {

namespace {

prometheus::Gauge& gauge(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

}  // namespace

ObjectStoreMetrics::ObjectStoreMetrics(prometheus::Registry& registry)
    : objects(gauge(registry, "s3_objects", "Objects in all buckets")),
      bytes(gauge(registry, "s3_bytes", "Bytes of all objects' bodies")),
      uploads(gauge(registry, "s3_multipart_uploads", "Multipart uploads under way")),
      upload_bytes(gauge(registry, "s3_multipart_upload_bytes", "Bytes of their parts")),
      requests_(prometheus::BuildCounter().Name("s3_requests_total").Help("Requests by action and class of status").Register(registry)) {}

void ObjectStoreMetrics::request(std::string_view operation, unsigned status) {
  auto& counter = series_[{operation, status / 100}];
  if (!counter) counter = &requests_.Add({{"operation", std::string(operation)}, {"status", std::to_string(status / 100) + "xx"}});
  counter->Increment();
}

}  // namespace chaos
