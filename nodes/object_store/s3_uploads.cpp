// The actions of S3Service on multipart uploads.
#include "object_store/s3_object.hpp"
#include "object_store/s3_service.hpp"

namespace chaos {

using s3::Error;
using s3::Operation;

namespace {

constexpr std::size_t kMaxUploads = 1000;     // under way at once

HttpResponse xml_response(std::string document) {
  HttpResponse response;
  response.headers.add("Content-Type", "application/xml");
  response.body = std::move(document);
  return response;
}

}  // namespace

S3Service::Answer S3Service::on_upload(const s3::Request& what, HttpRequest& request, std::int64_t now_s) {
  if (what.operation == Operation::create_multipart_upload) return create_upload(what, request, now_s);
  if (!store_.uploads().find(what.part.upload, what.bucket, what.key)) {
    return what.operation == Operation::complete_multipart_upload ? complete_again(what, request) : Error::no_such_upload;
  }
  switch (what.operation) {
    case Operation::upload_part: return upload_part(what, request, now_s);
    case Operation::upload_part_copy: return upload_part_copy(what, request, now_s);
    case Operation::complete_multipart_upload: return complete_upload(what, request, now_s);
    case Operation::list_parts: return list_parts(what);
    default: break;
  }
  if (!store_.drop_upload(what.part.upload)) return Error::internal_error;
  HttpResponse response;
  response.status = 204;
  return response;
}

std::string S3Service::fresh_upload_id(const s3::Request& what, std::int64_t now_s) {
  std::string id;
  do {
    id = sha256_hex(what.bucket + "/" + what.key + " " + std::to_string(now_s) + " " + std::to_string(++upload_ids_)).substr(0, 40);
  } while (store_.uploads().of(id));
  return id;
}

S3Service::Answer S3Service::create_upload(const s3::Request& what, const HttpRequest& request, std::int64_t now_s) {
  expire_uploads(now_s);
  if (store_.uploads().size() >= kMaxUploads) return Error::service_unavailable;
  const std::string id = fresh_upload_id(what, now_s);
  if (!store_.begin_upload(id, {what.bucket, what.key, kept_headers(request.headers), now_s, {}})) return Error::internal_error;
  return xml_response(s3::created_upload_document(what, id));
}

Error S3Service::store_part(const s3::Request& what, const ObjectMeta& meta, std::string_view body) {
  if (meta.size > limits_.max_object) return Error::entity_too_large;
  if (store_.uploads().bytes() + meta.size > limits_.max_upload_bytes) return Error::service_unavailable;
  return store_.write_part(what.part.upload, what.part.number, meta, body) ? Error::none : Error::internal_error;
}

S3Service::Answer S3Service::upload_part(const s3::Request& what, HttpRequest& request, std::int64_t now_s) {
  if (const Error e = decode_upload(request.headers, request.body); e != Error::none) return e;
  const ObjectMeta meta{request.body.size(), md5(request.body), now_s, 0};
  if (const Error e = store_part(what, meta, request.body); e != Error::none) return e;
  HttpResponse response;
  response.headers.add("ETag", meta.etag());
  return response;
}

S3Service::Answer S3Service::upload_part_copy(const s3::Request& what, const HttpRequest& request, std::int64_t now_s) {
  std::string bucket;
  ObjectPtr source;
  if (const Error e = copy_source(request, bucket, source); e != Error::none) return e;
  std::string_view body = source->body;
  if (const auto field = request.headers.get("x-amz-copy-source-range")) {
    http::ByteRange range;
    const auto verdict = http::parse_range(*field, body.size(), range);
    const bool inside = verdict == http::RangeVerdict::part && field->ends_with("-" + std::to_string(range.last));    // no more than there is
    if (!inside) return Error::invalid_range;
    body = body.substr(range.first, range.size());
  }
  const ObjectMeta meta{body.size(), md5(body), now_s, 0};
  if (const Error e = store_part(what, meta, body); e != Error::none) return e;
  return xml_response(s3::copied_part_document(meta.etag(), now_s));
}

S3Service::Answer S3Service::complete_upload(const s3::Request& what, const HttpRequest& request, std::int64_t now_s) {
  const auto named = s3::parse_complete(request.body);
  if (!named) return Error::malformed_xml;
  Assembly assembly;
  const Upload* upload = store_.uploads().of(what.part.upload);
  if (const Error e = assemble(*upload, *named, limits_.max_object, assembly); e != Error::none) return e;
  if (const Error e = may_write(what, request); e != Error::none) return e;
  const std::string etag = assembly.meta.etag();
  if (!store_.complete_upload(what.part.upload, assembly, now_s)) return Error::internal_error;
  return xml_response(s3::completed_upload_document(what, request.headers.get("Host").value_or("localhost"), etag));
}

// A client whose answer was lost asks once more: as long as the object is what it made, that is no error (CompleteMultipartUpload).
S3Service::Answer S3Service::complete_again(const s3::Request& what, const HttpRequest& request) {
  const auto head = store_.index().find(what.bucket, what.key) ? store_.read_head(what.bucket, what.key) : Result<ObjectHead>(Errc::not_found);
  if (!head || head->upload != what.part.upload) return Error::no_such_upload;
  const auto named = s3::parse_complete(request.body);
  if (!named) return Error::malformed_xml;
  if (!made_of(head->meta, *named)) return Error::no_such_upload;
  return xml_response(s3::completed_upload_document(what, request.headers.get("Host").value_or("localhost"), head->meta.etag()));
}

S3Service::Answer S3Service::list_parts(const s3::Request& what) {
  bool more = false;
  const auto page = Uploads::list_parts(*store_.uploads().of(what.part.upload), what, more);
  return xml_response(s3::list_parts_document(what, page, more));
}

S3Service::Answer S3Service::list_uploads(const s3::Request& what) {
  bool more = false;
  const auto page = store_.uploads().list(what, more);
  return xml_response(s3::list_uploads_document(what, page, more));
}

std::size_t S3Service::expire_uploads(std::int64_t now_s) {
  if (limits_.upload_expiry_s == 0) return 0;
  const auto old = store_.uploads().begun_before(now_s - limits_.upload_expiry_s);
  for (const auto& id : old) store_.drop_upload(id);
  return old.size();
}

}  // namespace chaos
