// SCAN, HSCAN, SSCAN, ZSCAN. What is there from the first call to the last is given, once at least.
#include "redis/command.hpp"
#include "redis/values/glob.hpp"
#include "redis/values/hash_box.hpp"
#include "redis/values/set_box.hpp"
#include "redis/values/text.hpp"
#include "redis/values/zset_box.hpp"

#include <array>
#include <charconv>

namespace chaos::redis {
namespace {

struct ScanPlan {
  std::uint64_t cursor = 0;
  std::int64_t count = 10;
  std::string_view match = "*";
  std::optional<std::string> type;
};

std::optional<ScanPlan> take_plan(Call& call, std::size_t at) {
  ScanPlan plan;
  const auto text = call.args[at];
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), plan.cursor);
  if (code != std::errc() || end != text.data() + text.size()) return call.error("ERR invalid cursor"), std::nullopt;
  for (std::size_t i = at + 1; i < call.count(); i += 2) {
    if (i + 1 == call.count()) return call.syntax_error(), std::nullopt;
    if (is_word(call.args[i], "match")) {
      plan.match = call.args[i + 1];
    } else if (at == 1 && is_word(call.args[i], "type")) {
      plan.type = lower(call.args[i + 1]);
    } else if (is_word(call.args[i], "count")) {
      const auto count = call.integer(i + 1);
      if (!count) return std::nullopt;
      if (*count < 1) return call.syntax_error(), std::nullopt;
      plan.count = *count;
    } else {
      return call.syntax_error(), std::nullopt;
    }
  }
  return plan;
}

/// Steps until `count` elements were seen, or ten times as many buckets of a sparse table; step gives the next cursor.
template <class Step>
void walk(ScanPlan& plan, const std::int64_t& seen, Step&& step) {
  std::int64_t steps = plan.count > INT64_MAX / 10 ? INT64_MAX : plan.count * 10;
  do plan.cursor = step(plan.cursor);
  while (plan.cursor != 0 && seen < plan.count && --steps > 0);
}

void answer(Call& call, std::uint64_t cursor, const std::vector<std::string>& found) {
  call.out.array(2);
  call.out.bulk(std::to_string(cursor));
  call.out.array(found.size());
  for (const auto& text : found) call.out.bulk(text);
}

void scan(Call& call) {
  auto plan = take_plan(call, 1);
  if (!plan) return;
  std::vector<std::string> found;
  std::int64_t seen = 0;
  const auto visit = [&](const Entry& entry) {
    ++seen;
    if (entry.expires <= call.now || (plan->type && *plan->type != type_name(entry.type()))) return;
    if (glob_match(plan->match, entry.key)) found.push_back(entry.key);
  };
  walk(*plan, seen, [&](std::uint64_t cursor) { return call.keys().scan(cursor, visit); });
  answer(call, plan->cursor, found);
}

void hscan(Call& call) {
  auto plan = take_plan(call, 2);
  if (!plan) return;
  const auto hash = call.fetch<HashBox>(call.args[1], Call::Use::read);
  if (!hash) return;
  std::vector<std::string> found;
  std::int64_t seen = 0;
  const HashBox::Visit visit = [&](const std::string& field, const std::string& value) {
    ++seen;
    if (glob_match(plan->match, field)) found.push_back(field), found.push_back(value);
  };
  if (*hash) walk(*plan, seen, [&](std::uint64_t cursor) { return (*hash)->scan(cursor, visit); });
  answer(call, *hash ? plan->cursor : 0, found);
}

void sscan(Call& call) {
  auto plan = take_plan(call, 2);
  if (!plan) return;
  const auto set = call.fetch<SetBox>(call.args[1], Call::Use::read);
  if (!set) return;
  std::vector<std::string> found;
  std::int64_t seen = 0;
  const SetBox::Visit visit = [&](std::string_view member) {
    ++seen;
    if (glob_match(plan->match, member)) found.emplace_back(member);
  };
  if (*set) walk(*plan, seen, [&](std::uint64_t cursor) { return (*set)->scan(cursor, visit); });
  answer(call, *set ? plan->cursor : 0, found);
}

void zscan(Call& call) {
  auto plan = take_plan(call, 2);
  if (!plan) return;
  const auto set = call.fetch<ZSetBox>(call.args[1], Call::Use::read);
  if (!set) return;
  std::vector<std::string> found;
  std::int64_t seen = 0;
  const auto visit = [&](std::string_view member, double score) {
    ++seen;
    if (!glob_match(plan->match, member)) return;
    std::array<char, 64> text;
    found.emplace_back(member);
    found.emplace_back(text.data(), static_cast<std::size_t>(std::snprintf(text.data(), text.size(), "%.17g", score)));
  };
  if (*set) walk(*plan, seen, [&](std::uint64_t cursor) { return (*set)->scan(cursor, visit); });
  answer(call, *set ? plan->cursor : 0, found);
}

constexpr std::array kCommands{
    Command{"scan", -2, kReadonly, 0, 0, 0, "generic", "2.8.0", "Steps through the keys.", scan},
    Command{"hscan", -3, kReadonly, 1, 1, 1, "hash", "2.8.0", "Steps through the fields of a hash.", hscan},
    Command{"sscan", -3, kReadonly, 1, 1, 1, "set", "2.8.0", "Steps through the members of a set.", sscan},
    Command{"zscan", -3, kReadonly, 1, 1, 1, "sorted-set", "2.8.0", "Steps through the members of a sorted set.", zscan},
};

}  // namespace

std::span<const Command> scan_commands() { return kCommands; }

}  // namespace chaos::redis
