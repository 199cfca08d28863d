// Checksums of objects, from OpenSSL's libcrypto.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace chaos {

using Md5 = std::array<std::uint8_t, 16>;

Md5 md5(std::string_view bytes);
/// 32 lower-case hexadecimal digits.
std::string to_hex(const Md5& digest);
/// An S3 ETag, in quotes: the digest in hexadecimal; of an object that was uploaded in parts with their number: "...-3".
std::string to_etag(const Md5& digest, std::uint32_t parts = 0);
/// Padded base64, as in Content-MD5 (RFC 1864).
std::string to_base64(const Md5& digest);
/// False when it is not 32 hexadecimal digits.
bool from_hex(std::string_view hex, Md5& out);

/// 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace chaos
