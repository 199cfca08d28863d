// Bytes as HAProxy's `show errors` writes them (management guide, section 9.3).
#pragma once

#include <string>
#include <string_view>

namespace chaos {

/// A line for each of the text, with its offset: "  00009  Host: x\r\n"; one that is long goes on behind "  00070+ ". What is not
/// printable is escaped. Pure.
std::string byte_dump(std::string_view bytes);

}  // namespace chaos
