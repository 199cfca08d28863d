// Base64 (RFC 4648 sections 4 and 5).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace chaos {

/// With padding.
std::string base64_encode(std::string_view bytes);
/// The alphabet for URLs and file names, without padding.
std::string base64url_encode(std::string_view bytes);
/// The standard alphabet; padding may be missing. nullopt: anything else.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace chaos
