// Objects as files under one directory: buckets/BUCKET/NAME, written beside and renamed into place.
#pragma once

#include "object_store/file.hpp"
#include "object_store/object_cache.hpp"

#include <functional>

namespace chaos {

/// Blocking file calls (objects are small and the page cache is warm). What write() acknowledged survives the death of
/// the process, not of the machine: nothing is synced. One process a directory. Errors: not_found, or the system's.
class ObjectDisk {
 public:
  explicit ObjectDisk(std::filesystem::path root) : root_(std::move(root)) {}

  /// Makes the directories and drops what a killed process left half written.
  Result<void> open();
  /// Fills the index with what is there. Returns how many files were passed over because they cannot be read.
  Result<std::size_t> load(ObjectIndex& index) const;

  Result<void> create_bucket(std::string_view name);
  Result<void> remove_bucket(std::string_view name);

  Result<void> write(std::string_view bucket, const ObjectHead& head, std::string_view body);
  /// The same, with the bytes of those files of parts one after the other as its body.
  Result<void> join(std::string_view bucket, const ObjectHead& head, const std::vector<std::filesystem::path>& parts);
  Result<StoredObject> read(std::string_view bucket, std::string_view key) const;
  Result<ObjectHead> read_head(std::string_view bucket, std::string_view key) const;
  Result<void> remove(std::string_view bucket, std::string_view key);

  /// A mark that outlives the process, for what is done once in a store's life.
  bool has_mark(std::string_view name) const;
  Result<void> set_mark(std::string_view name);

 private:
  /// Lets `fill` write what follows the head.
  Result<void> place(std::string_view bucket, const ObjectHead& head, const std::function<Result<void>(File&)>& fill);
  std::filesystem::path bucket_path(std::string_view bucket) const { return root_ / "buckets" / bucket; }
  std::filesystem::path object_path(std::string_view bucket, std::string_view key) const;
  std::size_t load_bucket(const std::filesystem::path& path, ObjectIndex& index) const;

  std::filesystem::path root_;
  std::uint64_t temporaries_ = 0;
};

}  // namespace chaos
