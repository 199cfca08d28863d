// SHA-256 and HMAC of it, as Signature Version 4 uses them, from OpenSSL's libcrypto.
#pragma once

#include <string>
#include <string_view>

namespace chaos::s3 {

/// 32 bytes.
std::string hmac_sha256(std::string_view key, std::string_view text);
std::string lower_hex(std::string_view bytes);
/// In a time that does not depend on where they differ.
bool same_secret(std::string_view a, std::string_view b);

}  // namespace chaos::s3
