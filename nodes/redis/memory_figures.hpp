// Where the memory of the node is: INFO memory, MEMORY STATS and MEMORY DOCTOR.
#pragma once

#include "redis/engine.hpp"

namespace chaos::redis {

/// Bytes. used is what maxmemory bounds: keys, values and their table.
struct MemoryFigures {
  std::uint64_t used = 0, peak = 0, overhead = 0, startup = 0, dataset = 0;
  std::uint64_t resident = 0, system = 0;
  std::uint64_t allocated = 0, active = 0;     // malloc's own figures, of the whole process
  std::uint64_t clients = 0;
  double dataset_percent = 0, peak_percent = 0;
};

MemoryFigures memory_figures(const Engine& engine);
double ratio(std::uint64_t a, std::uint64_t b);      // 0 when b is

}  // namespace chaos::redis
