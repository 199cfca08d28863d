// Whether a file is text. Pure.
#pragma once

#include <optional>
#include <string_view>

namespace chaos {

/// The line (from 1) of the first byte that is not UTF-8; none when all is.
std::optional<int> line_of_bad_utf8(std::string_view text);

}  // namespace chaos
