// What SINTERCARD and ZINTERCARD have in common.
#pragma once

#include "redis/command.hpp"

namespace chaos::redis {

/// [LIMIT n] from args[at] to the end: how far to count. SIZE_MAX without it, and for LIMIT 0; nothing after an answered error.
std::optional<std::size_t> take_card_limit(Call& call, std::size_t at);

}  // namespace chaos::redis
