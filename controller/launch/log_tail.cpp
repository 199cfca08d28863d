#include "launch/log_tail.hpp"

namespace chaos {

namespace {
constexpr std::uintmax_t kMost = 256 * 1024;
constexpr std::size_t kMaxLine = 64 * 1024;
}  // namespace

std::vector<std::string> LogTail::read() {
  std::error_code ec;
  const auto size = std::filesystem::file_size(file_, ec);
  if (ec) return {};
  if (size < at_) {
    at_ = 0;
    rest_.clear();
  }
  std::string bytes(std::min(size - at_, kMost), '\0');
  std::ifstream in(file_, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(at_));
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, in.gcount())));
  at_ += bytes.size();
  std::vector<std::string> lines;
  for (const char c : bytes) {
    if (c != '\n') {
      if (rest_.size() < kMaxLine) rest_ += c;
      continue;
    }
    lines.push_back(std::move(rest_));
    rest_.clear();
  }
  return lines;
}

std::vector<std::string> LogTail::last(std::size_t count) {
  std::error_code ec;
  const auto size = std::filesystem::file_size(file_, ec);
  const bool cut = !ec && size > kMost;
  if (cut) at_ = size - kMost;
  std::vector<std::string> lines = read();
  if (cut && !lines.empty()) lines.erase(lines.begin());     // began in the middle
  if (lines.size() > count) lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(count));
  return lines;
}

std::vector<std::string> LogTail::next() { return read(); }

}  // namespace chaos
