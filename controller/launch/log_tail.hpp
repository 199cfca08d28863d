// The end of a growing file, line by line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace chaos {

/// Reads at most 256 KB at once, so that a call stays short. A file that was rotated away is followed to its successor.
class LogTail {
 public:
  explicit LogTail(std::filesystem::path file) : file_(std::move(file)) {}
  /// The last `count` whole lines; later calls of next() go on behind them.
  std::vector<std::string> last(std::size_t count);
  /// Whole lines that were written since; an unfinished one waits for its end.
  std::vector<std::string> next();

 private:
  std::vector<std::string> read();
  std::filesystem::path file_;
  std::uintmax_t at_ = 0;
  std::string rest_;
};

}  // namespace chaos
