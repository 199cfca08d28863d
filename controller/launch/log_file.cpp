#include "launch/log_file.hpp"

namespace chaos {

std::filesystem::path log_path(const std::filesystem::path& dir, const std::string& name) { return dir / (name + ".log"); }

void rotate_log(const std::filesystem::path& log, std::uintmax_t max_bytes) {
  std::error_code ec;
  const auto size = std::filesystem::file_size(log, ec);
  if (ec || size <= max_bytes) return;
  std::filesystem::rename(log, log.string() + ".1", ec);
}

}  // namespace chaos
