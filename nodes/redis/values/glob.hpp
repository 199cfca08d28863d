// Glob patterns of KEYS, SCAN MATCH and CONFIG GET.
#pragma once

#include <string_view>

namespace chaos::redis {

/// '*', '?', '[abc]', '[^a]', '[a-c]' and '\' as Redis takes them (util.c: stringmatchlen), with case. Time is at most
/// the product of both lengths.
bool glob_match(std::string_view pattern, std::string_view text);

}  // namespace chaos::redis
