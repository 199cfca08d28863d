// How long calls of one command took: INFO latencystats and LATENCY HISTOGRAM.
#pragma once

#include "runtime/units.hpp"

#include <array>
#include <bit>
#include <cstdint>

namespace chaos::redis {

/// Durations in log-linear buckets, relative error at most 1/16. Fixed size, so that counting never allocates.
class LatencyCounts {
 public:
  void add(RealDuration took) { ++counts_[bucket_of(static_cast<std::uint64_t>(std::max<RealDuration::rep>(0, took.count())))], ++total_; }
  std::uint64_t total() const { return total_; }
  /// The upper bound of the bucket that holds the q-th one, in us; 0 when empty.
  double quantile_us(double q) const {
    const auto wanted = static_cast<std::uint64_t>(q * static_cast<double>(total_) + 0.5);
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      seen += counts_[i];
      if (seen > 0 && seen >= wanted) return static_cast<double>(upper_ns(i)) / 1000;
    }
    return 0;
  }
  /// visit(us, cumulative) for each power of two of 1024 ns that has calls, as LATENCY HISTOGRAM gives them.
  template <class Visit>
  void powers(Visit&& visit) const {
    std::uint64_t seen = 0, told = 0;
    std::uint64_t bound = 1024;
    for (std::size_t i = 0; i < counts_.size() && told < total_; ++i) {
      while (upper_ns(i) >= bound) {
        if (seen > told) visit(bound / 1000, told = seen);
        bound *= 2;
      }
      seen += counts_[i];
    }
    if (seen > told) visit(bound / 1000, seen);
  }

 private:
  static constexpr unsigned kSub = 4;              // bits of a bucket's place within a power of two
  static std::size_t bucket_of(std::uint64_t ns) {
    ns = std::min<std::uint64_t>(ns, (1ULL << 36) - 1);
    if (ns < (1U << kSub)) return ns;
    const auto power = static_cast<unsigned>(std::bit_width(ns)) - 1 - kSub;
    return ((power + 1U) << kSub) + ((ns >> power) & ((1U << kSub) - 1));
  }
  static std::uint64_t upper_ns(std::size_t bucket) {
    if (bucket < (1U << kSub)) return bucket;
    const auto power = (bucket >> kSub) - 1;
    return ((((1U << kSub) | (bucket & ((1U << kSub) - 1))) + 1ULL) << power) - 1;
  }

  std::array<std::uint32_t, 34U << kSub> counts_{};
  std::uint64_t total_ = 0;
};

}  // namespace chaos::redis
