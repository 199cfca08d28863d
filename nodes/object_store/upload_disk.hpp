// Parts of multipart uploads as files: uploads/ID/head says what the upload is for, uploads/ID/N is part N; both in the form
// of an object's file.
#pragma once

#include "object_store/file.hpp"
#include "object_store/uploads.hpp"

namespace chaos {

/// Blocking, as ObjectDisk. What it acknowledged survives the death of the process.
class UploadDisk {
 public:
  explicit UploadDisk(std::filesystem::path root) : root_(std::move(root) / "uploads") {}

  Result<void> open();
  /// Fills the index with what is there, and removes what is no upload: folders without a head (killed while they were made),
  /// parts that are cut.
  Result<void> load(Uploads& uploads);

  Result<void> create(std::string_view id, const Upload& upload);
  Result<void> write_part(std::string_view id, int number, const ObjectMeta& meta, std::string_view body);
  Result<void> remove(std::string_view id);
  std::filesystem::path part_path(std::string_view id, int number) const { return root_ / id / std::to_string(number); }

 private:
  bool load_one(const std::filesystem::path& folder, Uploads& uploads);
  Result<void> write_file(const std::filesystem::path& path, const ObjectHead& head, std::string_view body);

  std::filesystem::path root_;
};

}  // namespace chaos
