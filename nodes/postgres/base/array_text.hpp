// PostgreSQL's text of an array: '{1,2,"a b",NULL}'. Pure. Source: PostgreSQL 15 documentation, 8.15.6 "Array Input and Output Syntax".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chaos::pg {

using ArrayItem = std::optional<std::string>;      // nullopt: NULL

/// One dimension. nullopt: malformed, or an array of arrays.
std::optional<std::vector<ArrayItem>> read_array(std::string_view text);
std::string write_array(const std::vector<ArrayItem>& items);

}  // namespace chaos::pg
