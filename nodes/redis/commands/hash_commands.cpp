// Commands that change hashes (https://redis.io/docs/latest/commands/?group=hash).
#include "redis/command.hpp"
#include "redis/values/hash_box.hpp"
#include "redis/values/text.hpp"

#include <array>
#include <cmath>

namespace chaos::redis {
namespace {

using Use = Keyspace::Use;

std::optional<std::int64_t> set_fields(Call& call) {
  if (call.count() % 2 != 0) return call.wrong_arity(), std::nullopt;
  auto hash = call.fetch<HashBox>(call.args[1], Use::write);
  if (!hash) return std::nullopt;
  call.make(*hash, call.args[1]);
  std::int64_t fresh = 0;
  for (std::size_t i = 2; i < call.count(); i += 2) fresh += (*hash)->set(call.args[i], call.args[i + 1]);
  call.keys().settle(*hash->entry);
  return fresh;
}

void hset(Call& call) {
  if (const auto fresh = set_fields(call)) call.out.integer(*fresh);
}

void hmset(Call& call) {
  if (set_fields(call)) call.out.ok();
}

void hsetnx(Call& call) {
  auto hash = call.fetch<HashBox>(call.args[1], Use::write);
  if (!hash) return;
  if (*hash && (*hash)->find(call.args[2])) return call.out.integer(0);
  call.make(*hash, call.args[1]);
  (*hash)->set(call.args[2], call.args[3]);
  call.keys().settle(*hash->entry);
  call.out.integer(1);
}

void hdel(Call& call) {
  const auto hash = call.fetch<HashBox>(call.args[1], Use::write);
  if (!hash) return;
  std::int64_t gone = 0;
  for (std::size_t i = 2; *hash && i < call.count(); ++i) gone += (*hash)->erase(call.args[i]);
  if (gone > 0) call.keys().settle(*hash->entry);
  call.out.integer(gone);
}

void hincrby(Call& call) {
  const auto by = call.integer(3);
  if (!by) return;
  auto hash = call.fetch<HashBox>(call.args[1], Use::write);
  if (!hash) return;
  const std::string* old = *hash ? (*hash)->find(call.args[2]) : nullptr;
  std::int64_t value = 0;
  if (old && !resp::parse_integer(*old, value)) return call.error("ERR hash value is not an integer");
  if (__builtin_add_overflow(value, *by, &value)) return call.error("ERR increment or decrement would overflow");
  call.make(*hash, call.args[1]);
  (*hash)->set(call.args[2], std::to_string(value));
  call.keys().settle(*hash->entry);
  call.out.integer(value);
}

void hincrbyfloat(Call& call) {
  const auto by = parse_long_real(call.args[3]);
  if (!by) return call.error("ERR value is not a valid float");
  auto hash = call.fetch<HashBox>(call.args[1], Use::write);
  if (!hash) return;
  const std::string* old = *hash ? (*hash)->find(call.args[2]) : nullptr;
  const auto value = old ? parse_long_real(*old) : 0;
  if (!value) return call.error("ERR hash value is not a float");
  const long double sum = *value + *by;
  if (std::isnan(sum) || std::isinf(sum)) return call.error("ERR increment would produce NaN or Infinity");
  call.make(*hash, call.args[1]);
  const std::string text = plain_real(sum);
  (*hash)->set(call.args[2], text);
  call.keys().settle(*hash->entry);
  call.out.bulk(text);
}

constexpr std::array kCommands{
    Command{"hset", -4, kWrite | kDenyOom | kFast, 1, 1, 1, "hash", "2.0.0", "Sets fields of a hash.", hset},
    Command{"hmset", -4, kWrite | kDenyOom | kFast, 1, 1, 1, "hash", "2.0.0",
            "Sets fields of a hash; the old form of HSET.", hmset},
    Command{"hsetnx", 4, kWrite | kDenyOom | kFast, 1, 1, 1, "hash", "2.0.0", "Sets a field that does not exist.", hsetnx},
    Command{"hdel", -3, kWrite | kFast, 1, 1, 1, "hash", "2.0.0", "Deletes fields.", hdel},
    Command{"hincrby", 4, kWrite | kDenyOom | kFast, 1, 1, 1, "hash", "2.0.0", "Adds to the integer of a field.", hincrby},
    Command{"hincrbyfloat", 4, kWrite | kDenyOom | kFast, 1, 1, 1, "hash", "2.6.0",
            "Adds to the number of a field.", hincrbyfloat},
};

}  // namespace

std::span<const Command> hash_commands() { return kCommands; }

}  // namespace chaos::redis
