// S3's errors: code, HTTP status and the document that carries them.
// Source: Amazon S3 API Reference, "Error responses" and "List of error codes".
#pragma once

#include <string>
#include <string_view>

namespace chaos::s3 {

enum class Error {
  none,
  bad_digest,
  bucket_already_owned,
  bucket_not_empty,
  entity_too_large,
  incomplete_body,
  internal_error,
  invalid_argument,
  invalid_bucket_name,
  invalid_range,
  invalid_uri,
  key_too_long,
  malformed_xml,
  method_not_allowed,
  no_such_bucket,
  no_such_key,
  not_implemented,
  precondition_failed,
  slow_down,
};

struct ErrorInfo {
  std::string_view code;      // "NoSuchKey"
  unsigned status;            // HTTP
  std::string_view message;
};

/// Not for Error::none.
const ErrorInfo& describe(Error error);

/// The XML document of an error answer. resource: the path as it was asked for, decoded.
std::string error_document(Error error, std::string_view resource, std::string_view request_id);

}  // namespace chaos::s3
