// What is counted of messages, by the management API's names, and how fast it goes.
#pragma once

#include "runtime/units.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace chaos::broker {

/// Counters of which samples of the last seconds are kept, so that each has a rate. Pure: time comes in.
template <std::size_t N>
class Meter {
 public:
  void add(std::size_t which, std::uint64_t n = 1) { now_[which] += n; }
  void set(std::size_t which, std::uint64_t value) { now_[which] = value; }
  std::uint64_t value(std::size_t which) const { return now_[which]; }
  /// Call it about once a second.
  void sample(RealTime at) {
    newest_ = (newest_ + 1) % kSamples;
    samples_[newest_] = {at, now_};
    if (kept_ < kSamples) ++kept_;
  }
  /// A second (real time), between the newest sample and the oldest one kept, which is 5 s older; 0 with fewer than two.
  double rate(std::size_t which) const {
    if (kept_ < 2) return 0;
    const Sample& last = samples_[newest_];
    const Sample& first = samples_[(newest_ + kSamples + 1 - kept_) % kSamples];
    const double span = to_s(last.at - first.at);
    return span > 0 ? (static_cast<double>(last.values[which]) - static_cast<double>(first.values[which])) / span : 0;
  }

 private:
  static constexpr std::size_t kSamples = 6;
  using Values = std::array<std::uint64_t, N>;
  struct Sample {
    RealTime at;
    Values values;
  };
  Values now_{};
  std::array<Sample, kSamples> samples_{};
  std::size_t newest_ = kSamples - 1;
  std::size_t kept_ = 0;
};

/// The order is that of kStatNames.
enum class Stat : std::size_t {
  publish, publish_in, publish_out, confirm, return_unroutable, drop_unroutable, deliver, deliver_no_ack, get, get_no_ack,
  get_empty, deliver_get, redeliver, ack, disk_writes
};
inline constexpr std::array<std::string_view, 15> kStatNames{
    "publish", "publish_in", "publish_out", "confirm", "return_unroutable", "drop_unroutable", "deliver", "deliver_no_ack",
    "get", "get_no_ack", "get_empty", "deliver_get", "redeliver", "ack", "disk_writes"};

class MessageStats {
 public:
  void add(Stat stat, std::uint64_t n = 1) { meter_.add(static_cast<std::size_t>(stat), n); }
  std::uint64_t value(Stat stat) const { return meter_.value(static_cast<std::size_t>(stat)); }
  double rate(Stat stat) const { return meter_.rate(static_cast<std::size_t>(stat)); }
  void sample(RealTime at) { meter_.sample(at); }

 private:
  Meter<kStatNames.size()> meter_;
};

}  // namespace chaos::broker
