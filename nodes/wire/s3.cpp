#include "wire/s3.hpp"

#include "wire/s3_query.hpp"
#include "wire/s3_settings.hpp"

#include <algorithm>
#include <array>

namespace chaos::s3 {

namespace {

// In the order of the enumeration, without those of settings.
constexpr std::array<std::string_view, 20> kNames{
    "ListBuckets", "CreateBucket", "DeleteBucket", "HeadBucket", "GetBucketLocation", "ListObjects", "ListObjectsV2",
    "DeleteObjects", "GetObject", "HeadObject", "PutObject", "CopyObject", "DeleteObject",
    "CreateMultipartUpload", "UploadPart", "UploadPartCopy", "CompleteMultipartUpload", "AbortMultipartUpload",
    "ListParts", "ListMultipartUploads"};

Error split_path(std::string_view path, std::string& bucket, std::string& key) {
  if (!path.starts_with('/')) return Error::invalid_uri;
  path.remove_prefix(1);
  const auto slash = std::min(path.find('/'), path.size());
  auto first = uri_decode(path.substr(0, slash), false);
  auto rest = uri_decode(path.substr(std::min(slash + 1, path.size())), false);
  if (!first || !rest || !valid_text(*rest)) return Error::invalid_uri;
  if (first->empty()) return rest->empty() ? Error::none : Error::invalid_uri;
  if (!valid_bucket_name(*first)) return Error::invalid_bucket_name;
  if (rest->size() > kMaxKey) return Error::key_too_long;
  bucket = std::move(*first);
  key = std::move(*rest);
  return Error::none;
}

Error setting_operation(std::string_view method, const Request& request, Operation& out) {
  const bool object = !request.key.empty();
  const auto action = object ? request.setting->object_action : request.setting->bucket_action;
  const Error answer = object ? request.setting->of_object : request.setting->of_bucket;
  if (action.empty() || answer == Error::not_implemented) return Error::not_implemented;
  if (method == "GET" || method == "HEAD") out = Operation::get_setting;
  else if (method == "PUT") out = Operation::put_setting;
  else if (method == "DELETE") out = Operation::delete_setting;
  else return Error::method_not_allowed;
  return Error::none;
}

Operation bucket_read(const Query& query) {
  if (query.location) return Operation::get_bucket_location;
  if (query.uploads) return Operation::list_multipart_uploads;
  return query.v2 ? Operation::list_objects_v2 : Operation::list_objects;
}

Error bucket_operation(std::string_view method, const Query& query, Operation& out) {
  if (method == "GET") out = bucket_read(query);
  else if (method == "PUT") out = Operation::create_bucket;
  else if (method == "HEAD") out = Operation::head_bucket;
  else if (method == "DELETE") out = Operation::delete_bucket;
  else if (method == "POST" && query.remove) out = Operation::delete_objects;
  else return Error::method_not_allowed;
  return Error::none;
}

Error upload_operation(std::string_view method, bool copy, const PartQuery& part, Operation& out) {
  if (method == "PUT" && part.number == 0) return Error::invalid_argument;
  if (method == "GET") out = Operation::list_parts;
  else if (method == "PUT") out = copy ? Operation::upload_part_copy : Operation::upload_part;
  else if (method == "POST") out = Operation::complete_multipart_upload;
  else if (method == "DELETE") out = Operation::abort_multipart_upload;
  else return Error::method_not_allowed;
  return Error::none;
}

Error object_operation(std::string_view method, bool copy, const Query& query, Request& request) {
  Operation& out = request.operation;
  if (query.has_upload) return upload_operation(method, copy, request.part, out);
  if (method == "POST" && query.uploads) {
    out = Operation::create_multipart_upload;
    return Error::none;
  }
  if (request.part.number > 0) return Error::not_implemented;     // a part of a whole object
  if (method == "GET") out = Operation::get_object;
  else if (method == "HEAD") out = Operation::head_object;
  else if (method == "PUT") out = copy ? Operation::copy_object : Operation::put_object;
  else if (method == "DELETE") out = Operation::delete_object;
  else return Error::method_not_allowed;
  return Error::none;
}

}  // namespace

std::string_view name(const Request& request) {
  switch (request.operation) {
    case Operation::get_setting: return request.key.empty() ? request.setting->bucket_action : request.setting->object_action;
    case Operation::put_setting: return "PutConfiguration";
    case Operation::delete_setting: return "DeleteConfiguration";
    default: return kNames.at(static_cast<std::size_t>(request.operation));
  }
}

Error parse_request(const RequestHead& head, Request& out) {
  const auto mark = std::min(head.target.find('?'), head.target.size());
  if (const Error e = split_path(head.target.substr(0, mark), out.bucket, out.key); e != Error::none) return e;
  Query query;
  const auto text = head.target.substr(std::min(mark + 1, head.target.size()));
  if (const Error e = parse_query(text, query, out); e != Error::none) return e;
  if (out.setting && !out.bucket.empty()) return setting_operation(head.method, out, out.operation);
  if (!out.key.empty()) return object_operation(head.method, head.copy_source.has_value(), query, out);
  if (!out.bucket.empty()) return bucket_operation(head.method, query, out.operation);
  out.operation = Operation::list_buckets;
  return head.method == "GET" || head.method == "HEAD" ? Error::none : Error::method_not_allowed;
}

Error parse_copy_source(std::string_view field, std::string& bucket, std::string& key) {
  const std::string path = field.starts_with('/') ? std::string(field) : "/" + std::string(field);
  const auto version = std::min(path.find('?'), path.size());
  if (split_path(std::string_view(path).substr(0, version), bucket, key) != Error::none || key.empty()) return Error::invalid_argument;
  return Error::none;
}

bool valid_bucket_name(std::string_view name) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (name.size() < 3 || name.size() > 63 || !plain(name.front()) || !plain(name.back())) return false;
  if (name.find("..") != std::string_view::npos) return false;
  return std::all_of(name.begin(), name.end(), [&](char c) { return plain(c) || c == '.' || c == '-'; });
}

}  // namespace chaos::s3
