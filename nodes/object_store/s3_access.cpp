#include "object_store/s3_access.hpp"

#include "wire/s3_chunked.hpp"
#include "wire/s3_hmac.hpp"
#include "wire/text.hpp"

#include <algorithm>

namespace chaos {

using s3::Authorization;
using s3::Error;

namespace {

s3::SignedRequest as_signed(const HttpRequest& request) {
  return {request.method, request.target, s3::Fields(request.headers.begin(), request.headers.end()), request.body.size()};
}

// A signature is for what the signer asked: an x-amz field that it does not cover could make another request of it, a copy of a
// presigned PUT (Signature Version 4: the signed headers must include every x-amz-* header). Two are in what is signed anyway.
std::string unsigned_fields(const HttpRequest& request, const Authorization& said) {
  std::string names;
  for (const auto& [field, value] : request.headers) {
    const std::string name = lower(field);
    if (!name.starts_with("x-amz-") || name == "x-amz-date" || name == "x-amz-content-sha256") continue;
    const bool covered = std::find(said.signed_fields.begin(), said.signed_fields.end(), name) != said.signed_fields.end();
    if (!covered) names += (names.empty() ? "" : ", ") + name;
  }
  return names;
}

}  // namespace

S3Access::Verdict S3Access::check(const HttpRequest& request, std::int64_t now_s) const {
  if (open()) return {};
  const s3::SignedRequest sent = as_signed(request);
  Authorization said;
  if (const Error e = s3::parse_authorization(sent, said); e != Error::none) return {e, {}};
  if (said.kind == Authorization::Kind::anonymous) return {Error::access_denied, {}};
  if (said.kind == Authorization::Kind::version_2) return {Error::signature_v2, {}};
  if (said.access_key != credentials_.access_key) return {Error::invalid_access_key, {{"AWSAccessKeyId", said.access_key}}};
  if (std::string names = unsigned_fields(request, said); !names.empty()) return {Error::headers_not_signed, {{"HeadersNotSigned", std::move(names)}}};
  Error late = Error::none;
  if (!s3::in_time(said, now_s, late)) return {late, {}};
  if (auto verdict = check_signature(sent, said); verdict.error != Error::none) return verdict;
  return {check_payload(request, said), {}};
}

S3Access::Verdict S3Access::check_signature(const s3::SignedRequest& sent, const Authorization& said) const {
  const auto right = s3::calculate(sent, said, credentials_);
  if (s3::same_secret(right.signature, said.signature)) return {};
  return {Error::signature_does_not_match,
          {{"AWSAccessKeyId", said.access_key}, {"StringToSign", right.string_to_sign}, {"SignatureProvided", said.signature},
           {"CanonicalRequest", right.canonical_request}}};
}

Error S3Access::check_payload(const HttpRequest& request, const Authorization& said) const {
  if (said.payload == "UNSIGNED-PAYLOAD" || said.payload == "STREAMING-UNSIGNED-PAYLOAD-TRAILER") return Error::none;
  if (!s3::is_chunked(said.payload)) return s3::sha256_hex_of(request.body) == said.payload ? Error::none : Error::content_sha256_mismatch;
  const auto body = s3::read_chunked(request.body);
  if (!body) return Error::incomplete_body;
  return s3::chunks_match(*body, said, credentials_) ? Error::none : Error::signature_does_not_match;
}

}  // namespace chaos
