// Commands that move a value from one list to another.
#include "redis/blocking.hpp"
#include "redis/values/list_box.hpp"
#include "redis/values/text.hpp"

#include <array>

namespace chaos::redis {
namespace {

using Use = Keyspace::Use;
using End = ListBox::End;

std::optional<End> end_of(std::string_view word) {
  if (is_word(word, "left")) return End::left;
  if (is_word(word, "right")) return End::right;
  return std::nullopt;
}

/// True when it answered; false when there is nothing to move.
bool move(Call& call, End from, End to) {
  const auto source = call.fetch<ListBox>(call.args[1], Use::write);
  if (!source) return true;
  if (!*source) return false;
  auto target = call.fetch<ListBox>(call.args[2], Use::write);
  if (!target) return true;
  const std::string value = (*source)->pop(from);
  if (call.args[1] == call.args[2]) {
    (*source)->push(value, to);
    call.keys().settle(*source->entry);
  } else {
    call.keys().settle(*source->entry);
    call.make(*target, call.args[2]);
    (*target)->push(value, to);
    call.keys().settle(*target->entry);
  }
  call.out.bulk(value);
  return true;
}

void lmove(Call& call) {
  const auto from = end_of(call.args[3]), to = end_of(call.args[4]);
  if (!from || !to) return call.syntax_error();
  if (!move(call, *from, *to)) call.out.nil();
}

void rpoplpush(Call& call) {
  if (!move(call, End::right, End::left)) call.out.nil();
}

void blmove(Call& call) {
  const auto from = end_of(call.args[3]), to = end_of(call.args[4]);
  if (!from || !to) return call.syntax_error();
  const auto until = take_timeout(call, 5);
  if (until && !move(call, *from, *to)) wait_or_nil(call, *until, nil_array);
}

void brpoplpush(Call& call) {
  const auto until = take_timeout(call, 3);
  if (until && !move(call, End::right, End::left)) wait_or_nil(call, *until, nil_array);
}

constexpr std::array kCommands{
    Command{"lmove", 5, kWrite | kDenyOom, 1, 2, 1, "list", "6.2.0",
            "Moves a value from an end of one list to an end of another.", lmove},
    Command{"blmove", 6, kWrite | kDenyOom | kNoscript | kBlocking, 1, 2, 1, "list", "6.2.0",
            "LMOVE, or waits for a value.", blmove},
    Command{"rpoplpush", 3, kWrite | kDenyOom, 1, 2, 1, "list", "1.2.0",
            "Moves the last value to the front of another list.", rpoplpush},
    Command{"brpoplpush", 4, kWrite | kDenyOom | kNoscript | kBlocking, 1, 2, 1, "list", "2.2.0",
            "RPOPLPUSH, or waits for a value.", brpoplpush},
};

}  // namespace

std::span<const Command> list_move_commands() { return kCommands; }

}  // namespace chaos::redis
