// Files as the store uses them: whole writes, reads by place, errors as ErrorCode. Blocking.
#pragma once

#include "object_store/object_file.hpp"
#include "runtime/error.hpp"

#include <filesystem>

namespace chaos {

/// errno as an error; ENOENT is not_found.
ErrorCode last_file_error();
Result<void> file_result(const std::error_code& ec);

class File {
 public:
  File(const std::filesystem::path& path, int flags);
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File();
  explicit operator bool() const { return fd_ >= 0; }

  Result<void> write_all(std::string_view bytes);
  /// At most `limit` bytes from `offset` on.
  Result<std::string> read(std::size_t limit, std::size_t offset = 0) const;
  std::size_t size() const;

 private:
  int fd_;
};

/// The head of an object's or a part's file; `body` is where the bytes begin. nullopt when it cannot be read or the file's size
/// is not what its head says.
std::optional<ObjectHead> read_object_head(const std::filesystem::path& path, std::size_t& body);

}  // namespace chaos
