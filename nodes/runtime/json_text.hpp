// JSON as people read it: Boost.JSON writes 0.5 as 5E-1 and 0 as 0E0.
#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace chaos {

/// The value on one line; numbers in the fewest digits that read back as the same, "0.0" of a whole double, an exponent only
/// outside of 1e-6 to 1e15. NaN and infinities, which JSON has not (RFC 8259 section 6), become null. Any thread.
std::string json_text(const boost::json::value& value);

}  // namespace chaos
