// to_char(): template patterns. Pure. Source: PostgreSQL 15 documentation, 9.8 "Data Type Formatting Functions".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace chaos::pg {

/// YYYY YY MM Mon Month DD DDD D Dy Day HH HH24 HH12 MI SS MS US AM PM WW IW Q TZ and "quoted text"; the modifier FM.
std::string time_to_char(std::int64_t unix_us, std::string_view pattern);
/// 9 0 . , D G S MI L FM of digits; a value that does not fit gives ##.
std::string number_to_char(double value, std::string_view pattern);

}  // namespace chaos::pg
