// The ids of acknowledged orders on disk, so that a client that is killed still knows what it was promised.
#pragma once

#include "runtime/error.hpp"

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

namespace chaos {

/// One file a run, "acks-<run>.log", one id a line. Data thread only.
class AckLog {
 public:
  AckLog() = default;
  AckLog(const AckLog&) = delete;
  AckLog& operator=(const AckLog&) = delete;
  ~AckLog();

  /// Opens the file of a run, closing the one before it, and returns the ids that are in it already. A last line
  /// that was cut off by a kill is dropped. Characters of `run` other than letters, digits, - and _ become _.
  Result<std::vector<std::int64_t>> open(const std::filesystem::path& dir, std::string_view run);
  /// With the kernel when it returns (one write(2)): survives SIGKILL, not the loss of the machine.
  Result<void> append(std::int64_t id);

 private:
  void close();
  int fd_ = -1;
};

}  // namespace chaos
