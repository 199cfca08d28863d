// Commands that push, pop and read lists (https://redis.io/docs/latest/commands/?group=list).
#include "redis/blocking.hpp"
#include "redis/values/list_box.hpp"
#include "redis/values/text.hpp"

#include <array>

namespace chaos::redis {
namespace {

using Use = Keyspace::Use;
using End = ListBox::End;

void push(Call& call, End end, bool only_existing) {
  auto list = call.fetch<ListBox>(call.args[1], Use::write);
  if (!list) return;
  if (!*list && only_existing) return call.out.integer(0);
  call.make(*list, call.args[1]);
  for (const auto value : call.args.subspan(2)) (*list)->push(value, end);
  call.keys().settle(*list->entry);
  call.out.integer(static_cast<std::int64_t>((*list)->size()));
}

void lpush(Call& call) { push(call, End::left, false); }
void rpush(Call& call) { push(call, End::right, false); }
void lpushx(Call& call) { push(call, End::left, true); }
void rpushx(Call& call) { push(call, End::right, true); }

void pop_many(Call& call, const Held<ListBox>& list, std::int64_t count, End end) {
  const auto taken = std::min(list->size(), static_cast<std::size_t>(count));
  call.out.array(taken);
  for (std::size_t i = 0; i < taken; ++i) call.out.bulk(list->pop(end));
  if (taken > 0) call.keys().settle(*list.entry);
}

void pop(Call& call, End end) {
  if (call.count() > 3) return call.wrong_arity();
  std::optional<std::int64_t> count;
  if (call.count() == 3) {
    count = call.integer(2, "ERR value is out of range, must be positive");
    if (!count) return;
    if (*count < 0) return call.error("ERR value is out of range, must be positive");
  }
  const auto list = call.fetch<ListBox>(call.args[1], Use::write);
  if (!list) return;
  if (!*list) return count ? call.out.nil_array() : call.out.nil();
  if (count) return pop_many(call, *list, *count, end);
  call.out.bulk((*list)->pop(end));
  call.keys().settle(*list->entry);
}

void lpop(Call& call) { pop(call, End::left); }
void rpop(Call& call) { pop(call, End::right); }

/// The first list among the keys that is there; true when it answered.
bool pop_first(Call& call, End end) {
  for (const auto key : call.args.subspan(1, call.count() - 2)) {
    const auto list = call.fetch<ListBox>(key, Use::write);
    if (!list) return true;
    if (!*list) continue;
    call.out.array(2);
    call.out.bulk(key);
    call.out.bulk((*list)->pop(end));
    call.keys().settle(*list->entry);
    return true;
  }
  return false;
}

void blocking_pop(Call& call, End end) {
  const auto until = take_timeout(call, call.count() - 1);
  if (until && !pop_first(call, end)) wait_or_nil(call, *until, nil_array);
}

void blpop(Call& call) { blocking_pop(call, End::left); }
void brpop(Call& call) { blocking_pop(call, End::right); }

void llen(Call& call) {
  if (const auto list = call.fetch<ListBox>(call.args[1], Use::read)) call.out.integer(*list ? static_cast<std::int64_t>((*list)->size()) : 0);
}

void lrange(Call& call) {
  const auto start = call.integer(2);
  if (!start) return;
  const auto stop = call.integer(3);
  if (!stop) return;
  const auto list = call.fetch<ListBox>(call.args[1], Use::read);
  if (!list) return;
  const auto span = *list ? clamp_range(*start, *stop, (*list)->size()) : std::nullopt;
  call.out.array(span ? span->count : 0);
  for (std::size_t i = 0; span && i < span->count; ++i) call.out.bulk((*list)->at(span->first + i));
}

constexpr std::array kCommands{
    Command{"lpush", -3, kWrite | kDenyOom | kFast, 1, 1, 1, "list", "1.0.0", "Puts values in front of a list.", lpush},
    Command{"rpush", -3, kWrite | kDenyOom | kFast, 1, 1, 1, "list", "1.0.0", "Puts values at the end of a list.", rpush},
    Command{"lpushx", -3, kWrite | kDenyOom | kFast, 1, 1, 1, "list", "2.2.0",
            "Puts values in front of a list that exists.", lpushx},
    Command{"rpushx", -3, kWrite | kDenyOom | kFast, 1, 1, 1, "list", "2.2.0",
            "Puts values at the end of a list that exists.", rpushx},
    Command{"lpop", -2, kWrite | kFast, 1, 1, 1, "list", "1.0.0", "Takes the first values.", lpop},
    Command{"rpop", -2, kWrite | kFast, 1, 1, 1, "list", "1.0.0", "Takes the last values.", rpop},
    Command{"blpop", -3, kWrite | kNoscript | kBlocking, 1, -2, 1, "list", "2.0.0",
            "Takes a first value, or waits for one.", blpop},
    Command{"brpop", -3, kWrite | kNoscript | kBlocking, 1, -2, 1, "list", "2.0.0",
            "Takes a last value, or waits for one.", brpop},
    Command{"llen", 2, kReadonly | kFast, 1, 1, 1, "list", "1.0.0", "The length of a list.", llen},
    Command{"lrange", 4, kReadonly, 1, 1, 1, "list", "1.0.0", "A range of a list.", lrange},
};

}  // namespace

std::span<const Command> list_commands() { return kCommands; }

}  // namespace chaos::redis
