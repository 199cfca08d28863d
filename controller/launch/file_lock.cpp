#include "launch/file_lock.hpp"

#include <boost/system/error_code.hpp>

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace chaos {

namespace {

struct flock whole_file() {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

boost::system::error_code last_error() { return {errno, boost::system::system_category()}; }

}  // namespace

boost::system::result<FileLock> FileLock::take(const std::filesystem::path& file) {
  const int fd = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return last_error();
  FileLock lock(fd);
  auto wanted = whole_file();
  if (fcntl(fd, F_OFD_SETLK, &wanted) != 0) return last_error();
  return lock;
}

bool FileLock::held(const std::filesystem::path& file) {
  const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  auto found = whole_file();
  const bool told = fcntl(fd, F_OFD_GETLK, &found) == 0;
  close(fd);
  return told && found.l_type != F_UNLCK;
}

FileLock::FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

FileLock::~FileLock() {
  if (fd_ >= 0) close(fd_);
}

}  // namespace chaos
