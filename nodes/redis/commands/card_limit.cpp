#include "redis/commands/card_limit.hpp"

#include "redis/values/text.hpp"

#include <cstdint>

namespace chaos::redis {

std::optional<std::size_t> take_card_limit(Call& call, std::size_t at) {
  if (call.count() == at) return SIZE_MAX;
  if (call.count() != at + 2 || !is_word(call.args[at], "limit")) return call.syntax_error(), std::nullopt;
  const auto most = call.integer(at + 1, "ERR LIMIT can't be negative");
  if (!most) return std::nullopt;
  if (*most < 0) return call.error("ERR LIMIT can't be negative"), std::nullopt;
  return *most == 0 ? SIZE_MAX : static_cast<std::size_t>(*most);
}

}  // namespace chaos::redis
