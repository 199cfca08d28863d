// Which sample ticks are kept: all of the first kFullTicks, then every second one for as many, then every fourth...
// so a run of any length keeps a number of samples that grows with its logarithm. Pure.
#pragma once

#include <cstdint>

namespace chaos::record {

inline constexpr std::uint64_t kFullTicks = 14'400;   // four hours at one tick a second

constexpr std::uint64_t stride_at(std::uint64_t tick) {
  std::uint64_t stride = 1;
  for (std::uint64_t end = kFullTicks; tick >= end; end += kFullTicks * stride) stride *= 2;
  return stride;
}

constexpr bool keeps(std::uint64_t tick) { return tick % stride_at(tick) == 0; }

}  // namespace chaos::record
