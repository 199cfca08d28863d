// Commands on keys whatever they hold (https://redis.io/docs/latest/commands/?group=generic).
#include "redis/command.hpp"
#include "redis/values/glob.hpp"

#include <array>

namespace chaos::redis {
namespace {

using Use = Keyspace::Use;

void del(Call& call) {
  std::int64_t gone = 0;
  for (std::size_t i = 1; i < call.count(); ++i) {
    Entry* entry = call.find(i, Use::write);
    if (!entry) continue;
    call.keys().erase(*entry);
    ++gone;
  }
  call.out.integer(gone);
}

void count_found(Call& call, Use use) {
  std::int64_t found = 0;
  for (std::size_t i = 1; i < call.count(); ++i) found += call.find(i, use) != nullptr;
  call.out.integer(found);
}

void exists(Call& call) { count_found(call, Use::look); }

void touch(Call& call) {
  std::int64_t found = 0;
  for (std::size_t i = 1; i < call.count(); ++i) found += call.keys().find(call.args[i], call.now, Use::read) != nullptr;
  call.out.integer(found);
}

void type(Call& call) {
  const Entry* entry = call.find(1, Use::look);
  call.out.simple(entry ? type_name(entry->type()) : "none");
}

void keys(Call& call) {
  std::vector<std::string_view> found;
  call.keys().for_each([&](const Entry& entry) {
    if (entry.expires > call.now && glob_match(call.args[1], entry.key)) found.push_back(entry.key);
  });
  call.out.array(found.size());
  for (const auto key : found) call.out.bulk(key);
}

void dbsize(Call& call) { call.out.integer(static_cast<std::int64_t>(call.keys().size())); }

void randomkey(Call& call) {
  while (Entry* entry = call.keys().random()) {
    if (entry->expires > call.now) return call.out.bulk(entry->key);
    call.find(std::string(entry->key), Use::peek);     // its time is over: it goes
  }
  call.out.nil();
}

/// True when the key was renamed; false when it stayed because the other exists. An answered error gives nothing.
std::optional<bool> renamed(Call& call, bool only_new) {
  Entry* entry = call.find(1, Use::write);
  if (!entry) return call.error("ERR no such key"), std::nullopt;
  if (call.args[1] == call.args[2]) return !only_new;
  if (only_new && call.find(2, Use::write)) return false;
  const LabTime expires = entry->expires;
  if (auto box = std::move(entry->box)) {
    call.keys().erase(*entry);
    call.keys().put(call.args[2], std::move(box), expires);
    return true;
  }
  const std::string value = std::move(entry->value);
  call.keys().erase(*entry);
  call.keys().set(call.args[2], value, expires);
  return true;
}

void rename(Call& call) {
  if (renamed(call, false)) call.out.ok();
}

void renamenx(Call& call) {
  if (const auto done = renamed(call, true)) call.out.integer(*done);
}

constexpr std::array kCommands{
    Command{"del", -2, kWrite, 1, -1, 1, "generic", "1.0.0", "Deletes keys.", del},
    Command{"unlink", -2, kWrite | kFast, 1, -1, 1, "generic", "4.0.0", "Deletes keys, as DEL.", del},
    Command{"exists", -2, kReadonly | kFast, 1, -1, 1, "generic", "1.0.0", "Counts how many of the keys exist.", exists},
    Command{"touch", -2, kReadonly | kFast, 1, -1, 1, "generic", "3.2.1", "Makes keys the most recently used.", touch},
    Command{"type", 2, kReadonly | kFast, 1, 1, 1, "generic", "1.0.0", "The type of a value.", type},
    Command{"keys", 2, kReadonly, 0, 0, 0, "generic", "1.0.0", "Every key that matches a pattern.", keys},
    Command{"dbsize", 1, kReadonly | kFast, 0, 0, 0, "server", "1.0.0", "How many keys there are.", dbsize},
    Command{"randomkey", 1, kReadonly, 0, 0, 0, "generic", "1.0.0", "A key by chance.", randomkey},
    Command{"rename", 3, kWrite, 1, 2, 1, "generic", "1.0.0", "Gives a key another name.", rename},
    Command{"renamenx", 3, kWrite | kFast, 1, 2, 1, "generic", "1.0.0", "Gives a key another name that is free.", renamenx},
};

}  // namespace

std::span<const Command> key_commands() { return kCommands; }

}  // namespace chaos::redis
