// What a Redis node shows on /metrics.
#pragma once

#include "redis/engine.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <vector>

namespace chaos::redis {

/// The engine counts plainly; update() carries its counts over at each scrape, off the path of commands.
class Metrics {
 public:
  explicit Metrics(prometheus::Registry& registry);
  void update(Engine& engine);

 private:
  /// Follows a count of the engine; one that CONFIG RESETSTAT took back goes on from where it was.
  struct Followed {
    prometheus::Counter& counter;
    std::uint64_t seen = 0;
    void follow(std::uint64_t count);
  };

  Followed hits_, misses_, evicted_, expired_, commands_, connections_, rejected_, errors_, oom_, in_bytes_, out_bytes_, output_closes_;
  prometheus::Gauge& memory_;
  prometheus::Gauge& memory_max_;
  prometheus::Gauge& clients_;
  prometheus::Gauge& blocked_;
  prometheus::Gauge& slow_;
  prometheus::Gauge& keys_;
  prometheus::Gauge& expiring_;
};

}  // namespace chaos::redis
