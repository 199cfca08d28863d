// What is in the store, in memory: buckets, and the keys of each in order. Pure; the bytes are in object_disk.hpp.
#pragma once

#include "object_store/digest.hpp"
#include "wire/s3_documents.hpp"

#include <map>

namespace chaos {

struct ObjectMeta {
  std::uint64_t size = 0;
  Md5 digest{};                     // of the body; of an object in parts: of the parts' digests
  std::int64_t modified_s = 0;      // seconds since 1970, UTC
  std::uint32_t parts = 0;          // 0: it came in one piece

  std::string etag() const { return to_etag(digest, parts); }
};

class ObjectIndex {
 public:
  struct Bucket {
    std::int64_t created_s = 0;
    std::map<std::string, ObjectMeta, std::less<>> objects;    // by key, in byte order, as S3 lists them
  };

  /// False when it is there already.
  bool add_bucket(std::string name, std::int64_t created_s);
  void remove_bucket(std::string_view name);
  /// nullptr when there is none.
  const Bucket* bucket(std::string_view name) const;
  std::vector<s3::BucketEntry> buckets() const;

  /// Adds or replaces. The bucket must be there.
  void put(std::string_view bucket, std::string key, const ObjectMeta& meta);
  /// False when it was not there.
  bool remove(std::string_view bucket, std::string_view key);
  const ObjectMeta* find(std::string_view bucket, std::string_view key) const;

  /// One page: keys and common prefixes after the query's position, max_keys of both together.
  static s3::Listing list(const Bucket& bucket, const s3::ListQuery& query);

  std::uint64_t objects() const { return objects_; }
  std::uint64_t bytes() const { return bytes_; }     // of bodies

 private:
  std::map<std::string, Bucket, std::less<>> buckets_;
  std::uint64_t objects_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace chaos
