// Commands that count in a string.
#include "redis/command.hpp"
#include "redis/values/text.hpp"

#include <array>
#include <cmath>

namespace chaos::redis {
namespace {

using Use = Keyspace::Use;

void store(Call& call, Entry* entry, std::string value) {
  if (!entry) {
    call.keys().set(call.args[1], value);
    return;
  }
  call.keys().assign(*entry, std::move(value));
  entry->raw = false;
}

void add(Call& call, std::int64_t by) {
  const auto entry = call.fetch_string(call.args[1], Use::write);
  if (!entry) return;
  std::int64_t value = 0;
  if (*entry && !resp::parse_integer((*entry)->value, value)) return call.error("ERR value is not an integer or out of range");
  if (__builtin_add_overflow(value, by, &value)) return call.error("ERR increment or decrement would overflow");
  store(call, *entry, std::to_string(value));
  call.out.integer(value);
}

void incr(Call& call) { add(call, 1); }
void decr(Call& call) { add(call, -1); }

void incrby(Call& call) {
  if (const auto by = call.integer(2)) add(call, *by);
}

void decrby(Call& call) {
  const auto by = call.integer(2);
  if (!by) return;
  if (*by == INT64_MIN) return call.error("ERR decrement would overflow");
  add(call, -*by);
}

void incrbyfloat(Call& call) {
  const auto entry = call.fetch_string(call.args[1], Use::write);
  if (!entry) return;
  const auto value = *entry ? parse_long_real((*entry)->value) : 0;
  const auto by = parse_long_real(call.args[2]);
  if (!value || !by) return call.error("ERR value is not a valid float");
  const long double sum = *value + *by;
  if (std::isnan(sum) || std::isinf(sum)) return call.error("ERR increment would produce NaN or Infinity");
  std::string text = plain_real(sum);
  call.out.bulk(text);
  store(call, *entry, std::move(text));
}

constexpr std::array kCommands{
    Command{"incr", 2, kWrite | kDenyOom | kFast, 1, 1, 1, "string", "1.0.0", "Adds one to an integer.", incr},
    Command{"decr", 2, kWrite | kDenyOom | kFast, 1, 1, 1, "string", "1.0.0", "Takes one from an integer.", decr},
    Command{"incrby", 3, kWrite | kDenyOom | kFast, 1, 1, 1, "string", "1.0.0", "Adds to an integer.", incrby},
    Command{"decrby", 3, kWrite | kDenyOom | kFast, 1, 1, 1, "string", "1.0.0", "Takes from an integer.", decrby},
    Command{"incrbyfloat", 3, kWrite | kDenyOom | kFast, 1, 1, 1, "string", "2.6.0", "Adds to a number.", incrbyfloat},
};

}  // namespace

std::span<const Command> counter_commands() { return kCommands; }

}  // namespace chaos::redis
