// How many lines a second a kind of message may take in the log. Pure.
#pragma once

#include "runtime/units.hpp"

#include <cstdint>
#include <optional>
#include <utility>

namespace chaos::pg {

class LogLimit {
 public:
  explicit LogLimit(int per_second) : per_second_(per_second) {}
  /// nullopt: this line is left out. Else how many were left out since the last that was not.
  std::optional<std::int64_t> admit(RealTime now) {
    if (now - second_ >= std::chrono::seconds(1)) second_ = now, taken_ = 0;
    if (taken_ >= per_second_) return ++left_out_, std::nullopt;
    ++taken_;
    return std::exchange(left_out_, 0);
  }

 private:
  int per_second_;
  RealTime second_{};
  int taken_ = 0;
  std::int64_t left_out_ = 0;
};

}  // namespace chaos::pg
