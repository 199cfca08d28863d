// S3's REST protocol, path style: what a request asks for. Pure.
// Source: Amazon S3 API Reference, API version 2006-03-01, "Actions".
#pragma once

#include "wire/s3_error.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chaos::s3 {

struct Setting;   // s3_settings.hpp

enum class Operation {
  list_buckets, create_bucket, delete_bucket, head_bucket, get_bucket_location,
  list_objects, list_objects_v2, delete_objects,
  get_object, head_object, put_object, copy_object, delete_object,
  create_multipart_upload, upload_part, upload_part_copy, complete_multipart_upload, abort_multipart_upload,
  list_parts, list_multipart_uploads,
  get_setting, put_setting, delete_setting,      // of Request::setting
};

inline constexpr std::size_t kMaxKey = 1024;        // bytes ("Creating object key names")
inline constexpr std::size_t kMaxListKeys = 1000;   // ListObjectsV2, max-keys; the same for parts and uploads
inline constexpr int kMaxPartNumber = 10'000;       // "Amazon S3 multipart upload limits"
inline constexpr std::size_t kMaxUploadId = 128;

/// The parameters of a listing, decoded.
struct ListQuery {
  std::string prefix;
  std::string delimiter;
  std::string after;            // exclusive: marker (V1), start-after (V2), key-marker (uploads); the token wins over it
  std::string token;            // V2 continuation, as it was given out; after_token() says what it means
  std::size_t max_keys = kMaxListKeys;   // max-uploads and max-parts as well
  bool url_encoding = false;    // encoding-type=url
  bool fetch_owner = false;     // V2
};

/// The parameters of multipart uploads.
struct PartQuery {
  std::string upload;           // uploadId
  int number = 0;               // partNumber, 1 to 10,000; 0: not given
  int after = 0;                // part-number-marker, exclusive
  std::string upload_marker;    // upload-id-marker
};

struct Request {
  Operation operation = Operation::list_buckets;
  std::string bucket;
  std::string key;
  ListQuery list;
  PartQuery part;
  const Setting* setting = nullptr;
  std::vector<std::pair<std::string, std::string>> overrides;   // fields that a GET's answer is to carry (response-*)
};

/// The action's documented name: "GetObject". It lives as long as the program.
std::string_view name(const Request& request);

/// A request's head as far as the protocol needs it. target: path and query as sent; copy_source: x-amz-copy-source.
struct RequestHead {
  std::string_view method;
  std::string_view target;
  std::optional<std::string_view> copy_source;
};

/// none, or why it is refused: invalid_uri, invalid_bucket_name, key_too_long, invalid_argument,
/// method_not_allowed, not_implemented (a sub-resource that this store does not have).
Error parse_request(const RequestHead& head, Request& out);

/// Bucket and key of an x-amz-copy-source value ("/bucket/key", percent-encoded).
Error parse_copy_source(std::string_view field, std::string& bucket, std::string& key);

/// 3 to 63 lower-case letters, digits, dots and hyphens, a letter or digit at both ends, no two dots in a row
/// ("Bucket naming rules").
bool valid_bucket_name(std::string_view name);

/// Percent-encodes all but unreserved characters (RFC 3986 section 2.3) and '/'.
std::string uri_encode(std::string_view text);
/// The same, '/' too: names and values of a query.
std::string query_encode(std::string_view text);
/// nullopt when malformed. plus_is_space: in a query.
std::optional<std::string> uri_decode(std::string_view text, bool plus_is_space);

/// Continuation tokens carry the last name that was listed, as hexadecimal.
std::string make_token(std::string_view last);
std::optional<std::string> after_token(std::string_view token);

}  // namespace chaos::s3
