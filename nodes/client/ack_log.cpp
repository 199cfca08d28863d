#include "client/ack_log.hpp"

#include <charconv>
#include <fstream>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace chaos {

namespace {

std::filesystem::path file_of(const std::filesystem::path& dir, std::string_view run) {
  std::string name(run);
  for (char& c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (!plain) c = '_';
  }
  return dir / ("acks-" + name + ".log");
}

ErrorCode last_error() { return {errno, boost::system::system_category()}; }

}  // namespace

AckLog::~AckLog() { close(); }

void AckLog::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

Result<std::vector<std::int64_t>> AckLog::open(const std::filesystem::path& dir, std::string_view run) {
  close();
  const std::filesystem::path path = file_of(dir, run);
  std::vector<std::int64_t> ids;
  std::uintmax_t whole = 0;   // bytes up to the end of the last whole line
  std::ifstream in(path);
  for (std::string line; std::getline(in, line) && !in.eof(); whole += line.size() + 1) {
    std::int64_t id = 0;
    const auto [end, bad] = std::from_chars(line.data(), line.data() + line.size(), id);
    if (bad == std::errc{} && end == line.data() + line.size()) ids.push_back(id);
  }
  fd_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (fd_ < 0) return last_error();
  if (::ftruncate(fd_, static_cast<off_t>(whole)) != 0) return last_error();
  return ids;
}

Result<void> AckLog::append(std::int64_t id) {
  char line[24];
  char* end = std::to_chars(line, line + sizeof line - 1, id).ptr;
  *end++ = '\n';
  if (fd_ < 0) return ErrorCode(EBADF, boost::system::system_category());
  const auto size = end - line;
  const auto written = ::write(fd_, line, static_cast<std::size_t>(size));
  if (written < 0) return last_error();
  if (written < size) return ErrorCode(EIO, boost::system::system_category());
  return boost::system::in_place_value;
}

}  // namespace chaos
