#include "object_store/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace chaos {

ErrorCode last_file_error() {
  if (errno == ENOENT) return Errc::not_found;
  return {errno, boost::system::system_category()};
}

Result<void> file_result(const std::error_code& ec) {
  if (ec) return ErrorCode{ec.value(), boost::system::system_category()};
  return {};
}

File::File(const std::filesystem::path& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0644)) {}

File::~File() {
  if (fd_ >= 0) ::close(fd_);
}

Result<void> File::write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return last_file_error();
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Result<std::string> File::read(std::size_t limit, std::size_t offset) const {
  std::string out(limit, '\0');
  std::size_t have = 0;
  while (have < limit) {
    const ssize_t n = ::pread(fd_, out.data() + have, limit - have, static_cast<off_t>(offset + have));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return last_file_error();
    if (n == 0) break;
    have += static_cast<std::size_t>(n);
  }
  out.resize(have);
  return out;
}

std::size_t File::size() const {
  struct stat info{};
  return ::fstat(fd_, &info) == 0 ? static_cast<std::size_t>(info.st_size) : 0;
}

std::optional<ObjectHead> read_object_head(const std::filesystem::path& path, std::size_t& body) {
  const File file(path, O_RDONLY);
  if (!file) return std::nullopt;
  for (const std::size_t limit : {std::size_t{1024}, kMaxObjectHead}) {
    auto front = file.read(limit);
    if (!front) return std::nullopt;
    auto head = ObjectHead::parse(*front, body);
    if (head) return file.size() == body + head->meta.size ? head : std::nullopt;
    if (front->size() < limit) return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace chaos
