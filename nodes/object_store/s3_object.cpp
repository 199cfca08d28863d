#include "object_store/s3_object.hpp"

#include "wire/s3_checksum.hpp"
#include "wire/s3_chunked.hpp"
#include "wire/http_date.hpp"
#include "wire/s3_http.hpp"
#include "wire/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace chaos {

namespace {

constexpr std::string_view kUserPrefix = "x-amz-meta-";
constexpr std::array<std::string_view, 5> kKept{"Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Expires"};

// aws-chunked was a matter of the upload, not of the object.
std::string without_chunked(std::string_view value) {
  constexpr std::string_view kCoding = "aws-chunked";
  if (!value.starts_with(kCoding)) return std::string(value);
  value.remove_prefix(kCoding.size());
  value.remove_prefix(std::min(value.find_first_not_of(", "), value.size()));
  return std::string(value);
}

}  // namespace

KeptHeaders kept_headers(const Headers& request) {
  KeptHeaders kept;
  kept.emplace_back("Content-Type", request.get("Content-Type").value_or("binary/octet-stream"));
  for (const auto name : kKept) {
    const auto value = without_chunked(request.get(name).value_or(""));
    if (!value.empty()) kept.emplace_back(name, value);
  }
  for (const auto& [name, value] : request) {
    std::string small = lower(name);
    if (small.starts_with(kUserPrefix)) kept.emplace_back(std::move(small), value);
  }
  return kept;
}

Headers object_fields(const ObjectHead& head) {
  Headers fields;
  fields.add("ETag", head.meta.etag());
  fields.add("Last-Modified", http::format_date(head.meta.modified_s));
  fields.add("Accept-Ranges", "bytes");
  for (const auto& [name, value] : head.headers) fields.add(name, value);
  return fields;
}

s3::Error check_upload_fields(const Headers& request) {
  for (const char* name : {"x-amz-server-side-encryption", "x-amz-server-side-encryption-customer-algorithm", "x-amz-tagging",
                           "x-amz-object-lock-mode", "x-amz-object-lock-legal-hold", "x-amz-website-redirect-location"}) {
    if (request.has(name)) return s3::Error::not_implemented;
  }
  const auto acl = request.get("x-amz-acl");
  if (acl && *acl != "private" && *acl != "bucket-owner-full-control") return s3::Error::acl_not_supported;
  std::size_t metadata = 0;
  for (const auto& [name, value] : request) {
    const std::string small = lower(name);
    if (small.starts_with("x-amz-grant-")) return s3::Error::acl_not_supported;
    if (small.starts_with(kUserPrefix)) metadata += small.size() - kUserPrefix.size() + value.size();
  }
  return metadata > kMaxUserMetadata ? s3::Error::metadata_too_large : s3::Error::none;
}

namespace {

// Base64 of 16 bytes; Content-MD5 that is anything else is no digest at all.
bool well_formed_md5(std::string_view text) { return text.size() == 24 && text.ends_with("=="); }

// One x-amz-checksum-ALGORITHM, in the head or behind the chunks.
s3::Error check_checksum(std::string_view field, std::string_view value, std::string_view body) {
  constexpr std::string_view kPrefix = "x-amz-checksum-";
  const std::string small = lower(field);
  if (!small.starts_with(kPrefix)) return s3::Error::none;
  const auto found = s3::checksum(std::string_view(small).substr(kPrefix.size()), body);
  return !found || *found == value ? s3::Error::none : s3::Error::checksum_mismatch;
}

s3::Error decode_chunks(const Headers& headers, std::string& body) {
  const auto chunked = s3::read_chunked(body);
  if (!chunked) return s3::Error::incomplete_body;
  std::string plain = chunked->plain();
  const auto announced = headers.get("x-amz-decoded-content-length");
  if (announced && *announced != std::to_string(plain.size())) return s3::Error::incomplete_body;
  for (const auto& [name, value] : chunked->trailers) {
    if (const auto e = check_checksum(name, value, plain); e != s3::Error::none) return e;
  }
  body = std::move(plain);
  return s3::Error::none;
}

}  // namespace

s3::Error decode_upload(const Headers& headers, std::string& body) {
  if (s3::is_chunked(headers.get("x-amz-content-sha256"))) {
    if (const auto e = decode_chunks(headers, body); e != s3::Error::none) return e;
  }
  const auto expected = headers.get("Content-MD5");
  if (expected && !well_formed_md5(*expected)) return s3::Error::invalid_digest;
  if (expected && *expected != to_base64(md5(body))) return s3::Error::bad_digest;
  for (const auto& [name, value] : headers) {
    if (const auto e = check_checksum(name, value, body); e != s3::Error::none) return e;
  }
  return s3::Error::none;
}

}  // namespace chaos
