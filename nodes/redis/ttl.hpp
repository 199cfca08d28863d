// Times to live as commands give them. Seconds and milliseconds of TTLs are lab time, as every TTL of the lab.
#pragma once

#include "redis/command.hpp"

namespace chaos::redis {

inline constexpr std::int64_t kSecond = 1'000'000;    // in microseconds of lab time
inline constexpr std::int64_t kMillisecond = 1'000;

/// now + count * unit; nothing when it does not fit into LabTime.
std::optional<LabTime> instant_after(LabTime now, std::int64_t count, std::int64_t unit);

/// The argument as a positive TTL; answers "ERR invalid expire time in 'set' command" when it is none.
std::optional<LabTime> take_ttl(Call& call, std::size_t index, std::int64_t unit);

}  // namespace chaos::redis
