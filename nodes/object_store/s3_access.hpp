// Who may ask: with keys configured, only requests that are signed with them (Signature Version 4). Pure; the time comes in.
#pragma once

#include "runtime/http.hpp"
#include "wire/s3_signature.hpp"

namespace chaos {

class S3Access {
 public:
  /// Without an access key everybody may do everything, and signatures are not looked at.
  void set(s3::Credentials credentials) { credentials_ = std::move(credentials); }
  bool open() const { return credentials_.access_key.empty(); }

  struct Verdict {
    s3::Error error = s3::Error::none;
    s3::ErrorDetails details;      // for the error's document
  };
  /// The body is as it came: an aws-chunked one is still in its chunks.
  Verdict check(const HttpRequest& request, std::int64_t now_s) const;

 private:
  Verdict check_signature(const s3::SignedRequest& sent, const s3::Authorization& said) const;
  s3::Error check_payload(const HttpRequest& request, const s3::Authorization& said) const;

  s3::Credentials credentials_;
};

}  // namespace chaos
