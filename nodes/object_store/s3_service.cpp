#include "object_store/s3_service.hpp"

#include "object_store/s3_object.hpp"

namespace chaos {

using s3::Error;
using s3::Operation;

namespace {

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

http::Precondition check(const ObjectMeta& meta, const HttpRequest& request) {
  return http::evaluate(http::conditions_of(request.headers), to_etag(meta.digest), meta.modified_s);
}

// The body, or the part of it that a Range field asks for.
void add_body(HttpResponse& response, std::string body, std::optional<std::string_view> range_field) {
  http::ByteRange range;
  const auto verdict = range_field ? http::parse_range(*range_field, body.size(), range) : http::RangeVerdict::whole;
  if (verdict == http::RangeVerdict::part) {
    response.status = 206;
    response.headers.add("Content-Range", http::content_range(range, body.size()));
    response.body = body.substr(range.first, range.size());
    return;
  }
  response.body = std::move(body);
}

bool out_of_range(const HttpRequest& request, std::uint64_t size) {
  http::ByteRange range;
  const auto field = request.headers.get("Range");
  return field && http::parse_range(*field, size, range) == http::RangeVerdict::unsatisfiable;
}

}  // namespace

S3Service::Answer S3Service::serve(const s3::Request& what, HttpRequest& request, std::int64_t now_s) {
  if (what.operation == Operation::list_buckets) return xml_response(s3::list_buckets_document(index_.buckets()));
  if (what.operation == Operation::create_bucket) return create_bucket(what.bucket, now_s);
  if (!index_.bucket(what.bucket)) return Error::no_such_bucket;
  return what.key.empty() ? on_bucket(what, request, now_s) : on_object(what, request, now_s);
}

S3Service::Answer S3Service::on_bucket(const s3::Request& what, const HttpRequest& request, std::int64_t) {
  switch (what.operation) {
    case Operation::head_bucket: return empty_response(200);
    case Operation::delete_bucket: return delete_bucket(what.bucket);
    case Operation::get_bucket_location: return xml_response(s3::location_document());
    case Operation::delete_objects: return delete_objects(what.bucket, request);
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

S3Service::Answer S3Service::create_bucket(const std::string& name, std::int64_t now_s) {
  if (index_.bucket(name)) return Error::bucket_already_owned;
  if (!disk_.create_bucket(name)) return Error::internal_error;
  index_.add_bucket(name, now_s);
  HttpResponse response = empty_response(200);
  response.headers.add("Location", "/" + name);
  return response;
}

S3Service::Answer S3Service::delete_bucket(const std::string& name) {
  if (!index_.bucket(name)->objects.empty()) return Error::bucket_not_empty;
  if (!disk_.remove_bucket(name)) return Error::internal_error;
  index_.remove_bucket(name);
  return empty_response(204);
}

S3Service::Answer S3Service::list(const s3::Request& what) {
  return xml_response(s3::list_objects_document(what, ObjectIndex::list(*index_.bucket(what.bucket), what.list)));
}

S3Service::Answer S3Service::delete_objects(const std::string& bucket, const HttpRequest& request) {
  const auto wanted = s3::parse_delete(request.body);
  if (!wanted) return Error::malformed_xml;
  for (const auto& key : wanted->keys) {
    if (!disk_.remove(bucket, key)) return Error::internal_error;
    index_.remove(bucket, key);
  }
  return xml_response(s3::delete_document(wanted->quiet ? std::vector<std::string>{} : wanted->keys));
}

S3Service::Answer S3Service::get(const s3::Request& what, const HttpRequest& request) {
  const ObjectMeta* meta = index_.find(what.bucket, what.key);
  if (!meta) return Error::no_such_key;
  const auto verdict = check(*meta, request);
  if (verdict == http::Precondition::failed) return Error::precondition_failed;
  if (verdict == http::Precondition::not_modified) return head(what, request);
  if (out_of_range(request, meta->size)) return Error::invalid_range;
  auto object = disk_.read(what.bucket, what.key);
  if (!object) return Error::internal_error;
  HttpResponse response = object_response(200, object->head);
  add_body(response, std::move(object->body), request.headers.get("Range"));
  return response;
}

S3Service::Answer S3Service::head(const s3::Request& what, const HttpRequest& request) {
  const ObjectMeta* meta = index_.find(what.bucket, what.key);
  if (!meta) return Error::no_such_key;
  const auto verdict = check(*meta, request);
  if (verdict == http::Precondition::failed) return Error::precondition_failed;
  const auto object = disk_.read_head(what.bucket, what.key);
  if (!object) return Error::internal_error;
  HttpResponse response = object_response(verdict == http::Precondition::not_modified ? 304 : 200, *object);
  response.head = true;
  response.head_length = meta->size;
  return response;
}

S3Service::Answer S3Service::put(const s3::Request& what, HttpRequest& request, std::int64_t now_s) {
  if (const Error e = decode_upload(request.headers, request.body); e != Error::none) return e;
  if (request.body.size() > max_object_) return Error::entity_too_large;
  const ObjectMeta* there = index_.find(what.bucket, what.key);
  const auto unless = request.headers.get("If-None-Match");    // conditional write
  if (unless && there && http::etag_in(*unless, to_etag(there->digest))) return Error::precondition_failed;
  const ObjectMeta meta{request.body.size(), md5(request.body), now_s};
  const Error e = store(what.bucket, {what.key, meta, kept_headers(request.headers)}, request.body);
  if (e != Error::none) return e;
  HttpResponse response = empty_response(200);
  response.headers.add("ETag", to_etag(meta.digest));
  return response;
}

S3Service::Answer S3Service::copy(const s3::Request& what, const HttpRequest& request, std::int64_t now_s) {
  std::string bucket;
  std::string key;
  const auto source = request.headers.get("x-amz-copy-source").value_or("");
  if (const Error e = s3::parse_copy_source(source, bucket, key); e != Error::none) return e;
  if (!index_.bucket(bucket)) return Error::no_such_bucket;
  if (!index_.find(bucket, key)) return Error::no_such_key;
  auto object = disk_.read(bucket, key);
  if (!object) return Error::internal_error;
  object->head.key = what.key;
  object->head.meta.modified_s = now_s;
  if (request.headers.get("x-amz-metadata-directive") == "REPLACE") object->head.headers = kept_headers(request.headers);
  const auto digest = object->head.meta.digest;
  if (const Error e = store(what.bucket, std::move(object->head), object->body); e != Error::none) return e;
  return xml_response(s3::copy_document(to_etag(digest), now_s));
}

S3Service::Answer S3Service::remove(const s3::Request& what) {
  if (!disk_.remove(what.bucket, what.key)) return Error::internal_error;
  index_.remove(what.bucket, what.key);
  return empty_response(204);
}

Error S3Service::store(const std::string& bucket, ObjectHead head, std::string_view body) {
  if (!disk_.write(bucket, head, body)) return Error::internal_error;
  index_.put(bucket, std::move(head.key), head.meta);
  return Error::none;
}

}  // namespace chaos
