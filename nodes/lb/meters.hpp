// Small running figures of the statistics: rate over a second, mean over the last requests.
#pragma once

#include "runtime/units.hpp"

#include <algorithm>
#include <cstdint>

namespace chaos {

/// Events in the last whole second, and the most in any. Pure.
class RateMeter {
 public:
  void add(RealTime now) {
    turn_over(now);
    ++current_;
  }
  std::uint64_t rate(RealTime now) {
    turn_over(now);
    return last_;
  }
  std::uint64_t max() const { return std::max(max_, current_); }
  /// Forgets the most that there was.
  void clear_max() { max_ = current_ = 0; }

 private:
  void turn_over(RealTime now) {
    const auto second = std::chrono::floor<std::chrono::seconds>(now);
    if (second == second_) return;
    last_ = second - second_ == std::chrono::seconds(1) ? current_ : 0;
    max_ = std::max(max_, current_);
    current_ = 0;
    second_ = second;
  }

  std::chrono::time_point<RealClock, std::chrono::seconds> second_{};
  std::uint64_t current_ = 0;
  std::uint64_t last_ = 0;
  std::uint64_t max_ = 0;
};

/// Mean of the last 1024 durations or so (each new one counts 1/1024), and the longest of all. Pure.
class TimeMeter {
 public:
  void add(RealDuration took) {
    const double ms = to_ms(took);
    count_ = std::min<std::uint64_t>(count_ + 1, 1024);
    mean_ms_ += (ms - mean_ms_) / static_cast<double>(count_);
    max_ms_ = std::max(max_ms_, ms);
  }
  double mean_ms() const { return mean_ms_; }
  double max_ms() const { return max_ms_; }
  void clear_max() { max_ms_ = 0; }

 private:
  std::uint64_t count_ = 0;
  double mean_ms_ = 0;
  double max_ms_ = 0;
};

}  // namespace chaos
