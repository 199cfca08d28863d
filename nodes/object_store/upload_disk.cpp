#include "object_store/upload_disk.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>

namespace chaos {

namespace fs = std::filesystem;

namespace {

constexpr const char* kHead = "head";
constexpr const char* kBucket = "bucket";      // a field of the head, before those of the object

// 0: not the name of a part's file.
int part_number(const std::string& name) {
  int number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  return error == std::errc{} && end == name.data() + name.size() && number >= 1 && number <= s3::kMaxPartNumber ? number : 0;
}

}  // namespace

Result<void> UploadDisk::open() {
  std::error_code ec;
  fs::create_directories(root_, ec);
  return file_result(ec);
}

Result<void> UploadDisk::load(Uploads& uploads) {
  std::error_code ec;
  std::vector<fs::path> broken;
  for (const auto& entry : fs::directory_iterator(root_, ec)) {
    if (!load_one(entry.path(), uploads)) broken.push_back(entry.path());
  }
  for (const auto& path : broken) fs::remove_all(path, ec);
  return file_result(ec);
}

bool UploadDisk::load_one(const fs::path& folder, Uploads& uploads) {
  std::size_t body = 0;
  auto head = read_object_head(folder / kHead, body);
  if (!head || head->headers.empty() || head->headers.front().first != kBucket) return false;
  Upload upload{head->headers.front().second, std::move(head->key), {head->headers.begin() + 1, head->headers.end()}, head->meta.modified_s, {}};
  std::error_code ec;
  std::vector<fs::path> cut;
  for (const auto& entry : fs::directory_iterator(folder, ec)) {
    const std::string name = entry.path().filename().string();
    if (name == kHead) continue;
    const int number = part_number(name);
    const auto part = number ? read_object_head(entry.path(), body) : std::nullopt;
    if (part) upload.parts.emplace(number, part->meta);
    else cut.push_back(entry.path());
  }
  for (const auto& path : cut) fs::remove(path, ec);
  uploads.add(folder.filename().string(), std::move(upload));
  return true;
}

Result<void> UploadDisk::create(std::string_view id, const Upload& upload) {
  std::error_code ec;
  fs::create_directory(root_ / id, ec);
  if (ec) return file_result(ec);
  ObjectHead head{upload.key, {0, {}, upload.initiated_s, 0}, {{kBucket, upload.bucket}}};
  head.headers.insert(head.headers.end(), upload.headers.begin(), upload.headers.end());
  auto written = write_file(root_ / id / kHead, head, {});
  if (!written) fs::remove_all(root_ / id, ec);
  return written;
}

Result<void> UploadDisk::write_part(std::string_view id, int number, const ObjectMeta& meta, std::string_view body) {
  return write_file(part_path(id, number), {std::to_string(number), meta, {}}, body);
}

// Written beside and renamed into place; what a killed process leaves beside is cut when the store opens.
Result<void> UploadDisk::write_file(const fs::path& path, const ObjectHead& head, std::string_view body) {
  const fs::path temporary = path.string() + ".new";
  Result<void> written;
  {
    File file(temporary, O_WRONLY | O_CREAT | O_TRUNC);
    if (!file) return last_file_error();
    written = file.write_all(head.write());
    if (written) written = file.write_all(body);
  }
  if (written && ::rename(temporary.c_str(), path.c_str()) != 0) written = last_file_error();
  if (!written) ::unlink(temporary.c_str());
  return written;
}

Result<void> UploadDisk::remove(std::string_view id) {
  std::error_code ec;
  fs::remove(root_ / id / kHead, ec);      // first: from here on it is no upload any more
  fs::remove_all(root_ / id, ec);
  return file_result(ec);
}

}  // namespace chaos
