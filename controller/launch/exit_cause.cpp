#include "launch/exit_cause.hpp"

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

bool near_limit(const ProcessEnd& end) {
  return end.memory_limit_bytes > 0 && static_cast<double>(end.resident_bytes) >= kNearLimit * static_cast<double>(end.memory_limit_bytes);
}

}  // namespace

ExitCause exit_cause(const ProcessEnd& end) {
  if (!end.signaled) {
    if (end.value == 0) return {"stopped", "stopped as asked"};
    return {"exited", fmt::format("exit code {}", end.value)};
  }
  if (end.asked) return {"stopped", fmt::format("stopped as asked ({})", signal_name(end.value))};
  if (end.value == SIGKILL && near_limit(end)) return {"killed", "SIGKILL (out of memory)"};
  return {"killed", signal_name(end.value)};
}

}  // namespace chaos
