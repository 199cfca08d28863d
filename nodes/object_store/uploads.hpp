// Multipart uploads under way, in memory: what each is for and which parts are there. Pure; the bytes are in upload_disk.hpp.
#pragma once

#include "object_store/object_file.hpp"
#include "wire/s3_multipart.hpp"

namespace chaos {

inline constexpr std::uint64_t kMinPart = 5 * 1024 * 1024;     // of all parts but the last ("multipart upload limits")

struct Upload {
  std::string bucket;
  std::string key;
  std::vector<std::pair<std::string, std::string>> headers;    // the object's, once it is complete
  std::int64_t initiated_s = 0;
  std::map<int, ObjectMeta> parts;                             // by number

  std::uint64_t bytes() const;
};

/// What a list of parts comes to.
struct Assembly {
  std::vector<int> parts;
  ObjectMeta meta;        // size, digest of the digests, number of parts
};

/// none, or invalid_part_order, invalid_part, entity_too_small, entity_too_large. max_bytes: of the whole object.
s3::Error assemble(const Upload& upload, const std::vector<s3::NamedPart>& named, std::uint64_t max_bytes, Assembly& out);

/// Whether a completed object is what these parts come to: for a completion that is repeated.
bool made_of(const ObjectMeta& object, const std::vector<s3::NamedPart>& named);

class Uploads {
 public:
  /// The id must be new.
  void add(std::string id, Upload upload);
  void put_part(std::string_view id, int number, const ObjectMeta& meta);
  void remove(std::string_view id);
  const Upload* of(std::string_view id) const;      // nullptr when there is none
  /// nullptr when there is none of that id for this object.
  const Upload* find(std::string_view id, std::string_view bucket, std::string_view key) const;

  /// One page in the order of key and id; `more` when others follow.
  std::vector<s3::UploadEntry> list(const s3::Request& request, bool& more) const;
  static std::vector<s3::PartEntry> list_parts(const Upload& upload, const s3::Request& request, bool& more);

  std::vector<std::string> of_bucket(std::string_view bucket) const;
  std::vector<std::string> begun_before(std::int64_t unix_s) const;
  std::size_t size() const { return uploads_.size(); }
  std::uint64_t bytes() const { return bytes_; }      // of all parts

 private:
  std::map<std::string, Upload, std::less<>> uploads_;     // by id
  std::uint64_t bytes_ = 0;
};

}  // namespace chaos
