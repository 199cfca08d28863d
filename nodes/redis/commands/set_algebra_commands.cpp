// Intersection, union and difference of sets.
#include "redis/command.hpp"
#include "redis/commands/card_limit.hpp"
#include "redis/values/set_box.hpp"
#include "redis/values/text.hpp"

#include <array>

namespace chaos::redis {
namespace {

using Use = Keyspace::Use;
using Sets = std::vector<const SetBox*>;      // null: no such key
enum class Algebra { inter, unite, diff };

std::optional<Sets> take_sets(Call& call, Args keys) {
  Sets out;
  for (const auto key : keys) {
    const auto set = call.fetch<SetBox>(key, Use::read);
    if (!set) return std::nullopt;
    out.push_back(set->box);
  }
  return out;
}

/// At most `most` members of the intersection.
std::unique_ptr<SetBox> intersection(const Sets& sets, std::size_t most) {
  auto out = std::make_unique<SetBox>();
  if (std::find(sets.begin(), sets.end(), nullptr) != sets.end()) return out;
  const auto* smallest = *std::min_element(sets.begin(), sets.end(), [](auto* a, auto* b) { return a->size() < b->size(); });
  smallest->for_each([&](std::string_view member) {
    if (out->size() < most && std::all_of(sets.begin(), sets.end(), [&](auto* set) { return set->contains(member); })) out->insert(member);
  });
  return out;
}

std::unique_ptr<SetBox> combined(const Sets& sets, Algebra how) {
  if (how == Algebra::inter) return intersection(sets, SIZE_MAX);
  auto out = std::make_unique<SetBox>();
  for (std::size_t i = 0; i < sets.size(); ++i) {
    const bool adds = how == Algebra::unite || i == 0;
    if (sets[i]) sets[i]->for_each([&](std::string_view member) { adds ? out->insert(member) : out->erase(member); });
  }
  return out;
}

void answer(Call& call, Algebra how) {
  const auto sets = take_sets(call, call.args.subspan(1));
  if (!sets) return;
  const auto result = combined(*sets, how);
  call.out.set(result->size());
  result->for_each([&](std::string_view member) { call.out.bulk(member); });
}

void store(Call& call, Algebra how) {
  const auto sets = take_sets(call, call.args.subspan(2));
  if (!sets) return;
  auto result = combined(*sets, how);
  call.out.integer(static_cast<std::int64_t>(result->size()));
  Entry* old = call.find(1, Use::write);
  if (result->size() > 0) call.keys().put(call.args[1], std::move(result));
  else if (old) call.keys().erase(*old);
}

void sinter(Call& call) { answer(call, Algebra::inter); }
void sunion(Call& call) { answer(call, Algebra::unite); }
void sdiff(Call& call) { answer(call, Algebra::diff); }
void sinterstore(Call& call) { store(call, Algebra::inter); }
void sunionstore(Call& call) { store(call, Algebra::unite); }
void sdiffstore(Call& call) { store(call, Algebra::diff); }

void sintercard(Call& call) {
  const auto keys = call.integer(1, "ERR numkeys should be greater than 0");
  if (!keys) return;
  if (*keys <= 0) return call.error("ERR numkeys should be greater than 0");
  if (*keys > static_cast<std::int64_t>(call.count()) - 2) return call.error("ERR Number of keys can't be greater than number of args");
  const auto most = take_card_limit(call, static_cast<std::size_t>(*keys) + 2);
  if (!most) return;
  const auto sets = take_sets(call, call.args.subspan(2, static_cast<std::size_t>(*keys)));
  if (sets) call.out.integer(static_cast<std::int64_t>(intersection(*sets, *most)->size()));
}

constexpr std::array kCommands{
    Command{"sinter", -2, kReadonly, 1, -1, 1, "set", "1.0.0", "The members that all sets have.", sinter},
    Command{"sunion", -2, kReadonly, 1, -1, 1, "set", "1.0.0", "The members that any set has.", sunion},
    Command{"sdiff", -2, kReadonly, 1, -1, 1, "set", "1.0.0", "The members of the first set that no other has.", sdiff},
    Command{"sinterstore", -3, kWrite | kDenyOom, 1, -1, 1, "set", "1.0.0", "SINTER into a key.", sinterstore},
    Command{"sunionstore", -3, kWrite | kDenyOom, 1, -1, 1, "set", "1.0.0", "SUNION into a key.", sunionstore},
    Command{"sdiffstore", -3, kWrite | kDenyOom, 1, -1, 1, "set", "1.0.0", "SDIFF into a key.", sdiffstore},
    Command{"sintercard", -3, kReadonly | kMovableKeys, 0, 0, 0, "set", "7.0.0",
            "How many members all sets have.", sintercard, {}, 1},
};

}  // namespace

std::span<const Command> set_algebra_commands() { return kCommands; }

}  // namespace chaos::redis
