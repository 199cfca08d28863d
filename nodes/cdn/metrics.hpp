// The CDN's own metrics, and the hit ratio of the last seconds for its status.
#pragma once

#include "cdn/origins.hpp"

#include <prometheus/gauge.h>

namespace chaos {

/// What the cache did. In metrics a 5xx counts as "error", but for refused: the request wanted what is in the cache or nothing.
enum class CacheResult { hit, miss, pass, stale, revalidated, refused };

/// The value of the X-Cache field.
std::string_view x_cache(CacheResult result);

/// Of the last 5 to 10 seconds of real time. Pure.
class HitRatio {
 public:
  void add(bool hit, RealTime now);
  /// 0 when there was no request that could have hit.
  double value(RealTime now);

 private:
  struct Count { std::uint64_t hits = 0; std::uint64_t all = 0; };
  void turn(RealTime now);
  Count now_;
  Count before_;
  RealTime since_{};
};

/// Data thread only.
class CdnMetrics {
 public:
  explicit CdnMetrics(prometheus::Registry& registry);
  void request(CacheResult result, unsigned status);
  OriginMetrics origin(const std::string& role);

  prometheus::Gauge& bytes;
  prometheus::Gauge& objects;
  prometheus::Counter& coalesced;
  prometheus::Counter& purged;
  prometheus::Counter& evicted;
  HitRatio hit_ratio;

 private:
  std::vector<prometheus::Counter*> results_;     // by CacheResult, then errors
  prometheus::Family<prometheus::Histogram>& seconds_;
  prometheus::Family<prometheus::Counter>& errors_;
};

}  // namespace chaos
