// Commands on strings (https://redis.io/docs/latest/commands/?group=string).
#include "redis/set_options.hpp"

#include <array>

namespace chaos::redis {
namespace {

using Use = Keyspace::Use;

void answer_value(Call& call, const Entry* entry) {
  if (entry) return call.out.bulk(entry->value);
  call.out.nil();
}

void get(Call& call) { answer_value(call, call.find(1, Use::read)); }

void set(Call& call) {
  const auto options = take_set_options(call);
  if (!options) return;
  const Entry* old = call.find(1, options->get ? Use::read : Use::write);
  const bool done = options->when == SetOptions::If::always || (options->when == SetOptions::If::present) == (old != nullptr);
  if (options->get) answer_value(call, old);
  else if (done) call.out.ok();
  else call.out.nil();
  if (done) call.keys().set(call.args[1], call.args[2], options->keep_ttl && old ? old->expires : options->expires);
}

void setnx(Call& call) {
  const bool absent = !call.find(1, Use::write);
  if (absent) call.keys().set(call.args[1], call.args[2]);
  call.out.integer(absent);
}

void set_with_ttl(Call& call, std::int64_t unit) {
  const auto expires = take_ttl(call, 2, unit);
  if (!expires) return;
  call.keys().set(call.args[1], call.args[3], *expires);
  call.out.ok();
}

void setex(Call& call) { set_with_ttl(call, kSecond); }
void psetex(Call& call) { set_with_ttl(call, kMillisecond); }

void getset(Call& call) {
  answer_value(call, call.find(1, Use::read));
  call.keys().set(call.args[1], call.args[2]);
}

void getdel(Call& call) {
  Entry* entry = call.find(1, Use::read);
  answer_value(call, entry);
  if (entry) call.keys().erase(*entry);
}

void mget(Call& call) {
  call.out.array(call.args.size() - 1);
  for (std::size_t i = 1; i < call.args.size(); ++i) answer_value(call, call.find(i, Use::read));
}

void mset(Call& call) {
  if (call.args.size() % 2 == 0) return call.wrong_arity();
  for (std::size_t i = 1; i < call.args.size(); i += 2) call.keys().set(call.args[i], call.args[i + 1]);
  call.out.ok();
}

void strlen(Call& call) {
  const Entry* entry = call.find(1, Use::read);
  call.out.integer(entry ? static_cast<std::int64_t>(entry->value.size()) : 0);
}

void append(Call& call) {
  constexpr std::size_t kLongest = resp::Limits{}.max_bulk;
  Entry* entry = call.find(1, Use::write);
  if (!entry) entry = &call.keys().set(call.args[1], "");
  if (entry->value.size() + call.args[2].size() > kLongest) {
    return call.error("ERR string exceeds maximum allowed size (proto-max-bulk-len)");
  }
  call.keys().assign(*entry, entry->value + std::string(call.args[2]));
  call.out.integer(static_cast<std::int64_t>(entry->value.size()));
}

constexpr std::array kCommands{
    Command{"get", 2, kReadonly | kFast, 1, 1, 1, "string", "Returns the string value of a key.", get},
    Command{"set", -3, kWrite | kDenyOom, 1, 1, 1, "string", "Sets the value of a key; EX and PX are lab time.", set},
    Command{"setnx", 3, kWrite | kDenyOom | kFast, 1, 1, 1, "string", "Sets a key only when it does not exist.", setnx},
    Command{"setex", 4, kWrite | kDenyOom, 1, 1, 1, "string", "Sets a key with a TTL in lab seconds.", setex},
    Command{"psetex", 4, kWrite | kDenyOom, 1, 1, 1, "string", "Sets a key with a TTL in lab milliseconds.", psetex},
    Command{"getset", 3, kWrite | kDenyOom | kFast, 1, 1, 1, "string", "Sets a key and returns its old value.", getset},
    Command{"getdel", 2, kWrite | kFast, 1, 1, 1, "string", "Returns the value of a key and deletes it.", getdel},
    Command{"mget", -2, kReadonly | kFast, 1, -1, 1, "string", "Returns the values of several keys.", mget},
    Command{"mset", -3, kWrite | kDenyOom, 1, -1, 2, "string", "Sets several keys.", mset},
    Command{"strlen", 2, kReadonly | kFast, 1, 1, 1, "string", "Returns the length of a value.", strlen},
    Command{"append", 3, kWrite | kDenyOom | kFast, 1, 1, 1, "string", "Appends to a value.", append},
};

}  // namespace

std::span<const Command> string_commands() { return kCommands; }

}  // namespace chaos::redis
