// Commands on times to live; all of them are lab time.
#include "redis/engine.hpp"
#include "redis/ttl.hpp"
#include "redis/values/text.hpp"

#include <array>

namespace chaos::redis {
namespace {

struct Conditions { bool nx = false, xx = false, gt = false, lt = false; };

std::optional<Conditions> take_conditions(Call& call) {
  Conditions out;
  for (const auto word : call.args.subspan(3)) {
    if (is_word(word, "nx")) out.nx = true;
    else if (is_word(word, "xx")) out.xx = true;
    else if (is_word(word, "gt")) out.gt = true;
    else if (is_word(word, "lt")) out.lt = true;
    else return call.error("ERR Unsupported option " + std::string(word)), std::nullopt;
  }
  if (out.nx && (out.xx || out.gt || out.lt)) {
    return call.error("ERR NX and XX, GT or LT options at the same time are not compatible"), std::nullopt;
  }
  if (out.gt && out.lt) return call.error("ERR GT and LT options at the same time are not compatible"), std::nullopt;
  return out;
}

/// A key without a TTL counts as one with an infinite TTL.
bool allows(const Conditions& when, LabTime old, LabTime fresh) {
  if (when.nx && old != kNever) return false;
  if (when.xx && old == kNever) return false;
  if (when.gt && fresh <= old) return false;
  return !(when.lt && fresh >= old);
}

void expire_when(Call& call, std::int64_t unit, bool absolute) {
  const auto count = call.integer(2);
  if (!count) return;
  const auto at = absolute ? instant_at(call, *count, unit) : instant_after(call.now, *count, unit);
  if (!at) return call.error("ERR invalid expire time in '" + std::string(call.command.name) + "' command");
  const auto when = take_conditions(call);
  if (!when) return;
  Entry* entry = call.find(1, Keyspace::Use::write);
  const bool done = entry && allows(*when, entry->expires, *at);
  if (done && *at <= call.now) call.keys().erase(*entry);
  else if (done) call.keys().expire_at(*entry, *at);
  call.out.integer(done);
}

void expire(Call& call) { expire_when(call, kSecond, false); }
void pexpire(Call& call) { expire_when(call, kMillisecond, false); }
void expireat(Call& call) { expire_when(call, kSecond, true); }
void pexpireat(Call& call) { expire_when(call, kMillisecond, true); }

/// -2: no such key; -1: it never expires; else what is left (with `since`: what that is from), rounded to the nearest as
/// Redis does.
void ttl_in(Call& call, std::int64_t unit, std::int64_t since) {
  const Entry* entry = call.find(1, Keyspace::Use::look);
  if (!entry) return call.out.integer(-2);
  if (entry->expires == kNever) return call.out.integer(-1);
  call.out.integer(((entry->expires - call.now).us + since + unit / 2) / unit);
}

void ttl(Call& call) { ttl_in(call, kSecond, 0); }
void pttl(Call& call) { ttl_in(call, kMillisecond, 0); }
void expiretime(Call& call) { ttl_in(call, kSecond, call.engine.unix_us()); }
void pexpiretime(Call& call) { ttl_in(call, kMillisecond, call.engine.unix_us()); }

void persist(Call& call) {
  Entry* entry = call.find(1, Keyspace::Use::write);
  const bool done = entry && entry->expires != kNever;
  if (done) call.keys().expire_at(*entry, kNever);
  call.out.integer(done);
}

constexpr std::array kCommands{
    Command{"expire", -3, kWrite | kFast, 1, 1, 1, "generic", "1.0.0", "Sets the TTL of a key in lab seconds.", expire},
    Command{"pexpire", -3, kWrite | kFast, 1, 1, 1, "generic", "2.6.0", "Sets the TTL of a key in lab milliseconds.", pexpire},
    Command{"expireat", -3, kWrite | kFast, 1, 1, 1, "generic", "1.2.0",
            "Sets the TTL to what is left until a Unix time.", expireat},
    Command{"pexpireat", -3, kWrite | kFast, 1, 1, 1, "generic", "2.6.0",
            "Sets the TTL to what is left until a Unix time in milliseconds.", pexpireat},
    Command{"ttl", 2, kReadonly | kFast, 1, 1, 1, "generic", "1.0.0", "The TTL of a key in lab seconds.", ttl},
    Command{"pttl", 2, kReadonly | kFast, 1, 1, 1, "generic", "2.6.0", "The TTL of a key in lab milliseconds.", pttl},
    Command{"expiretime", 2, kReadonly | kFast, 1, 1, 1, "generic", "7.0.0", "Unix time plus the TTL of a key.", expiretime},
    Command{"pexpiretime", 2, kReadonly | kFast, 1, 1, 1, "generic", "7.0.0",
            "Unix time in milliseconds plus the TTL of a key.", pexpiretime},
    Command{"persist", 2, kWrite | kFast, 1, 1, 1, "generic", "2.2.0", "Takes the TTL of a key away.", persist},
};

}  // namespace

std::span<const Command> expiry_commands() { return kCommands; }

}  // namespace chaos::redis
