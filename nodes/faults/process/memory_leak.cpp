// Grows resident memory at a constant rate of lab time; freed when cleared, as by the end of the process.
#include "faults/fault.hpp"
#include "runtime/sleep.hpp"

#include <algorithm>
#include <cstring>
#include <sys/mman.h>
#include <utility>

namespace chaos::faults {

namespace {

constexpr double kMb = 1e6;
constexpr std::chrono::milliseconds kStep{5};

// Touched pages straight from the kernel, so that what is freed really leaves the process.
class Block {
 public:
  explicit Block(std::size_t bytes) : at_(mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)), bytes_(bytes) {
    if (at_ == MAP_FAILED) throw std::bad_alloc();
    std::memset(at_, 0xA5, bytes_);
  }
  Block(Block&& other) noexcept : at_(std::exchange(other.at_, nullptr)), bytes_(other.bytes_) {}
  Block& operator=(Block&&) = delete;
  ~Block() {
    if (at_) munmap(at_, bytes_);
  }

 private:
  void* at_;
  std::size_t bytes_;
};

class MemoryLeak final : public ProcessFault {
 public:
  using ProcessFault::ProcessFault;

  awaitable<void> run(FaultHost& host) override {
    const double bytes_per_lab_s = spec().memory_leak().mb_per_lab_hour() * kMb / 3600;
    LabTime last = host.node.clock.lab_now();
    double owed = 0;
    while (true) {
      co_await sleep_real(kStep);
      const LabTime now = host.node.clock.lab_now();
      owed += bytes_per_lab_s * (now - last).seconds() * spec().probability() * level();
      last = now;
      owed -= grow(static_cast<std::size_t>(std::max(0.0, owed)));
    }
  }

 private:
  // In steps of 64 KiB, a mapping each; at most 8 MiB at once, so that the data thread stays free.
  double grow(std::size_t owed) {
    constexpr std::size_t kUnit = 64 * 1024;
    const std::size_t bytes = std::min<std::size_t>(owed, 8 * 1024 * 1024) / kUnit * kUnit;
    if (bytes == 0) return 0;
    kept_.emplace_back(bytes);
    bite();
    return static_cast<double>(bytes);
  }

  std::vector<Block> kept_;
};

}  // namespace

FaultEntry memory_leak_fault() { return {"memory_leak", &make_fault<MemoryLeak>}; }

}  // namespace chaos::faults
