// Commands on one set (https://redis.io/docs/latest/commands/?group=set).
#include "redis/command.hpp"
#include "redis/values/set_box.hpp"

#include <array>

namespace chaos::redis {
namespace {

using Use = Keyspace::Use;
constexpr std::int64_t kMostDrawn = 1'000'000;     // of a draw with repetition

void sadd(Call& call) {
  auto set = call.fetch<SetBox>(call.args[1], Use::write);
  if (!set) return;
  call.make(*set, call.args[1]);
  std::int64_t fresh = 0;
  for (const auto member : call.args.subspan(2)) fresh += (*set)->insert(member);
  if (fresh > 0) call.keys().settle(*set->entry);
  call.out.integer(fresh);
}

void srem(Call& call) {
  const auto set = call.fetch<SetBox>(call.args[1], Use::write);
  if (!set) return;
  std::int64_t gone = 0;
  for (std::size_t i = 2; *set && i < call.count(); ++i) gone += (*set)->erase(call.args[i]);
  if (gone > 0) call.keys().settle(*set->entry);
  call.out.integer(gone);
}

void scard(Call& call) {
  if (const auto set = call.fetch<SetBox>(call.args[1], Use::read)) call.out.integer(*set ? static_cast<std::int64_t>((*set)->size()) : 0);
}

void sismember(Call& call) {
  if (const auto set = call.fetch<SetBox>(call.args[1], Use::read)) call.out.integer(*set && (*set)->contains(call.args[2]));
}

void smismember(Call& call) {
  const auto set = call.fetch<SetBox>(call.args[1], Use::read);
  if (!set) return;
  call.out.array(call.count() - 2);
  for (const auto member : call.args.subspan(2)) call.out.integer(*set && (*set)->contains(member));
}

void smembers(Call& call) {
  const auto set = call.fetch<SetBox>(call.args[1], Use::read);
  if (!set) return;
  call.out.set(*set ? (*set)->size() : 0);
  if (*set) (*set)->for_each([&](std::string_view member) { call.out.bulk(member); });
}

void smove(Call& call) {
  const auto source = call.fetch<SetBox>(call.args[1], Use::write);
  if (!source) return;
  if (!*source) return call.out.integer(0);
  auto target = call.fetch<SetBox>(call.args[2], Use::write);
  if (!target) return;
  if (call.args[1] == call.args[2]) return call.out.integer((*source)->contains(call.args[3]));
  if (!(*source)->erase(call.args[3])) return call.out.integer(0);
  call.keys().settle(*source->entry);
  call.make(*target, call.args[2]);
  (*target)->insert(call.args[3]);
  call.keys().settle(*target->entry);
  call.out.integer(1);
}

void pop_many(Call& call, const Held<SetBox>& set, std::size_t count) {
  const auto taken = std::min(count, set ? set->size() : 0);
  call.out.set(taken);
  for (std::size_t i = 0; i < taken; ++i) {
    const auto member = set->random(call.keys().rng());
    set->erase(member);
    call.out.bulk(member);
  }
  if (taken > 0) call.keys().settle(*set.entry);
}

void spop(Call& call) {
  if (call.count() > 3) return call.syntax_error();
  std::optional<std::int64_t> count;
  if (call.count() == 3) {
    count = call.integer(2, "ERR value is out of range, must be positive");
    if (!count) return;
    if (*count < 0) return call.error("ERR value is out of range, must be positive");
  }
  const auto set = call.fetch<SetBox>(call.args[1], Use::write);
  if (!set) return;
  if (count) return pop_many(call, *set, static_cast<std::size_t>(*count));
  if (!*set) return call.out.nil();
  const auto member = (*set)->random(call.keys().rng());
  (*set)->erase(member);
  call.keys().settle(*set->entry);
  call.out.bulk(member);
}

/// count below 0: so many draws, each by itself; else at most so many different ones.
std::vector<std::string> drawn(Call& call, const SetBox& set, std::int64_t count) {
  std::vector<std::string> out;
  if (count < 0) {
    for (; count < 0; ++count) out.push_back(set.random(call.keys().rng()));
    return out;
  }
  set.for_each([&](std::string_view member) { out.emplace_back(member); });
  const auto wanted = std::min(out.size(), static_cast<std::size_t>(count));
  for (std::size_t i = 0; wanted < out.size() && i < wanted; ++i) std::swap(out[i], out[i + call.keys().rng().below(out.size() - i)]);
  out.resize(wanted);
  return out;
}

void srandmember(Call& call) {
  if (call.count() > 3) return call.syntax_error();
  std::optional<std::int64_t> count;
  if (call.count() == 3 && !(count = call.integer(2))) return;
  if (count && *count < -kMostDrawn) return call.error("ERR value is out of range");
  const auto set = call.fetch<SetBox>(call.args[1], Use::read);
  if (!set) return;
  if (!count) return *set ? call.out.bulk((*set)->random(call.keys().rng())) : call.out.nil();
  const auto members = *set ? drawn(call, *set->box, *count) : std::vector<std::string>{};
  call.out.array(members.size());
  for (const auto& member : members) call.out.bulk(member);
}

constexpr std::array kCommands{
    Command{"sadd", -3, kWrite | kDenyOom | kFast, 1, 1, 1, "set", "1.0.0", "Adds members to a set.", sadd},
    Command{"srem", -3, kWrite | kFast, 1, 1, 1, "set", "1.0.0", "Removes members.", srem},
    Command{"scard", 2, kReadonly | kFast, 1, 1, 1, "set", "1.0.0", "How many members there are.", scard},
    Command{"sismember", 3, kReadonly | kFast, 1, 1, 1, "set", "1.0.0", "Whether it is a member.", sismember},
    Command{"smismember", -3, kReadonly | kFast, 1, 1, 1, "set", "6.2.0", "Whether each is a member.", smismember},
    Command{"smembers", 2, kReadonly, 1, 1, 1, "set", "1.0.0", "All members.", smembers},
    Command{"smove", 4, kWrite | kFast, 1, 2, 1, "set", "1.0.0", "Moves a member to another set.", smove},
    Command{"spop", -2, kWrite | kFast, 1, 1, 1, "set", "1.0.0", "Takes members by chance.", spop},
    Command{"srandmember", -2, kReadonly, 1, 1, 1, "set", "1.0.0", "Members by chance.", srandmember},
};

}  // namespace

std::span<const Command> set_commands() { return kCommands; }

}  // namespace chaos::redis
