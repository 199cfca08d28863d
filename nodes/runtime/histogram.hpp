// Latencies as counts in log-linear buckets: relative error at most 1/32, mergeable, cheap to send.
#pragma once

#include "runtime/units.hpp"

#include <cstdint>
#include <map>
#include <vector>

namespace chaos::v1 { class HistogramDelta; }

namespace chaos {

/// Durations from 1 us to about 19 hours; outside of that they count as the nearest.
class Histogram {
 public:
  void add(RealDuration d, std::uint64_t count = 1);
  void merge(const Histogram& other);
  std::uint64_t count() const { return total_; }
  /// The upper bound of the bucket that holds the q-th observation, in ms; q in [0, 1]; 0 when empty.
  double quantile_ms(double q) const;
  /// Observations in buckets that end at or below `ms`.
  std::uint64_t count_within_ms(double ms) const;
  void clear();

  void write(v1::HistogramDelta* out) const;          // appends the non-empty buckets
  void merge(const v1::HistogramDelta& delta);        // unknown buckets are ignored

  static std::uint32_t bucket_of(std::uint64_t us);
  static std::uint64_t upper_us(std::uint32_t bucket);

 private:
  static constexpr std::uint32_t kBuckets = 32 * 32;
  std::vector<std::uint64_t> counts_;
  std::uint64_t total_ = 0;
};

}  // namespace chaos
