// Signature Version 4: what a signed request says of itself, and the signature that it must have. Pure; the time comes in.
// Source: Amazon S3 API Reference, "Authenticating Requests (AWS Signature Version 4)".
#pragma once

#include "wire/s3_chunked.hpp"
#include "wire/s3_error.hpp"

#include <cstdint>
#include <span>

namespace chaos::s3 {

struct Credentials {
  std::string access_key;     // empty: none
  std::string secret_key;
};

using Fields = std::span<const std::pair<std::string, std::string>>;

/// A request as far as signatures cover it. The views must outlive the call.
struct SignedRequest {
  std::string_view method;
  std::string_view target;      // path and query, as sent
  Fields fields;
  std::size_t body_size = 0;    // for a Content-Length that was signed
};

/// What the Authorization field or the query of a presigned URL says.
struct Authorization {
  enum class Kind { anonymous, header, presigned, version_2 };
  Kind kind = Kind::anonymous;
  std::string access_key;
  std::string scope;                         // "20130524/us-east-1/s3/aws4_request"
  std::string timestamp;                     // "20130524T000000Z"
  std::int64_t time_s = 0;                   // the same, since 1970
  std::int64_t expires_s = 0;                // presigned: valid this long
  std::vector<std::string> signed_fields;    // lower case, in order
  std::string signature;
  std::string payload;                       // x-amz-content-sha256, or UNSIGNED-PAYLOAD
};

inline constexpr std::size_t kMaxSignedFields = 64;
inline constexpr std::int64_t kMaxSkew = 15 * 60;              // seconds
inline constexpr std::int64_t kMaxExpiry = 7 * 24 * 3600;      // of a presigned URL

/// none, authorization_malformed (header), authorization_query (presigned).
Error parse_authorization(const SignedRequest& request, Authorization& out);

/// A signature that was calculated, with what SignatureDoesNotMatch shows of the way to it.
struct Calculated {
  std::string signature;
  std::string canonical_request;
  std::string string_to_sign;
};
Calculated calculate(const SignedRequest& request, const Authorization& authorization, const Credentials& credentials);

/// False when the time is out of bounds; `why` says which of request_time_too_skewed and request_expired.
bool in_time(const Authorization& authorization, std::int64_t now_s, Error& why);

/// True when every chunk of the body, and the trailers if their signature is there, are signed in the chain that begins with
/// the request's own signature.
bool chunks_match(const ChunkedBody& body, const Authorization& authorization, const Credentials& credentials);

/// The fields that sign a request whose Host field is among request.fields: x-amz-date, x-amz-content-sha256, Authorization.
std::vector<std::pair<std::string, std::string>> sign(const SignedRequest& request, std::string_view body, const Credentials& credentials,
                                                      std::int64_t now_s);

/// 64 lower-case hexadecimal digits.
std::string sha256_hex_of(std::string_view bytes);

}  // namespace chaos::s3
