// The aws-chunked body coding: an upload in chunks that carry signatures. The signatures are not checked.
// Source: Amazon S3 API Reference, "Signature calculations: transferring payload in multiple chunks".
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace chaos::s3 {

/// True for a body in this coding: x-amz-content-sha256 is "STREAMING-...".
bool is_chunked(std::optional<std::string_view> content_sha256);

/// The plain bytes of a whole body; nullopt when it is malformed or ends early. The result is never longer than the
/// input.
std::optional<std::string> decode_chunked(std::string_view body);

}  // namespace chaos::s3
