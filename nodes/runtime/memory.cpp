#include "runtime/memory.hpp"

#include "runtime/sleep.hpp"
#include "runtime/sudden_end.hpp"

#include <cstdio>
#include <ctime>
#include <fcntl.h>
#include <fstream>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

namespace chaos {

namespace {

double clock_seconds(clockid_t id) {
  timespec t{};
  clock_gettime(id, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

}  // namespace

std::uint64_t resident_bytes() {
  const int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  char text[128] = {};
  const ssize_t n = read(fd, text, sizeof text - 1);
  close(fd);
  unsigned long total = 0;
  unsigned long resident = 0;
  if (n <= 0 || std::sscanf(text, "%lu %lu", &total, &resident) != 2) return 0;
  return std::uint64_t{resident} * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

void return_memory() { malloc_trim(0); }

double cpu_seconds() { return clock_seconds(CLOCK_PROCESS_CPUTIME_ID); }
double thread_cpu_seconds() { return clock_seconds(CLOCK_THREAD_CPUTIME_ID); }

std::uint64_t container_memory_limit() {
  constexpr std::uint64_t kNone = std::uint64_t{1} << 60;     // version 1 writes a huge number for none, version 2 "max"
  for (const char* file : {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    std::ifstream in(file);
    std::uint64_t bytes = 0;
    if (in >> bytes) return bytes < kNone ? bytes : 0;
  }
  return 0;
}

void MemoryGuard::set_limit(std::uint64_t own, std::uint64_t container) {
  by_kernel_ = container != 0 && (own == 0 || container <= own);
  limit_ = by_kernel_ ? container : own;
}

awaitable<void> MemoryGuard::run(std::function<void()> before_kill) {
  while (true) {
    resident_ = resident_bytes();
    if (limit_ != 0 && !by_kernel_ && resident_ >= limit_) {
      before_kill();
      die_at_once();
    }
    co_await sleep_real(std::chrono::milliseconds(20));
  }
}

}  // namespace chaos
