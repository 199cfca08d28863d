#include "object_store/s3_service.hpp"

#include "object_store/s3_object.hpp"
#include "wire/s3_settings.hpp"
#include "wire/s3_xml.hpp"

#include <algorithm>

namespace chaos {

using s3::Error;
using s3::Operation;

namespace {

constexpr std::size_t kMaxBuckets = 1000;

HttpResponse xml_response(std::string document) {
  HttpResponse response;
  response.headers.add("Content-Type", "application/xml");
  response.body = std::move(document);
  return response;
}

HttpResponse empty_response(unsigned status) {
  HttpResponse response;
  response.status = status;
  return response;
}

bool is_upload(Operation operation) {
  return operation >= Operation::create_multipart_upload && operation <= Operation::list_parts;
}

bool is_setting(Operation operation) { return operation >= Operation::get_setting; }

bool takes_fields(Operation operation) {
  return operation == Operation::put_object || operation == Operation::copy_object || operation == Operation::create_multipart_upload ||
         operation == Operation::create_bucket;
}

}  // namespace

S3Service::Answer S3Service::serve(const s3::Request& what, HttpRequest& request, std::int64_t now_s) {
  if (what.operation == Operation::list_buckets) return xml_response(s3::list_buckets_document(store_.index().buckets()));
  if (takes_fields(what.operation)) {
    if (const Error e = check_upload_fields(request.headers); e != Error::none) return e;
  }
  if (what.operation == Operation::create_bucket) return create_bucket(what.bucket, request, now_s);
  if (!store_.index().bucket(what.bucket)) return Error::no_such_bucket;
  if (is_setting(what.operation)) return on_setting(what, request);
  if (is_upload(what.operation)) return on_upload(what, request, now_s);
  return what.key.empty() ? on_bucket(what, request) : on_object(what, request, now_s);
}

S3Service::Answer S3Service::on_bucket(const s3::Request& what, const HttpRequest& request) {
  switch (what.operation) {
    case Operation::head_bucket: {
      HttpResponse response = empty_response(200);
      response.headers.add("x-amz-bucket-region", "us-east-1");
      return response;
    }
    case Operation::delete_bucket: return delete_bucket(what.bucket);
    case Operation::get_bucket_location: return xml_response(s3::location_document());
    case Operation::delete_objects: return delete_objects(what.bucket, request);
    case Operation::list_multipart_uploads: return list_uploads(what);
    default: return list(what);
  }
}

S3Service::Answer S3Service::on_object(const s3::Request& what, HttpRequest& request, std::int64_t now_s) {
  switch (what.operation) {
    case Operation::get_object: return get(what, request);
    case Operation::head_object: return head(what, request);
    case Operation::put_object: return put(what, request, now_s);
    case Operation::copy_object: return copy(what, request, now_s);
    default: return remove(what);
  }
}

// Nothing is configured, and nothing can be: taking away what is not there is fine, an ACL may say what holds anyway.
S3Service::Answer S3Service::on_setting(const s3::Request& what, const HttpRequest& request) {
  if (!what.key.empty() && !store_.index().find(what.bucket, what.key)) return Error::no_such_key;
  if (what.operation == Operation::delete_setting) return empty_response(204);
  if (what.operation == Operation::put_setting) {
    if (what.setting->query != "acl") return Error::not_implemented;
    if (const Error e = check_upload_fields(request.headers); e != Error::none) return e;
    const bool same = request.body.empty() ? request.headers.has("x-amz-acl") : s3::is_default_acl(request.body);
    return same ? Answer(empty_response(200)) : Answer(Error::acl_not_supported);
  }
  const Error absent = what.key.empty() ? what.setting->of_bucket : what.setting->of_object;
  if (absent != Error::none) return absent;
  return xml_response(s3::setting_document(*what.setting));
}

// A body names the region, and any region is this one.
S3Service::Answer S3Service::create_bucket(const std::string& name, const HttpRequest& request, std::int64_t now_s) {
  if (!request.body.empty() && !s3::parse_xml(request.body, 16)) return Error::malformed_xml;
  if (store_.index().bucket(name)) return Error::bucket_already_owned;
  if (store_.index().buckets().size() >= kMaxBuckets) return Error::too_many_buckets;
  if (!store_.create_bucket(name, now_s)) return Error::internal_error;
  HttpResponse response = empty_response(200);
  response.headers.add("Location", "/" + name);
  return response;
}

S3Service::Answer S3Service::delete_bucket(const std::string& name) {
  if (!store_.index().bucket(name)->objects.empty()) return Error::bucket_not_empty;
  if (!store_.remove_bucket(name)) return Error::internal_error;
  return empty_response(204);
}

S3Service::Answer S3Service::list(const s3::Request& what) {
  return xml_response(s3::list_objects_document(what, ObjectIndex::list(*store_.index().bucket(what.bucket), what.list)));
}

S3Service::Answer S3Service::delete_objects(const std::string& bucket, const HttpRequest& request) {
  std::string body = request.body;
  if (const Error e = decode_upload(request.headers, body); e != Error::none) return e;
  const auto wanted = s3::parse_delete(body);
  if (!wanted) return Error::malformed_xml;
  for (const auto& key : wanted->keys) {
    if (!store_.remove(bucket, key)) return Error::internal_error;
  }
  return xml_response(s3::delete_document(wanted->quiet ? std::vector<std::string>{} : wanted->keys));
}

}  // namespace chaos
