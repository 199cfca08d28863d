#include "redis/ttl.hpp"

namespace chaos::redis {

std::optional<LabTime> instant_after(LabTime now, std::int64_t count, std::int64_t unit) {
  LabTime at{};
  if (__builtin_mul_overflow(count, unit, &at.us) || __builtin_add_overflow(at.us, now.us, &at.us) || at == kNever) {
    return std::nullopt;
  }
  return at;
}

std::optional<LabTime> take_ttl(Call& call, std::size_t index, std::int64_t unit) {
  const auto count = call.integer(index);
  if (!count) return std::nullopt;
  const auto at = *count > 0 ? instant_after(call.now, *count, unit) : std::nullopt;
  if (!at) call.error("ERR invalid expire time in '" + std::string(call.command.name) + "' command");
  return at;
}

}  // namespace chaos::redis
