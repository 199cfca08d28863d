// Copies of keys, and databases other than 0, which there are none of.
#include "redis/command.hpp"
#include "redis/values/text.hpp"

#include <array>

namespace chaos::redis {
namespace {

using Use = Keyspace::Use;
constexpr std::string_view kNoSuchDb = "ERR DB index is out of range";

/// A copy of what an entry holds, under another key.
void put_copy(Call& call, const Entry& from, std::string_view to) {
  if (from.box) {
    call.keys().put(to, from.box->copy(), from.expires);
    return;
  }
  call.keys().set(to, from.value, from.expires);
}

void copy(Call& call) {
  bool replace = false;
  for (std::size_t i = 3; i < call.count(); ++i) {
    if (is_word(call.args[i], "replace")) {
      replace = true;
    } else if (is_word(call.args[i], "db") && i + 1 < call.count()) {
      const auto db = call.integer(++i);
      if (!db) return;
      if (*db != 0) return call.error(kNoSuchDb);
    } else {
      return call.syntax_error();
    }
  }
  if (call.args[1] == call.args[2]) return call.error("ERR source and destination objects are the same");
  const Entry* entry = call.find(1, Use::read);
  if (!entry || (!replace && call.find(2, Use::write))) return call.out.integer(0);
  put_copy(call, *entry, call.args[2]);
  call.out.integer(1);
}

void move(Call& call) {
  const auto db = call.integer(2, "ERR value is not an integer or out of range");
  if (!db) return;
  call.error(*db == 0 ? "ERR source and destination objects are the same" : kNoSuchDb);
}

void swapdb(Call& call) {
  const auto first = call.integer(1, "ERR invalid first DB index");
  if (!first) return;
  const auto second = call.integer(2, "ERR invalid second DB index");
  if (!second) return;
  if (*first != 0 || *second != 0) return call.error(kNoSuchDb);
  call.out.ok();
}

constexpr std::array kCommands{
    Command{"copy", -3, kWrite | kDenyOom, 1, 2, 1, "generic", "6.2.0", "Copies a value to another key.", copy},
    Command{"move", 3, kWrite | kFast, 1, 1, 1, "generic", "1.0.0", "Refused: there is only database 0.", move},
    Command{"swapdb", 3, kWrite | kFast, 0, 0, 0, "server", "4.0.0",
            "Refused but for 0 and 0: there is only database 0.", swapdb},
};

}  // namespace

std::span<const Command> key_copy_commands() { return kCommands; }

}  // namespace chaos::redis
