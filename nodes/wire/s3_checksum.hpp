// The checksums that newer clients send with an upload (x-amz-checksum-*), as base64.
// Source: Amazon S3 User Guide, "Checking object integrity".
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace chaos::s3 {

/// algorithm: "crc32", "crc32c", "crc64nvme", "sha1", "sha256"; nullopt for any other.
std::optional<std::string> checksum(std::string_view algorithm, std::string_view bytes);

}  // namespace chaos::s3
