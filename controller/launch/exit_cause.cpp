#include "launch/exit_cause.hpp"

#include "runtime/last_words.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstring>

namespace chaos {

namespace {

constexpr double kNearLimit = 0.9;

std::string signal_name(int number) {
  const char* name = sigabbrev_np(number);
  return name ? fmt::format("SIG{}", name) : fmt::format("signal {}", number);
}

bool near_limit(std::uint64_t resident, std::uint64_t limit) {
  return limit > 0 && static_cast<double>(resident) >= kNearLimit * static_cast<double>(limit);
}

}  // namespace

ExitCause exit_cause(const ProcessEnd& end) {
  if (!end.signaled) {
    if (end.value == 0) return {"stopped", "stopped as asked"};
    return {"exited", fmt::format("exit code {}", end.value)};
  }
  if (end.asked) return {"stopped", fmt::format("stopped as asked ({})", signal_name(end.value))};
  const bool by_kernel = end.kernel_limit && near_limit(end.resident_bytes, end.memory_limit_bytes);
  const bool out_of_memory = end.last_words == kOutOfMemory || by_kernel;
  if (end.value == SIGKILL && out_of_memory) return {"killed", "OOMKilled (out of memory, exit code 137)"};
  return {"killed", signal_name(end.value)};
}

ExitCause unseen_end(const UnseenEnd& end) {
  if (end.asked) return {"stopped", "stopped as asked"};
  if (near_limit(end.resident_bytes, end.memory_limit_bytes)) return {"killed", "gone at its memory limit (out of memory)"};
  return {"lost", "lost"};
}

}  // namespace chaos
