#include "redis/memory_figures.hpp"

#include "runtime/memory.hpp"

#include <malloc.h>
#include <unistd.h>

namespace chaos::redis {

double ratio(std::uint64_t a, std::uint64_t b) { return b == 0 ? 0 : static_cast<double>(a) / static_cast<double>(b); }

MemoryFigures memory_figures(const Engine& engine) {
  MemoryFigures out;
  const auto& keys = engine.keyspace;
  out.used = keys.used_bytes();
  out.peak = std::max(engine.peak_bytes, out.used);
  out.startup = allocation(16 * sizeof(void*));                          // the table of an empty keyspace
  out.overhead = keys.table_bytes() + keys.size() * (allocation(sizeof(Entry)) + sizeof(Entry*)) + keys.expiring() * sizeof(Entry*);
  out.dataset = out.used > out.overhead ? out.used - out.overhead : 0;
  out.resident = resident_bytes();
  out.system = static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  const auto heap = mallinfo2();
  out.allocated = heap.uordblks + heap.hblkhd;
  out.active = heap.arena + heap.hblkhd;
  out.clients = engine.clients_bytes();
  out.dataset_percent = 100 * ratio(out.dataset, out.used > out.startup ? out.used - out.startup : out.used);
  out.peak_percent = 100 * ratio(out.used, out.peak);
  return out;
}

}  // namespace chaos::redis
