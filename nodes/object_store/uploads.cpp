#include "object_store/uploads.hpp"

#include <algorithm>

namespace chaos {

std::uint64_t Upload::bytes() const {
  std::uint64_t sum = 0;
  for (const auto& [number, meta] : parts) sum += meta.size;
  return sum;
}

s3::Error assemble(const Upload& upload, const std::vector<s3::NamedPart>& named, std::uint64_t max_bytes, Assembly& out) {
  std::string digests;
  bool small = false;       // a part that another one follows must not be
  for (const auto& part : named) {
    if (!out.parts.empty() && part.number <= out.parts.back()) return s3::Error::invalid_part_order;
    const auto it = upload.parts.find(part.number);
    if (it == upload.parts.end() || part.etag != to_hex(it->second.digest)) return s3::Error::invalid_part;
    if (small) return s3::Error::entity_too_small;
    small = it->second.size < kMinPart;
    digests.append(reinterpret_cast<const char*>(it->second.digest.data()), it->second.digest.size());
    out.parts.push_back(part.number);
    out.meta.size += it->second.size;
  }
  out.meta.digest = md5(digests);
  out.meta.parts = static_cast<std::uint32_t>(out.parts.size());
  return out.meta.size > max_bytes ? s3::Error::entity_too_large : s3::Error::none;
}

bool made_of(const ObjectMeta& object, const std::vector<s3::NamedPart>& named) {
  std::string digests;
  for (const auto& part : named) {
    Md5 digest{};
    if (!from_hex(part.etag, digest)) return false;
    digests.append(reinterpret_cast<const char*>(digest.data()), digest.size());
  }
  return object.parts == named.size() && object.digest == md5(digests);
}

void Uploads::add(std::string id, Upload upload) {
  bytes_ += upload.bytes();
  uploads_.insert_or_assign(std::move(id), std::move(upload));
}

void Uploads::put_part(std::string_view id, int number, const ObjectMeta& meta) {
  const auto it = uploads_.find(id);
  if (it == uploads_.end()) return;
  ObjectMeta& part = it->second.parts[number];
  bytes_ += meta.size - part.size;
  part = meta;
}

void Uploads::remove(std::string_view id) {
  const auto it = uploads_.find(id);
  if (it == uploads_.end()) return;
  bytes_ -= it->second.bytes();
  uploads_.erase(it);
}

const Upload* Uploads::of(std::string_view id) const {
  const auto it = uploads_.find(id);
  return it == uploads_.end() ? nullptr : &it->second;
}

const Upload* Uploads::find(std::string_view id, std::string_view bucket, std::string_view key) const {
  const Upload* upload = of(id);
  return upload && upload->bucket == bucket && upload->key == key ? upload : nullptr;
}

std::vector<s3::UploadEntry> Uploads::list(const s3::Request& request, bool& more) const {
  std::vector<s3::UploadEntry> all;
  for (const auto& [id, upload] : uploads_) {
    const bool after = request.list.after.empty() || std::tie(upload.key, id) > std::tie(request.list.after, request.part.upload_marker);
    const bool marked = request.part.upload_marker.empty() && upload.key == request.list.after;     // a key alone: all of it is behind
    if (upload.bucket == request.bucket && upload.key.starts_with(request.list.prefix) && after && !marked) {
      all.push_back({upload.key, id, upload.initiated_s});
    }
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return std::tie(a.key, a.id) < std::tie(b.key, b.id); });
  more = all.size() > request.list.max_keys && request.list.max_keys > 0;
  all.resize(std::min(all.size(), request.list.max_keys));
  return all;
}

std::vector<s3::PartEntry> Uploads::list_parts(const Upload& upload, const s3::Request& request, bool& more) {
  std::vector<s3::PartEntry> page;
  for (auto it = upload.parts.upper_bound(request.part.after); it != upload.parts.end(); ++it) {
    more = page.size() >= request.list.max_keys;
    if (more) break;
    page.push_back({it->first, it->second.size, to_etag(it->second.digest), it->second.modified_s});
  }
  return page;
}

std::vector<std::string> Uploads::of_bucket(std::string_view bucket) const {
  std::vector<std::string> ids;
  for (const auto& [id, upload] : uploads_) {
    if (upload.bucket == bucket) ids.push_back(id);
  }
  return ids;
}

std::vector<std::string> Uploads::begun_before(std::int64_t unix_s) const {
  std::vector<std::string> ids;
  for (const auto& [id, upload] : uploads_) {
    if (upload.initiated_s < unix_s) ids.push_back(id);
  }
  return ids;
}

}  // namespace chaos
