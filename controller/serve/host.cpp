#include "serve/host.hpp"

#include <fmt/format.h>

namespace chaos {

ControllerHost::ControllerHost(std::filesystem::path data_dir)
    : log("controller", clock),
      tasks(io.get_executor(),
            [this](const std::string& name, const std::string& what) { log.error("task_failed", {{"task", name}, {"what", what}}); }),
      deadlines_(io), stats_(registry),
      ctx{"controller", "controller", "127.0.0.1", std::move(data_dir), io, clock, deadlines_, seams_, log, tasks, stats_, registry,
          Rng(1), [] { return 1.0; }, [] { return false; }, states_, &desired_} {}

void ControllerHost::start() { tasks.spawn("deadlines", deadlines_.run()); }

std::int64_t unix_us_now() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string lab_clock_text(double lab_s) {
  const auto minutes = static_cast<std::int64_t>(lab_s / 60);
  return fmt::format("{:02}:{:02}", minutes / 60 % 24, minutes % 60);
}

}  // namespace chaos
