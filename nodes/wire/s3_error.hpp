// S3's errors: code, HTTP status and the document that carries them.
// Source: Amazon S3 API Reference, "Error responses" and "List of error codes".
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chaos::s3 {

enum class Error {
  none,
  access_denied,
  headers_not_signed,
  acl_not_supported,
  authorization_malformed,
  authorization_query,
  bad_digest,
  bucket_already_owned,
  bucket_not_empty,
  checksum_mismatch,
  content_sha256_mismatch,
  copy_onto_itself,
  entity_too_large,
  entity_too_small,
  incomplete_body,
  internal_error,
  invalid_access_key,
  invalid_argument,
  invalid_bucket_name,
  invalid_digest,
  invalid_part,
  invalid_part_order,
  invalid_range,
  invalid_uri,
  key_too_long,
  malformed_xml,
  metadata_too_large,
  method_not_allowed,
  no_such_bucket,
  no_such_bucket_policy,
  no_such_cors,
  no_such_encryption,
  no_such_key,
  no_such_lifecycle,
  no_such_object_lock,        // of a bucket
  no_such_public_access_block,
  no_such_replication,
  no_such_retention,          // of an object
  no_such_tag_set,
  no_such_upload,
  no_such_website,
  not_implemented,
  precondition_failed,
  request_expired,
  request_time_too_skewed,
  service_unavailable,
  signature_does_not_match,
  signature_v2,
  slow_down,
  too_many_buckets,
};

struct ErrorInfo {
  std::string_view code;      // "NoSuchKey"
  unsigned status;            // HTTP
  std::string_view message;
};

/// Not for Error::none.
const ErrorInfo& describe(Error error);

/// What an error's document says beyond code and message: element names and their texts, in order.
using ErrorDetails = std::vector<std::pair<std::string, std::string>>;

/// Of one answer: the path as it was asked for, decoded, and the two ids that its fields carry as well.
struct ErrorPlace {
  std::string_view resource;
  std::string_view request_id;
  std::string_view host_id;
};

/// The XML document of an error answer.
std::string error_document(const ErrorInfo& info, const ErrorPlace& place, const ErrorDetails& details = {});

}  // namespace chaos::s3
