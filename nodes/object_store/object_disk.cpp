#include "object_store/object_disk.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace chaos {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kPiece = 256 * 1024;
constexpr const char* kCreated = ".created";    // its modification time is the bucket's creation

std::int64_t modified_s(const fs::path& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 ? info.st_mtime : 0;
}

// The body of a part's file, a piece at a time.
Result<void> append_body(File& out, const fs::path& path) {
  std::size_t at = 0;
  const auto head = read_object_head(path, at);
  const File part(path, O_RDONLY);
  if (!head || !part) return Errc::invalid;
  const std::size_t end = at + head->meta.size;
  while (at < end) {
    auto piece = part.read(std::min(kPiece, end - at), at);
    if (!piece) return piece.error();
    if (piece->empty()) return Errc::invalid;
    if (auto written = out.write_all(*piece); !written) return written;
    at += piece->size();
  }
  return {};
}

}  // namespace

Result<void> ObjectDisk::open() {
  std::error_code ec;
  fs::create_directories(root_ / "buckets", ec);
  if (!ec) fs::remove_all(root_ / "tmp", ec);
  if (!ec) fs::create_directories(root_ / "tmp", ec);
  return file_result(ec);
}

Result<std::size_t> ObjectDisk::load(ObjectIndex& index) const {
  std::size_t skipped = 0;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(root_ / "buckets", ec)) {
    if (s3::valid_bucket_name(entry.path().filename().string())) skipped += load_bucket(entry.path(), index);
  }
  if (ec) return file_result(ec).error();
  return skipped;
}

std::size_t ObjectDisk::load_bucket(const fs::path& path, ObjectIndex& index) const {
  const std::string bucket = path.filename().string();
  index.add_bucket(bucket, modified_s(path / kCreated));
  std::size_t skipped = 0;
  std::size_t body = 0;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(path, ec)) {
    const std::string name = entry.path().filename().string();
    if (name == kCreated) continue;
    auto head = read_object_head(entry.path(), body);
    const bool sound = head && object_file_name(head->key) == name;
    if (sound) index.put(bucket, std::move(head->key), head->meta);
    skipped += sound ? 0 : 1;
  }
  return skipped;
}

Result<void> ObjectDisk::create_bucket(std::string_view name) {
  std::error_code ec;
  fs::create_directories(bucket_path(name), ec);
  if (ec) return file_result(ec);
  const File created(bucket_path(name) / kCreated, O_WRONLY | O_CREAT);
  if (!created) return last_file_error();
  return {};
}

Result<void> ObjectDisk::remove_bucket(std::string_view name) {
  std::error_code ec;
  fs::remove_all(bucket_path(name), ec);
  return file_result(ec);
}

fs::path ObjectDisk::object_path(std::string_view bucket, std::string_view key) const {
  return bucket_path(bucket) / object_file_name(key);
}

Result<void> ObjectDisk::write(std::string_view bucket, const ObjectHead& head, std::string_view body) {
  return place(bucket, head, [&](File& file) { return file.write_all(body); });
}

Result<void> ObjectDisk::join(std::string_view bucket, const ObjectHead& head, const std::vector<fs::path>& parts) {
  return place(bucket, head, [&](File& file) {
    Result<void> written;
    for (const auto& part : parts) {
      written = append_body(file, part);
      if (!written) break;
    }
    return written;
  });
}

Result<void> ObjectDisk::place(std::string_view bucket, const ObjectHead& head, const std::function<Result<void>(File&)>& fill) {
  const fs::path temporary = root_ / "tmp" / std::to_string(++temporaries_);
  Result<void> written;
  {
    File file(temporary, O_WRONLY | O_CREAT | O_TRUNC);
    if (!file) return last_file_error();
    written = file.write_all(head.write());
    if (written) written = fill(file);
  }
  if (written && ::rename(temporary.c_str(), object_path(bucket, head.key).c_str()) != 0) written = last_file_error();
  if (!written) ::unlink(temporary.c_str());
  return written;
}

Result<StoredObject> ObjectDisk::read(std::string_view bucket, std::string_view key) const {
  const File file(object_path(bucket, key), O_RDONLY);
  if (!file) return last_file_error();
  auto bytes = file.read(file.size());
  if (!bytes) return bytes.error();
  std::size_t end = 0;
  auto head = ObjectHead::parse(*bytes, end);
  if (!head || bytes->size() != end + head->meta.size) return Errc::invalid;
  bytes->erase(0, end);
  return StoredObject{std::move(*head), std::move(*bytes)};
}

Result<ObjectHead> ObjectDisk::read_head(std::string_view bucket, std::string_view key) const {
  std::size_t body = 0;
  auto head = read_object_head(object_path(bucket, key), body);
  if (!head) return Errc::invalid;
  return std::move(*head);
}

Result<void> ObjectDisk::remove(std::string_view bucket, std::string_view key) {
  if (::unlink(object_path(bucket, key).c_str()) != 0 && errno != ENOENT) return last_file_error();
  return {};
}

bool ObjectDisk::has_mark(std::string_view name) const {
  std::error_code ec;
  return fs::exists(root_ / name, ec);
}

Result<void> ObjectDisk::set_mark(std::string_view name) {
  const File mark(root_ / name, O_WRONLY | O_CREAT);
  if (!mark) return last_file_error();
  return {};
}

}  // namespace chaos
