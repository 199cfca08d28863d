// S3's actions on the store: a request in, an answer out. No sockets; the files are ObjectDisk's.
#pragma once

#include "object_store/object_disk.hpp"
#include "runtime/http.hpp"
#include "wire/s3_http.hpp"

#include <variant>

namespace chaos {

class S3Service {
 public:
  /// An answer, or the error whose document is the answer.
  using Answer = std::variant<HttpResponse, s3::Error>;

  S3Service(ObjectDisk& disk, ObjectIndex& index) : disk_(disk), index_(index) {}
  void set_max_object(std::uint64_t bytes) { max_object_ = bytes; }

  /// now_s: wall time, seconds since 1970 (Last-Modified). The request's body is consumed.
  Answer serve(const s3::Request& what, HttpRequest& request, std::int64_t now_s);

 private:
  Answer on_bucket(const s3::Request& what, const HttpRequest& request, std::int64_t now_s);
  Answer on_object(const s3::Request& what, HttpRequest& request, std::int64_t now_s);
  Answer create_bucket(const std::string& name, std::int64_t now_s);
  Answer delete_bucket(const std::string& name);
  Answer list(const s3::Request& what);
  Answer delete_objects(const std::string& bucket, const HttpRequest& request);
  Answer get(const s3::Request& what, const HttpRequest& request);
  Answer head(const s3::Request& what, const HttpRequest& request);
  Answer put(const s3::Request& what, HttpRequest& request, std::int64_t now_s);
  Answer copy(const s3::Request& what, const HttpRequest& request, std::int64_t now_s);
  Answer remove(const s3::Request& what);
  /// Writes and indexes; internal_error when the disk refuses.
  s3::Error store(const std::string& bucket, ObjectHead head, std::string_view body);

  ObjectDisk& disk_;
  ObjectIndex& index_;
  std::uint64_t max_object_ = 0;
};

}  // namespace chaos
