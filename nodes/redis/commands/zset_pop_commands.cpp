// Commands that take members out of sorted sets, or draw them.
#include "redis/blocking.hpp"
#include "redis/values/text.hpp"
#include "redis/values/zset_box.hpp"

#include <array>

namespace chaos::redis {
namespace {

using Use = Keyspace::Use;
constexpr std::int64_t kMostDrawn = 1'000'000;     // of a draw with repetition

/// Takes the lowest or the highest member, without settling the key.
std::pair<std::string, double> take(ZSetBox& set, bool highest) {
  const auto at = set.at(highest ? set.size() - 1 : 0);
  std::pair<std::string, double> out(at->member, at->score);
  set.erase(out.first);
  return out;
}

void pop(Call& call, bool highest) {
  if (call.count() > 3) return call.syntax_error();
  const bool counted = call.count() == 3;
  std::optional<std::int64_t> count = 1;
  if (counted) count = call.integer(2, "ERR value is out of range, must be positive");
  if (!count) return;
  if (*count < 0) return call.error("ERR value is out of range, must be positive");
  const auto set = call.fetch<ZSetBox>(call.args[1], Use::write);
  if (!set) return;
  const auto taken = *set ? std::min((*set)->size(), static_cast<std::size_t>(*count)) : 0;
  const bool nested = counted && call.out.protocol() >= 3;
  call.out.array(nested ? taken : 2 * taken);
  for (std::size_t i = 0; i < taken; ++i) {
    const auto [member, score] = take(*set->box, highest);
    if (nested) call.out.array(2);
    call.out.bulk(member);
    call.out.number(score);
  }
  if (taken > 0) call.keys().settle(*set->entry);
}

void zpopmin(Call& call) { pop(call, false); }
void zpopmax(Call& call) { pop(call, true); }

void blocking_pop(Call& call, bool highest) {
  const auto until = take_timeout(call, call.count() - 1);
  if (!until) return;
  for (const auto key : call.args.subspan(1, call.count() - 2)) {
    const auto set = call.fetch<ZSetBox>(key, Use::write);
    if (!set) return;
    if (!*set) continue;
    const auto [member, score] = take(*set->box, highest);
    call.out.array(3);
    call.out.bulk(key), call.out.bulk(member), call.out.number(score);
    return call.keys().settle(*set->entry);
  }
  wait_or_nil(call, *until, nil_array);
}

void bzpopmin(Call& call) { blocking_pop(call, false); }
void bzpopmax(Call& call) { blocking_pop(call, true); }

void answer_drawn(Call& call, const Held<ZSetBox>& set, std::int64_t count, bool with_scores) {
  std::vector<ZSetBox::Ranked> drawn;
  if (set && count < 0) {
    for (; count < 0; ++count) drawn.push_back(set->random(call.keys().rng()));
  } else if (set) {
    drawn.assign(set->order().begin(), set->order().end());
    const auto wanted = std::min(drawn.size(), static_cast<std::size_t>(count));
    for (std::size_t i = 0; wanted < drawn.size() && i < wanted; ++i) std::swap(drawn[i], drawn[i + call.keys().rng().below(drawn.size() - i)]);
    drawn.resize(wanted);
  }
  const bool nested = with_scores && call.out.protocol() >= 3;
  call.out.array(drawn.size() * (with_scores && !nested ? 2 : 1));
  for (const auto& [score, member] : drawn) {
    if (nested) call.out.array(2);
    call.out.bulk(member);
    if (with_scores) call.out.number(score);
  }
}

void zrandmember(Call& call) {
  std::optional<std::int64_t> count;
  if (call.count() > 2 && !(count = call.integer(2))) return;
  const bool with_scores = call.count() == 4 && is_word(call.args[3], "withscores");
  if (call.count() > 4 || (call.count() == 4 && !with_scores)) return call.syntax_error();
  if (count && *count < -kMostDrawn) return call.error("ERR value is out of range");
  const auto set = call.fetch<ZSetBox>(call.args[1], Use::read);
  if (!set) return;
  if (count) return answer_drawn(call, *set, *count, with_scores);
  if (*set) return call.out.bulk((*set)->random(call.keys().rng()).member);
  call.out.nil();
}

constexpr std::array kCommands{
    Command{"zpopmin", -2, kWrite | kFast, 1, 1, 1, "sorted-set", "5.0.0", "Takes the members with the lowest scores.", zpopmin},
    Command{"zpopmax", -2, kWrite | kFast, 1, 1, 1, "sorted-set", "5.0.0", "Takes the members with the highest scores.", zpopmax},
    Command{"bzpopmin", -3, kWrite | kNoscript | kBlocking | kFast, 1, -2, 1, "sorted-set", "5.0.0",
            "ZPOPMIN of the first set that has members, or waits.", bzpopmin},
    Command{"bzpopmax", -3, kWrite | kNoscript | kBlocking | kFast, 1, -2, 1, "sorted-set", "5.0.0",
            "ZPOPMAX of the first set that has members, or waits.", bzpopmax},
    Command{"zrandmember", -2, kReadonly, 1, 1, 1, "sorted-set", "6.2.0", "Members by chance.", zrandmember},
};

}  // namespace

std::span<const Command> zset_pop_commands() { return kCommands; }

}  // namespace chaos::redis
