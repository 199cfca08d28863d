#include "object_store/object_disk.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace chaos {

namespace fs = std::filesystem;

namespace {

constexpr const char* kCreated = ".created";    // its modification time is the bucket's creation

ErrorCode last_error() {
  if (errno == ENOENT) return Errc::not_found;
  return {errno, boost::system::system_category()};
}

ErrorCode from_std(const std::error_code& ec) { return {ec.value(), boost::system::system_category()}; }

Result<void> done(const std::error_code& ec) {
  if (ec) return from_std(ec);
  return {};
}

class File {
 public:
  File(const fs::path& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0644)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { if (fd_ >= 0) ::close(fd_); }
  explicit operator bool() const { return fd_ >= 0; }

  Result<void> write_all(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return last_error();
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return {};
  }

  // At most `limit` bytes from the front.
  Result<std::string> read(std::size_t limit) const {
    std::string out(limit, '\0');
    std::size_t have = 0;
    while (have < limit) {
      const ssize_t n = ::pread(fd_, out.data() + have, limit - have, static_cast<off_t>(have));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return last_error();
      if (n == 0) break;
      have += static_cast<std::size_t>(n);
    }
    out.resize(have);
    return out;
  }

  std::size_t size() const {
    struct stat info{};
    return ::fstat(fd_, &info) == 0 ? static_cast<std::size_t>(info.st_size) : 0;
  }

 private:
  int fd_;
};

std::int64_t modified_s(const fs::path& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 ? info.st_mtime : 0;
}

std::optional<ObjectHead> head_of(const fs::path& path) {
  const File file(path, O_RDONLY);
  if (!file) return std::nullopt;
  std::size_t end = 0;
  for (const std::size_t limit : {std::size_t{1024}, kMaxObjectHead}) {
    auto front = file.read(limit);
    if (!front) return std::nullopt;
    auto head = ObjectHead::parse(*front, end);
    if (head) return file.size() == end + head->meta.size ? head : std::nullopt;
    if (front->size() < limit) return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

Result<void> ObjectDisk::open() {
  std::error_code ec;
  fs::create_directories(root_ / "buckets", ec);
  if (!ec) fs::remove_all(root_ / "tmp", ec);
  if (!ec) fs::create_directories(root_ / "tmp", ec);
  return done(ec);
}

Result<std::size_t> ObjectDisk::load(ObjectIndex& index) const {
  std::size_t skipped = 0;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(root_ / "buckets", ec)) {
    if (s3::valid_bucket_name(entry.path().filename().string())) skipped += load_bucket(entry.path(), index);
  }
  if (ec) return from_std(ec);
  return skipped;
}

std::size_t ObjectDisk::load_bucket(const fs::path& path, ObjectIndex& index) const {
  const std::string bucket = path.filename().string();
  index.add_bucket(bucket, modified_s(path / kCreated));
  std::size_t skipped = 0;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(path, ec)) {
    const std::string name = entry.path().filename().string();
    if (name == kCreated) continue;
    auto head = head_of(entry.path());
    const bool sound = head && object_file_name(head->key) == name;
    if (sound) index.put(bucket, std::move(head->key), head->meta);
    skipped += sound ? 0 : 1;
  }
  return skipped;
}

Result<void> ObjectDisk::create_bucket(std::string_view name) {
  std::error_code ec;
  fs::create_directories(bucket_path(name), ec);
  if (ec) return from_std(ec);
  const File created(bucket_path(name) / kCreated, O_WRONLY | O_CREAT);
  if (!created) return last_error();
  return {};
}

Result<void> ObjectDisk::remove_bucket(std::string_view name) {
  std::error_code ec;
  fs::remove_all(bucket_path(name), ec);
  return done(ec);
}

fs::path ObjectDisk::object_path(std::string_view bucket, std::string_view key) const {
  return bucket_path(bucket) / object_file_name(key);
}

Result<void> ObjectDisk::write(std::string_view bucket, const ObjectHead& head, std::string_view body) {
  const fs::path temporary = root_ / "tmp" / std::to_string(++temporaries_);
  Result<void> written;
  {
    File file(temporary, O_WRONLY | O_CREAT | O_TRUNC);
    if (!file) return last_error();
    written = file.write_all(head.write());
    if (written) written = file.write_all(body);
  }
  if (written && ::rename(temporary.c_str(), object_path(bucket, head.key).c_str()) != 0) written = last_error();
  if (!written) ::unlink(temporary.c_str());
  return written;
}

Result<ObjectDisk::Object> ObjectDisk::read(std::string_view bucket, std::string_view key) const {
  const File file(object_path(bucket, key), O_RDONLY);
  if (!file) return last_error();
  auto bytes = file.read(file.size());
  if (!bytes) return bytes.error();
  std::size_t end = 0;
  auto head = ObjectHead::parse(*bytes, end);
  if (!head || bytes->size() != end + head->meta.size) return Errc::invalid;
  bytes->erase(0, end);
  return Object{std::move(*head), std::move(*bytes)};
}

Result<ObjectHead> ObjectDisk::read_head(std::string_view bucket, std::string_view key) const {
  auto head = head_of(object_path(bucket, key));
  if (!head) return Errc::invalid;
  return std::move(*head);
}

Result<void> ObjectDisk::remove(std::string_view bucket, std::string_view key) {
  if (::unlink(object_path(bucket, key).c_str()) != 0 && errno != ENOENT) return last_error();
  return {};
}

bool ObjectDisk::has_mark(std::string_view name) const {
  std::error_code ec;
  return fs::exists(root_ / name, ec);
}

Result<void> ObjectDisk::set_mark(std::string_view name) {
  const File mark(root_ / name, O_WRONLY | O_CREAT);
  if (!mark) return last_error();
  return {};
}

}  // namespace chaos
