// A lock on a file by which one process says that it is alive.
#pragma once

#include <boost/system/result.hpp>

#include <filesystem>

namespace chaos {

/// An open file description lock (fcntl(2), F_OFD_SETLK): gone with its holder, however that ends, also before its parent
/// has reaped it.
class FileLock {
 public:
  /// Makes the file when it is not there. Error resource_unavailable_try_again: another holds it; else why it cannot be opened.
  static boost::system::result<FileLock> take(const std::filesystem::path& file);
  /// Whether anybody holds it, without taking it.
  static bool held(const std::filesystem::path& file);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace chaos
