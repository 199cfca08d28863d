// Commands that take several values out of the first of some lists or sorted sets (Redis 7.0).
#include "redis/blocking.hpp"
#include "redis/values/list_box.hpp"
#include "redis/values/text.hpp"
#include "redis/values/zset_box.hpp"

#include <algorithm>
#include <array>

namespace chaos::redis {
namespace {

using Use = Keyspace::Use;

struct ManyPop {
  Args keys;
  bool last = false;         // RIGHT or MAX
  std::size_t most = 1;
};

std::optional<bool> last_of(std::string_view word, std::string_view first, std::string_view last) {
  if (is_word(word, first)) return false;
  if (is_word(word, last)) return true;
  return std::nullopt;
}

/// numkeys key... FIRST|LAST [COUNT n], from args[at] on.
std::optional<ManyPop> take_plan(Call& call, std::size_t at, std::string_view first, std::string_view last) {
  const auto keys = call.integer(at, "ERR numkeys should be greater than 0");
  if (!keys) return std::nullopt;
  if (*keys <= 0) return call.error("ERR numkeys should be greater than 0"), std::nullopt;
  const auto count = call.count();
  const auto where = at + 1 + static_cast<std::size_t>(*keys);
  if (*keys > static_cast<std::int64_t>(count) || where >= count) return call.syntax_error(), std::nullopt;
  const auto end = last_of(call.args[where], first, last);
  const bool counted = count == where + 3 && is_word(call.args[where + 1], "count");
  if (!end || (count != where + 1 && !counted)) return call.syntax_error(), std::nullopt;
  std::optional<std::int64_t> most = 1;
  if (counted) most = call.integer(where + 2, "ERR count should be greater than 0");
  if (!most) return std::nullopt;
  if (*most <= 0) return call.error("ERR count should be greater than 0"), std::nullopt;
  return ManyPop{call.args.subspan(at + 1, static_cast<std::size_t>(*keys)), *end, static_cast<std::size_t>(*most)};
}

void take(Call& call, ListBox& list, bool last) { call.out.bulk(list.pop(last ? ListBox::End::right : ListBox::End::left)); }

void take(Call& call, ZSetBox& set, bool last) {
  const auto at = set.at(last ? set.size() - 1 : 0);
  const std::string member(at->member);
  call.out.array(2);
  call.out.bulk(member);
  call.out.number(at->score);
  set.erase(member);
}

/// True when it answered; false when all keys are empty.
template <class Box>
bool pop(Call& call, const ManyPop& plan) {
  for (const auto key : plan.keys) {
    const auto held = call.fetch<Box>(key, Use::write);
    if (!held) return true;
    if (!*held) continue;
    const auto taken = std::min<std::size_t>((*held)->size(), plan.most);
    call.out.array(2);
    call.out.bulk(key);
    call.out.array(taken);
    for (std::size_t i = 0; i < taken; ++i) take(call, *held->box, plan.last);
    call.keys().settle(*held->entry);
    return true;
  }
  return false;
}

template <class Box>
void now(Call& call, std::string_view first, std::string_view last) {
  const auto plan = take_plan(call, 1, first, last);
  if (plan && !pop<Box>(call, *plan)) call.out.nil_array();
}

template <class Box>
void wait(Call& call, std::string_view first, std::string_view last) {
  const auto plan = take_plan(call, 2, first, last);
  const auto until = plan ? take_timeout(call, 1) : std::nullopt;
  if (until && !pop<Box>(call, *plan)) wait_or_nil(call, *until, nil_array);
}

void lmpop(Call& call) { now<ListBox>(call, "left", "right"); }
void blmpop(Call& call) { wait<ListBox>(call, "left", "right"); }
void zmpop(Call& call) { now<ZSetBox>(call, "min", "max"); }
void bzmpop(Call& call) { wait<ZSetBox>(call, "min", "max"); }

constexpr std::array kCommands{
    Command{"lmpop", -4, kWrite | kMovableKeys, 0, 0, 0, "list", "7.0.0",
            "Takes values from the first list that has some.", lmpop, {}, 1},
    Command{"blmpop", -5, kWrite | kBlocking | kMovableKeys, 0, 0, 0, "list", "7.0.0",
            "LMPOP, or waits for a value.", blmpop, {}, 2},
    Command{"zmpop", -4, kWrite | kMovableKeys, 0, 0, 0, "sorted-set", "7.0.0",
            "Takes members from the first sorted set that has some.", zmpop, {}, 1},
    Command{"bzmpop", -5, kWrite | kBlocking | kMovableKeys, 0, 0, 0, "sorted-set", "7.0.0",
            "ZMPOP, or waits for a member.", bzmpop, {}, 2},
};

}  // namespace

std::span<const Command> many_pop_commands() { return kCommands; }

}  // namespace chaos::redis
