#include "runtime/histogram.hpp"

#include "chaoslab/v1/node.pb.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace chaos {

// Below 64 us a bucket a microsecond; above, 32 buckets for each doubling.
std::uint32_t Histogram::bucket_of(std::uint64_t us) {
  if (us < 64) return static_cast<std::uint32_t>(us);
  const auto shift = static_cast<std::uint32_t>(std::bit_width(us)) - 6;
  const auto index = shift * 32 + static_cast<std::uint32_t>(us >> shift);
  return std::min(index, kBuckets - 1);
}

std::uint64_t Histogram::upper_us(std::uint32_t bucket) {
  if (bucket < 64) return bucket;
  const std::uint32_t shift = bucket / 32 - 1;
  return ((std::uint64_t{bucket % 32} + 33) << shift) - 1;
}

void Histogram::add(RealDuration d, std::uint64_t count) {
  if (counts_.empty()) counts_.resize(kBuckets);
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(d).count();
  counts_[bucket_of(us < 0 ? 0 : static_cast<std::uint64_t>(us))] += count;
  total_ += count;
}

void Histogram::merge(const Histogram& other) {
  if (other.total_ == 0) return;
  if (counts_.empty()) counts_.resize(kBuckets);
  for (std::uint32_t b = 0; b < kBuckets; ++b) counts_[b] += other.counts_[b];
  total_ += other.total_;
}

double Histogram::quantile_ms(double q) const {
  if (total_ == 0) return 0;
  const auto rank = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(total_))));
  std::uint64_t seen = 0;
  for (std::uint32_t b = 0; b < kBuckets; ++b) {
    seen += counts_[b];
    if (seen >= rank) return static_cast<double>(upper_us(b)) / 1000.0;
  }
  return static_cast<double>(upper_us(kBuckets - 1)) / 1000.0;
}

std::uint64_t Histogram::count_within_ms(double ms) const {
  std::uint64_t within = 0;
  for (std::uint32_t b = 0; b < counts_.size() && static_cast<double>(upper_us(b)) <= ms * 1000; ++b) within += counts_[b];
  return within;
}

void Histogram::clear() {
  std::fill(counts_.begin(), counts_.end(), 0);
  total_ = 0;
}

void Histogram::write(v1::HistogramDelta* out) const {
  for (std::uint32_t b = 0; b < counts_.size(); ++b) {
    if (counts_[b] == 0) continue;
    out->add_bucket(b);
    out->add_count(counts_[b]);
  }
}

void Histogram::merge(const v1::HistogramDelta& delta) {
  if (counts_.empty()) counts_.resize(kBuckets);
  const int n = std::min(delta.bucket_size(), delta.count_size());
  for (int i = 0; i < n; ++i) {
    if (delta.bucket(i) >= kBuckets) continue;
    counts_[delta.bucket(i)] += delta.count(i);
    total_ += delta.count(i);
  }
}

}  // namespace chaos
