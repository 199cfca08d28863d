#include "redis/ttl.hpp"

#include "redis/engine.hpp"
#include "redis/values/text.hpp"

namespace chaos::redis {

std::optional<LabTime> instant_after(LabTime now, std::int64_t count, std::int64_t unit) {
  LabTime at{};
  if (__builtin_mul_overflow(count, unit, &at.us) || __builtin_add_overflow(at.us, now.us, &at.us) || at == kNever) {
    return std::nullopt;
  }
  return at;
}

std::optional<LabTime> instant_at(const Call& call, std::int64_t count, std::int64_t unit) {
  LabTime at{};
  if (__builtin_mul_overflow(count, unit, &at.us) || __builtin_sub_overflow(at.us, call.engine.unix_us(), &at.us)) return std::nullopt;
  return instant_after(call.now, at.us, 1);
}

std::optional<TtlWord> ttl_word(std::string_view word) {
  if (is_word(word, "ex")) return TtlWord{kSecond, false};
  if (is_word(word, "px")) return TtlWord{kMillisecond, false};
  if (is_word(word, "exat")) return TtlWord{kSecond, true};
  if (is_word(word, "pxat")) return TtlWord{kMillisecond, true};
  return std::nullopt;
}

std::optional<LabTime> take_ttl(Call& call, std::size_t index, TtlWord word) {
  const auto count = call.integer(index);
  if (!count) return std::nullopt;
  std::optional<LabTime> at;
  if (*count > 0) at = word.absolute ? instant_at(call, *count, word.unit) : instant_after(call.now, *count, word.unit);
  if (!at) call.error("ERR invalid expire time in '" + std::string(call.command.name) + "' command");
  return at;
}

}  // namespace chaos::redis
