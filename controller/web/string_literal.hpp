// A string of PromQL. Pure.
#pragma once

#include <string>
#include <string_view>

namespace chaos::web {

struct StringLiteral {
  std::string value;
  std::size_t length = 0;      // of the literal with its quotes; of what was read, on an error
  std::string error;           // empty: it is one
};

/// The literal at the start of `text`: in double or single quotes with Go's escapes (\a \b \f \n \r \t \v \\ \' \" \123 \xE4
/// \u00E4 \U000000E4) and without a line break, or in backticks as it stands. The value is UTF-8 or an error.
StringLiteral read_string_literal(std::string_view text);

}  // namespace chaos::web
