// What commands that wait have in common.
#pragma once

#include "redis/command.hpp"

namespace chaos::redis {

/// A time-out in (real) seconds, 0: none; answers Redis' error when it is none.
std::optional<RealTime> take_timeout(Call& call, std::size_t index);
/// Waits, or inside of EXEC answers at once as one whose time is over.
void wait_or_nil(Call& call, RealTime until, void (*time_out)(std::string& out, int protocol));
void nil_array(std::string& out, int protocol);

}  // namespace chaos::redis
