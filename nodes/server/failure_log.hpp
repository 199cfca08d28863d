// Failed requests in the log, at a bounded rate: an outage must not fill the disk.
#pragma once

#include "runtime/units.hpp"

#include <cstdint>
#include <utility>

namespace chaos {

/// At most kPerSecond lines in one second. Pure.
class FailureLog {
 public:
  static constexpr std::uint64_t kPerSecond = 20;

  /// How many failures the next line stands for, itself included; 0: write none now.
  std::uint64_t lines_for(RealTime now) {
    if (now - second_ >= std::chrono::seconds(1)) {
      second_ = now;
      written_ = 0;
    }
    ++unwritten_;
    if (written_ >= kPerSecond) return 0;
    ++written_;
    return std::exchange(unwritten_, 0);
  }

 private:
  RealTime second_{};
  std::uint64_t written_ = 0;
  std::uint64_t unwritten_ = 0;
};

}  // namespace chaos
