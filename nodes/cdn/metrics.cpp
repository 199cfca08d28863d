#include "cdn/metrics.hpp"

namespace chaos {

namespace {

constexpr std::chrono::seconds kWindow{5};
using prometheus::Registry;

prometheus::Gauge& gauge(Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

prometheus::Counter& counter(Registry& registry, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({});
}

}  // namespace

std::string_view x_cache(CacheResult result) {
  switch (result) {
    case CacheResult::hit: return "HIT";
    case CacheResult::miss: return "MISS";
    case CacheResult::pass: return "PASS";
    case CacheResult::stale: return "STALE";
    case CacheResult::revalidated: return "REVALIDATED";
    case CacheResult::refused: break;
  }
  return "MISS";
}

void HitRatio::turn(RealTime now) {
  if (now - since_ < kWindow) return;
  before_ = now - since_ < 2 * kWindow ? now_ : Count{};
  now_ = {};
  since_ = now;
}

void HitRatio::add(bool hit, RealTime now) {
  turn(now);
  now_.hits += hit ? 1 : 0;
  ++now_.all;
}

double HitRatio::value(RealTime now) {
  turn(now);
  const auto all = now_.all + before_.all;
  return all ? static_cast<double>(now_.hits + before_.hits) / static_cast<double>(all) : 0;
}

CdnMetrics::CdnMetrics(Registry& registry)
    : bytes(gauge(registry, "cdn_cache_bytes", "Bytes of kept responses")),
      objects(gauge(registry, "cdn_cache_objects", "Kept responses")),
      coalesced(counter(registry, "cdn_coalesced_total", "Requests that waited for another one's fetch")),
      purged(counter(registry, "cdn_purged_objects_total", "Kept responses removed by PURGE")),
      evicted(counter(registry, "cdn_evicted_objects_total", "Kept responses removed to make room")),
      seconds_(prometheus::BuildHistogram().Name("cdn_origin_seconds").Help("Time of one call to an origin, retry included").Register(registry)),
      errors_(prometheus::BuildCounter().Name("cdn_origin_errors_total")
                  .Help("Calls to an origin without an answer, or with a 5xx").Register(registry)) {
  auto& family = prometheus::BuildCounter().Name("cdn_requests_total").Help("Requests by what the cache did").Register(registry);
  for (const char* result : {"hit", "miss", "pass", "stale", "revalidated", "refused", "error"}) results_.push_back(&family.Add({{"result", result}}));
}

void CdnMetrics::request(CacheResult result, unsigned status) {
  if (status >= 500 && result != CacheResult::refused) {
    results_.back()->Increment();
    return;
  }
  results_.at(static_cast<std::size_t>(result))->Increment();
  const bool could_hit = result != CacheResult::pass && result != CacheResult::refused;
  if (could_hit) hit_ratio.add(result == CacheResult::hit || result == CacheResult::stale, RealClock::now());
}

OriginMetrics CdnMetrics::origin(const std::string& role) {
  const prometheus::Histogram::BucketBoundaries bounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5};
  return {seconds_.Add({{"origin", role}}, bounds), errors_.Add({{"origin", role}})};
}

}  // namespace chaos
