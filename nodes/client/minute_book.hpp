// Requests by the lab minute of their intended send time, told once.
#pragma once

#include "runtime/units.hpp"

#include <cstdint>
#include <map>
#include <utility>

namespace chaos {

/// Increments since the last take(). Pure.
class MinuteBook {
 public:
  struct Tally {
    std::uint64_t total = 0;
    std::uint64_t good = 0;
  };

  /// Counted when the outcome is known, under the minute in which it was meant to be sent.
  void count(LabTime intended, bool good) {
    Tally& tally = minutes_[intended.minute()];
    ++tally.total;
    if (good) ++tally.good;
  }
  std::map<std::int64_t, Tally> take() { return std::exchange(minutes_, {}); }
  void clear() { minutes_.clear(); }

 private:
  std::map<std::int64_t, Tally> minutes_;
};

}  // namespace chaos
