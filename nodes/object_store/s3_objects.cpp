// The actions of S3Service on objects.
#include "object_store/s3_object.hpp"
#include "object_store/s3_service.hpp"
#include "wire/http_date.hpp"
#include "wire/s3_http.hpp"

namespace chaos {

using s3::Error;

namespace {

http::Precondition check(const ObjectMeta& meta, const HttpRequest& request) {
  const http::Conditions conditions = http::conditions_of(request.headers);
  const bool any = conditions.if_match || conditions.if_none_match || conditions.if_modified_since || conditions.if_unmodified_since;
  return any ? http::evaluate(conditions, meta.etag(), meta.modified_s) : http::Precondition::proceed;
}

http::Conditions copy_conditions(const Headers& headers) {
  return {headers.get("x-amz-copy-source-if-match"), headers.get("x-amz-copy-source-if-none-match"),
          headers.get("x-amz-copy-source-if-modified-since"), headers.get("x-amz-copy-source-if-unmodified-since")};
}

// The body, or the part of it that a Range field asks for.
void add_body(HttpResponse& response, const std::string& body, std::optional<std::string_view> range_field) {
  http::ByteRange range;
  const auto verdict = range_field ? http::parse_range(*range_field, body.size(), range) : http::RangeVerdict::whole;
  if (verdict == http::RangeVerdict::part) {
    response.status = 206;
    response.headers.add("Content-Range", http::content_range(range, body.size()));
    response.body = body.substr(range.first, range.size());
    return;
  }
  response.body = body;
}

// The Range field, where If-Range lets it count.
std::optional<std::string_view> range_of(const HttpRequest& request, const ObjectMeta& meta) {
  const bool counts = http::if_range_holds(request.headers.get("If-Range"), meta.etag(), http::format_date(meta.modified_s));
  return counts ? request.headers.get("Range") : std::nullopt;
}

bool out_of_range(std::optional<std::string_view> field, std::uint64_t size) {
  http::ByteRange range;
  return field && http::parse_range(*field, size, range) == http::RangeVerdict::unsatisfiable;
}

HttpResponse written(const ObjectMeta& meta) {
  HttpResponse response;
  response.headers.add("ETag", meta.etag());
  return response;
}

}  // namespace

S3Service::Answer S3Service::get(const s3::Request& what, const HttpRequest& request) {
  const ObjectMeta* meta = store_.index().find(what.bucket, what.key);
  if (!meta) return Error::no_such_key;
  const auto verdict = check(*meta, request);
  if (verdict == http::Precondition::failed) return Error::precondition_failed;
  if (verdict == http::Precondition::not_modified) return head(what, request);
  const auto range = range_of(request, *meta);
  if (out_of_range(range, meta->size)) return Error::invalid_range;
  const auto object = store_.read(what.bucket, what.key);
  if (!object) return Error::internal_error;
  HttpResponse response;
  response.headers = (*object)->fields;
  add_body(response, (*object)->body, range);
  for (const auto& [name, value] : what.overrides) response.headers.set(name, value);
  return response;
}

S3Service::Answer S3Service::head(const s3::Request& what, const HttpRequest& request) {
  const ObjectMeta* meta = store_.index().find(what.bucket, what.key);
  if (!meta) return Error::no_such_key;
  const auto verdict = check(*meta, request);
  if (verdict == http::Precondition::failed) return Error::precondition_failed;
  const auto object = store_.read_head(what.bucket, what.key);
  if (!object) return Error::internal_error;
  HttpResponse response;
  response.status = verdict == http::Precondition::not_modified ? 304 : 200;
  response.headers = object_fields(*object);
  response.head = true;
  response.head_length = meta->size;
  return response;
}

Error S3Service::may_write(const s3::Request& what, const HttpRequest& request) const {
  const ObjectMeta* there = store_.index().find(what.bucket, what.key);
  const auto unless = request.headers.get("If-None-Match");
  if (unless && there && http::etag_in(*unless, there->etag())) return Error::precondition_failed;
  const auto only = request.headers.get("If-Match");
  if (only && !there) return Error::no_such_key;
  return only && !http::etag_in(*only, there->etag(), http::Compare::strong) ? Error::precondition_failed : Error::none;
}

S3Service::Answer S3Service::put(const s3::Request& what, HttpRequest& request, std::int64_t now_s) {
  if (const Error e = decode_upload(request.headers, request.body); e != Error::none) return e;
  if (request.body.size() > limits_.max_object) return Error::entity_too_large;
  if (const Error e = may_write(what, request); e != Error::none) return e;
  const ObjectMeta meta{request.body.size(), md5(request.body), now_s, 0};
  if (!store_.write(what.bucket, {what.key, meta, kept_headers(request.headers)}, request.body)) return Error::internal_error;
  return written(meta);
}

Error S3Service::copy_source(const HttpRequest& request, std::string& bucket, ObjectPtr& object) {
  std::string key;
  const auto source = request.headers.get("x-amz-copy-source").value_or("");
  if (const Error e = s3::parse_copy_source(source, bucket, key); e != Error::none) return e;
  if (!store_.index().bucket(bucket)) return Error::no_such_bucket;
  const ObjectMeta* meta = store_.index().find(bucket, key);
  if (!meta) return Error::no_such_key;
  const auto verdict = http::evaluate(copy_conditions(request.headers), meta->etag(), meta->modified_s);
  if (verdict != http::Precondition::proceed) return Error::precondition_failed;
  auto read = store_.read(bucket, key);
  if (!read) return Error::internal_error;
  object = std::move(*read);
  return Error::none;
}

S3Service::Answer S3Service::copy(const s3::Request& what, const HttpRequest& request, std::int64_t now_s) {
  std::string bucket;
  ObjectPtr source;
  if (const Error e = copy_source(request, bucket, source); e != Error::none) return e;
  const bool replace = request.headers.get("x-amz-metadata-directive") == "REPLACE";
  if (!replace && bucket == what.bucket && source->head.key == what.key) return Error::copy_onto_itself;
  if (const Error e = may_write(what, request); e != Error::none) return e;
  const ObjectMeta meta{source->body.size(), md5(source->body), now_s, 0};     // a copy is written in one piece
  ObjectHead head{what.key, meta, replace ? kept_headers(request.headers) : source->head.headers};
  if (!store_.write(what.bucket, std::move(head), source->body)) return Error::internal_error;
  HttpResponse response;
  response.headers.add("Content-Type", "application/xml");
  response.body = s3::copy_document(meta.etag(), now_s);
  return response;
}

S3Service::Answer S3Service::remove(const s3::Request& what) {
  if (!store_.remove(what.bucket, what.key)) return Error::internal_error;
  HttpResponse response;
  response.status = 204;
  return response;
}

}  // namespace chaos
