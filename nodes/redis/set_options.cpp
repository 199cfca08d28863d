#include "redis/set_options.hpp"

#include "redis/values/text.hpp"

namespace chaos::redis {
namespace {

bool take_expiry(Call& call, std::size_t& at, SetOptions& options) {
  if (options.keep_ttl || options.expires != kNever || at + 1 >= call.args.size()) {
    call.syntax_error();
    return false;
  }
  const auto word = ttl_word(call.args[at]);
  const auto expires = take_ttl(call, ++at, *word);
  if (expires) options.expires = *expires;
  return expires.has_value();
}

bool take_flag(Call& call, std::size_t at, SetOptions& options) {
  const auto word = call.args[at];
  const bool absent = is_word(word, "nx");
  if ((absent || is_word(word, "xx")) && options.when == SetOptions::If::always) {
    options.when = absent ? SetOptions::If::absent : SetOptions::If::present;
  } else if (is_word(word, "get")) {
    options.get = true;
  } else if (is_word(word, "keepttl") && options.expires == kNever) {
    options.keep_ttl = true;
  } else {
    call.syntax_error();
    return false;
  }
  return true;
}

}  // namespace

std::optional<SetOptions> take_set_options(Call& call) {
  SetOptions options;
  for (std::size_t at = 3; at < call.args.size(); ++at) {
    const bool expiry = ttl_word(call.args[at]).has_value();
    if (!(expiry ? take_expiry(call, at, options) : take_flag(call, at, options))) return std::nullopt;
  }
  return options;
}

}  // namespace chaos::redis
