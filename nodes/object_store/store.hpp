// The store's files, the index of them, uploads under way and the cache, kept in step.
#pragma once

#include "object_store/object_cache.hpp"
#include "object_store/object_disk.hpp"
#include "object_store/upload_disk.hpp"

namespace chaos {

/// Data thread only; blocking file calls. A change is on disk before it is in the index.
class Store {
 public:
  explicit Store(std::filesystem::path root) : disk_(root), upload_disk_(std::move(root)) {}

  /// Returns how many files were passed over because they cannot be read.
  Result<std::size_t> open();
  const ObjectIndex& index() const { return index_; }
  const Uploads& uploads() const { return uploads_; }
  ObjectCache& cache() { return cache_; }
  /// What a new store begins with (new_store.hpp).
  Result<void> fill(int objects, std::uint64_t object_bytes, std::int64_t now_s);

  Result<void> create_bucket(const std::string& name, std::int64_t now_s);
  /// Its uploads go with it.
  Result<void> remove_bucket(const std::string& name);

  Result<void> write(const std::string& bucket, ObjectHead head, std::string_view body);
  Result<ObjectPtr> read(const std::string& bucket, const std::string& key);
  Result<ObjectHead> read_head(const std::string& bucket, const std::string& key);
  Result<void> remove(const std::string& bucket, const std::string& key);

  Result<void> begin_upload(const std::string& id, Upload upload);
  Result<void> write_part(const std::string& id, int number, const ObjectMeta& meta, std::string_view body);
  Result<void> drop_upload(const std::string& id);
  /// The object out of its parts; afterwards the upload is gone.
  Result<void> complete_upload(const std::string& id, const Assembly& assembly, std::int64_t now_s);

 private:
  ObjectDisk disk_;
  UploadDisk upload_disk_;
  ObjectIndex index_;
  Uploads uploads_;
  ObjectCache cache_;
};

}  // namespace chaos
