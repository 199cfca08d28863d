// Times to live as commands give them. Seconds and milliseconds of TTLs are lab time, as every TTL of the lab. Absolute
// ones are Unix time: what is left until then, by the node's real clock, is taken as lab time.
#pragma once

#include "redis/command.hpp"

namespace chaos::redis {

inline constexpr std::int64_t kSecond = 1'000'000;    // in microseconds of lab time
inline constexpr std::int64_t kMillisecond = 1'000;

/// now + count * unit; nothing when it does not fit into LabTime.
std::optional<LabTime> instant_after(LabTime now, std::int64_t count, std::int64_t unit);
/// The instant that is `count` units of Unix time.
std::optional<LabTime> instant_at(const Call& call, std::int64_t count, std::int64_t unit);

/// EX, PX, EXAT and PXAT: what one unit is, and whether it counts from 1970.
struct TtlWord { std::int64_t unit; bool absolute; };
std::optional<TtlWord> ttl_word(std::string_view word);

/// The argument as a TTL above 0; answers "ERR invalid expire time in 'set' command" when it is none.
std::optional<LabTime> take_ttl(Call& call, std::size_t index, TtlWord word);

}  // namespace chaos::redis
