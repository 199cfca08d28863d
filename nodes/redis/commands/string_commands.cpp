// Commands on whole strings (https://redis.io/docs/latest/commands/?group=string).
#include "redis/set_options.hpp"
#include "redis/values/text.hpp"

#include <array>

namespace chaos::redis {
namespace {

using Use = Keyspace::Use;

void answer_value(Call& call, const Entry* entry) {
  if (entry) return call.out.bulk(entry->value);
  call.out.nil();
}

void get(Call& call) {
  if (const auto entry = call.fetch_string(call.args[1], Use::read)) answer_value(call, *entry);
}

void set(Call& call) {
  const auto options = take_set_options(call);
  if (!options) return;
  Entry* old = call.find(1, options->get ? Use::read : Use::write);
  if (options->get && old && old->box) return call.error(kWrongType);
  const bool done = options->when == SetOptions::If::always || (options->when == SetOptions::If::present) == (old != nullptr);
  if (options->get) answer_value(call, old);
  else if (done) call.out.ok();
  else call.out.nil();
  if (!done) return;
  if (old) call.keys().set(*old, call.args[2], options->keep_ttl ? old->expires : options->expires);
  else call.keys().set(call.args[1], call.args[2], options->expires);
}

void setnx(Call& call) {
  const bool absent = !call.find(1, Use::write);
  if (absent) call.keys().set(call.args[1], call.args[2]);
  call.out.integer(absent);
}

void set_with_ttl(Call& call, std::int64_t unit) {
  const auto expires = take_ttl(call, 2, {unit, false});
  if (!expires) return;
  call.keys().set(call.args[1], call.args[3], *expires);
  call.out.ok();
}

void setex(Call& call) { set_with_ttl(call, kSecond); }
void psetex(Call& call) { set_with_ttl(call, kMillisecond); }

void getset(Call& call) {
  const auto entry = call.fetch_string(call.args[1], Use::read);
  if (!entry) return;
  answer_value(call, *entry);
  call.keys().set(call.args[1], call.args[2]);
}

void getdel(Call& call) {
  const auto entry = call.fetch_string(call.args[1], Use::read);
  if (!entry) return;
  answer_value(call, *entry);
  if (*entry) call.keys().erase(**entry);
}

void getex(Call& call) {
  std::optional<LabTime> expires;
  if (call.count() == 3 && is_word(call.args[2], "persist")) {
    expires = kNever;
  } else if (call.count() == 4) {
    const auto word = ttl_word(call.args[2]);
    if (!word) return call.syntax_error();
    expires = take_ttl(call, 3, *word);
    if (!expires) return;
  } else if (call.count() != 2) {
    return call.syntax_error();
  }
  const auto entry = call.fetch_string(call.args[1], Use::read);
  if (!entry) return;
  answer_value(call, *entry);
  if (*entry && expires) call.keys().expire_at(**entry, *expires);
}

void mget(Call& call) {
  call.out.array(call.count() - 1);
  for (std::size_t i = 1; i < call.count(); ++i) {
    const Entry* entry = call.find(i, Use::read);
    answer_value(call, entry && !entry->box ? entry : nullptr);
  }
}

void set_pairs(Call& call) {
  for (std::size_t i = 1; i < call.count(); i += 2) call.keys().set(call.args[i], call.args[i + 1]);
}

void mset(Call& call) {
  if (call.count() % 2 == 0) return call.wrong_arity();
  set_pairs(call);
  call.out.ok();
}

void msetnx(Call& call) {
  if (call.count() % 2 == 0) return call.wrong_arity();
  for (std::size_t i = 1; i < call.count(); i += 2) {
    if (call.find(i, Use::write)) return call.out.integer(0);
  }
  set_pairs(call);
  call.out.integer(1);
}

constexpr std::array kCommands{
    Command{"get", 2, kReadonly | kFast, 1, 1, 1, "string", "1.0.0", "The string value of a key.", get},
    Command{"set", -3, kWrite | kDenyOom, 1, 1, 1, "string", "1.0.0", "Sets a string; EX and PX are lab time.", set},
    Command{"setnx", 3, kWrite | kDenyOom | kFast, 1, 1, 1, "string", "1.0.0",
            "Sets a string only when the key does not exist.", setnx},
    Command{"setex", 4, kWrite | kDenyOom, 1, 1, 1, "string", "2.0.0", "Sets a string with a TTL in lab seconds.", setex},
    Command{"psetex", 4, kWrite | kDenyOom, 1, 1, 1, "string", "2.6.0", "Sets a string with a TTL in lab milliseconds.", psetex},
    Command{"getset", 3, kWrite | kDenyOom | kFast, 1, 1, 1, "string", "1.0.0", "Sets a string and returns the old one.", getset},
    Command{"getdel", 2, kWrite | kFast, 1, 1, 1, "string", "6.2.0", "Returns a string and deletes it.", getdel},
    Command{"getex", -2, kWrite | kFast, 1, 1, 1, "string", "6.2.0", "Returns a string and sets its TTL.", getex},
    Command{"mget", -2, kReadonly | kFast, 1, -1, 1, "string", "1.0.0", "The strings of several keys.", mget},
    Command{"mset", -3, kWrite | kDenyOom, 1, -1, 2, "string", "1.0.1", "Sets several strings.", mset},
    Command{"msetnx", -3, kWrite | kDenyOom, 1, -1, 2, "string", "1.0.1",
            "Sets several strings when none of the keys exists.", msetnx},
};

}  // namespace

std::span<const Command> string_commands() { return kCommands; }

}  // namespace chaos::redis
