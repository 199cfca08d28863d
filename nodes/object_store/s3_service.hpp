// S3's actions on the store: a request in, an answer out. No sockets. Buckets: s3_service.cpp; objects: s3_objects.cpp;
// multipart uploads: s3_uploads.cpp.
#pragma once

#include "object_store/store.hpp"
#include "runtime/http.hpp"
#include "wire/s3_http.hpp"

#include <variant>

namespace chaos {

struct S3Limits {
  std::uint64_t max_object = 0;          // bytes of one object, whole or out of parts
  std::uint64_t max_upload_bytes = 0;    // of all parts that wait for the end of their upload
  std::int64_t upload_expiry_s = 0;      // real seconds; 0: uploads never expire
};

class S3Service {
 public:
  /// An answer, or the error whose document is the answer.
  using Answer = std::variant<HttpResponse, s3::Error>;

  explicit S3Service(Store& store) : store_(store) {}
  void set_limits(const S3Limits& limits) { limits_ = limits; }

  /// now_s: wall time, seconds since 1970 (Last-Modified). The request's body is consumed.
  Answer serve(const s3::Request& what, HttpRequest& request, std::int64_t now_s);
  /// Removes uploads that were begun too long ago. Returns how many.
  std::size_t expire_uploads(std::int64_t now_s);

 private:
  Answer on_bucket(const s3::Request& what, const HttpRequest& request);
  Answer on_object(const s3::Request& what, HttpRequest& request, std::int64_t now_s);
  Answer on_upload(const s3::Request& what, HttpRequest& request, std::int64_t now_s);
  Answer on_setting(const s3::Request& what, const HttpRequest& request);

  Answer create_bucket(const std::string& name, const HttpRequest& request, std::int64_t now_s);
  Answer delete_bucket(const std::string& name);
  Answer list(const s3::Request& what);
  Answer delete_objects(const std::string& bucket, const HttpRequest& request);

  Answer get(const s3::Request& what, const HttpRequest& request);
  Answer head(const s3::Request& what, const HttpRequest& request);
  Answer put(const s3::Request& what, HttpRequest& request, std::int64_t now_s);
  Answer copy(const s3::Request& what, const HttpRequest& request, std::int64_t now_s);
  Answer remove(const s3::Request& what);

  Answer create_upload(const s3::Request& what, const HttpRequest& request, std::int64_t now_s);
  Answer upload_part(const s3::Request& what, HttpRequest& request, std::int64_t now_s);
  Answer upload_part_copy(const s3::Request& what, const HttpRequest& request, std::int64_t now_s);
  Answer complete_upload(const s3::Request& what, const HttpRequest& request, std::int64_t now_s);
  Answer complete_again(const s3::Request& what, const HttpRequest& request);
  Answer list_parts(const s3::Request& what);
  Answer list_uploads(const s3::Request& what);
  s3::Error store_part(const s3::Request& what, const ObjectMeta& meta, std::string_view body);
  std::string fresh_upload_id(const s3::Request& what, std::int64_t now_s);

  /// The object that x-amz-copy-source names, if its conditions hold.
  s3::Error copy_source(const HttpRequest& request, std::string& bucket, ObjectPtr& object);
  /// none, or why a write over what is there must not be: If-Match and If-None-Match (conditional writes).
  s3::Error may_write(const s3::Request& what, const HttpRequest& request) const;

  Store& store_;
  S3Limits limits_;
  std::uint64_t upload_ids_ = 0;
};

}  // namespace chaos
