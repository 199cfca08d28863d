// Commands that count in a string.
#include "redis/command.hpp"

#include <array>

namespace chaos::redis {
namespace {

void add(Call& call, std::int64_t by) {
  Entry* entry = call.find(1, Keyspace::Use::write);
  std::int64_t value = 0;
  if (entry && !resp::parse_integer(entry->value, value)) return call.error("ERR value is not an integer or out of range");
  if (__builtin_add_overflow(value, by, &value)) return call.error("ERR increment or decrement would overflow");
  if (entry) call.keys().assign(*entry, std::to_string(value));
  else call.keys().set(call.args[1], std::to_string(value));
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

constexpr unsigned kFlags = kWrite | kDenyOom | kFast;
constexpr std::array kCommands{
    Command{"incr", 2, kFlags, 1, 1, 1, "string", "Adds one to an integer.", incr},
    Command{"decr", 2, kFlags, 1, 1, 1, "string", "Takes one from an integer.", decr},
    Command{"incrby", 3, kFlags, 1, 1, 1, "string", "Adds a number to an integer.", incrby},
    Command{"decrby", 3, kFlags, 1, 1, 1, "string", "Takes a number from an integer.", decrby},
};

}  // namespace

std::span<const Command> counter_commands() { return kCommands; }

}  // namespace chaos::redis
