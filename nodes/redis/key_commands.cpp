// Commands on keys whatever they hold (https://redis.io/docs/latest/commands/?group=generic).
#include "redis/command.hpp"
#include "redis/glob.hpp"
#include "redis/scan.hpp"

#include <array>
#include <vector>

namespace chaos::redis {
namespace {

using Use = Keyspace::Use;

void del(Call& call) {
  std::int64_t gone = 0;
  for (std::size_t i = 1; i < call.args.size(); ++i) {
    Entry* entry = call.find(i, Use::write);
    if (!entry) continue;
    call.keys().erase(*entry);
    ++gone;
  }
  call.out.integer(gone);
}

void count_found(Call& call, Use use) {
  std::int64_t found = 0;
  for (std::size_t i = 1; i < call.args.size(); ++i) found += call.find(i, use) != nullptr;
  call.out.integer(found);
}

void exists(Call& call) { count_found(call, Use::look); }
void touch(Call& call) { count_found(call, Use::read); }

void type(Call& call) { call.out.simple(call.find(1, Use::look) ? "string" : "none"); }

void keys(Call& call) {
  std::vector<std::string_view> found;
  call.keys().for_each([&](const Entry& entry) {
    if (entry.expires > call.now && glob_match(call.args[1], entry.key)) found.push_back(entry.key);
  });
  call.out.array(found.size());
  for (const auto key : found) call.out.bulk(key);
}

void dbsize(Call& call) { call.out.integer(static_cast<std::int64_t>(call.keys().size())); }

constexpr std::array kCommands{
    Command{"del", -2, kWrite, 1, -1, 1, "generic", "Deletes keys.", del},
    Command{"unlink", -2, kWrite | kFast, 1, -1, 1, "generic", "Deletes keys, as DEL.", del},
    Command{"exists", -2, kReadonly | kFast, 1, -1, 1, "generic", "Counts how many of the keys exist.", exists},
    Command{"touch", -2, kReadonly | kFast, 1, -1, 1, "generic", "Makes keys the most recently used.", touch},
    Command{"type", 2, kReadonly | kFast, 1, 1, 1, "generic", "Returns the type of a value.", type},
    Command{"keys", 2, kReadonly, 0, 0, 0, "generic", "Returns every key that matches a pattern.", keys},
    Command{"scan", -2, kReadonly, 0, 0, 0, "generic", "Steps through the keys.", scan},
    Command{"dbsize", 1, kReadonly | kFast, 0, 0, 0, "server", "Returns the number of keys.", dbsize},
};

}  // namespace

std::span<const Command> key_commands() { return kCommands; }

}  // namespace chaos::redis
