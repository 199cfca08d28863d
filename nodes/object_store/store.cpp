#include "object_store/store.hpp"

#include "object_store/new_store.hpp"
#include "object_store/s3_object.hpp"

namespace chaos {

Result<std::size_t> Store::open() {
  if (auto opened = disk_.open(); !opened) return opened.error();
  if (auto opened = upload_disk_.open(); !opened) return opened.error();
  if (auto loaded = upload_disk_.load(uploads_); !loaded) return loaded.error();
  return disk_.load(index_);
}

Result<void> Store::fill(int objects, std::uint64_t object_bytes, std::int64_t now_s) {
  return fill_new_store(disk_, index_, {objects, object_bytes}, now_s);
}

Result<void> Store::create_bucket(const std::string& name, std::int64_t now_s) {
  auto made = disk_.create_bucket(name);
  if (made) index_.add_bucket(name, now_s);
  return made;
}

Result<void> Store::remove_bucket(const std::string& name) {
  for (const auto& id : uploads_.of_bucket(name)) {
    if (auto dropped = drop_upload(id); !dropped) return dropped;
  }
  auto removed = disk_.remove_bucket(name);
  if (removed) index_.remove_bucket(name);
  return removed;
}

Result<void> Store::write(const std::string& bucket, ObjectHead head, std::string_view body) {
  cache_.erase(bucket, head.key);
  auto written = disk_.write(bucket, head, body);
  if (written) index_.put(bucket, std::move(head.key), head.meta);
  return written;
}

Result<ObjectPtr> Store::read(const std::string& bucket, const std::string& key) {
  if (auto kept = cache_.find(bucket, key)) return kept;
  auto read = disk_.read(bucket, key);
  if (!read) return read.error();
  read->fields = object_fields(read->head);
  auto object = std::make_shared<const StoredObject>(std::move(*read));
  cache_.put(bucket, object);
  return ObjectPtr(std::move(object));
}

Result<ObjectHead> Store::read_head(const std::string& bucket, const std::string& key) {
  if (const auto kept = cache_.find(bucket, key)) return kept->head;
  return disk_.read_head(bucket, key);
}

Result<void> Store::remove(const std::string& bucket, const std::string& key) {
  cache_.erase(bucket, key);
  auto removed = disk_.remove(bucket, key);
  if (removed) index_.remove(bucket, key);
  return removed;
}

Result<void> Store::begin_upload(const std::string& id, Upload upload) {
  auto made = upload_disk_.create(id, upload);
  if (made) uploads_.add(id, std::move(upload));
  return made;
}

Result<void> Store::write_part(const std::string& id, int number, const ObjectMeta& meta, std::string_view body) {
  auto written = upload_disk_.write_part(id, number, meta, body);
  if (written) uploads_.put_part(id, number, meta);
  return written;
}

Result<void> Store::drop_upload(const std::string& id) {
  auto removed = upload_disk_.remove(id);
  if (removed) uploads_.remove(id);
  return removed;
}

Result<void> Store::complete_upload(const std::string& id, const Assembly& assembly, std::int64_t now_s) {
  const Upload* upload = uploads_.of(id);
  if (!upload) return Errc::not_found;
  ObjectHead head{upload->key, assembly.meta, upload->headers, id};
  head.meta.modified_s = now_s;
  std::vector<std::filesystem::path> parts;
  for (const int number : assembly.parts) parts.push_back(upload_disk_.part_path(id, number));
  cache_.erase(upload->bucket, head.key);
  if (auto joined = disk_.join(upload->bucket, head, parts); !joined) return joined;
  index_.put(upload->bucket, std::move(head.key), head.meta);
  return drop_upload(id);
}

}  // namespace chaos
