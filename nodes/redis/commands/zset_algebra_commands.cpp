// Intersection, union and difference of sorted sets (and of sets, whose members score 1).
#include "redis/command.hpp"
#include "redis/commands/card_limit.hpp"
#include "redis/values/set_box.hpp"
#include "redis/values/text.hpp"
#include "redis/values/zset_box.hpp"

#include <array>
#include <cmath>

namespace chaos::redis {
namespace {

using Use = Keyspace::Use;
using Scores = std::map<std::string, double, std::less<>>;
enum class Algebra { inter, unite, diff };
enum class Aggregate { sum, min, max };

struct Plan {
  std::vector<std::string_view> keys;
  std::vector<double> weights;
  Aggregate aggregate = Aggregate::sum;
  bool with_scores = false;
};

bool take_option(Call& call, std::size_t& i, Plan& plan, Algebra how, bool stores) {
  const auto word = call.args[i];
  const bool weighs = how != Algebra::diff;
  if (weighs && is_word(word, "weights") && i + plan.keys.size() < call.count()) {
    for (auto& weight : plan.weights) {
      const auto value = call.real(++i, "ERR weight value is not a float");
      if (!value) return false;
      weight = *value;
    }
    return true;
  }
  if (weighs && is_word(word, "aggregate") && i + 1 < call.count()) {
    const auto rule = call.args[++i];
    plan.aggregate = is_word(rule, "min") ? Aggregate::min : is_word(rule, "max") ? Aggregate::max : Aggregate::sum;
    if (plan.aggregate != Aggregate::sum || is_word(rule, "sum")) return true;
  } else if (!stores && is_word(word, "withscores")) {
    return plan.with_scores = true;
  }
  return call.syntax_error(), false;
}

/// numkeys key..., from args[at] on.
std::optional<Plan> take_keys(Call& call, std::size_t at) {
  const auto keys = call.integer(at);
  if (!keys) return std::nullopt;
  if (*keys < 1) {
    return call.error("ERR at least 1 input key is needed for '" + std::string(call.command.name) + "' command"), std::nullopt;
  }
  if (*keys > static_cast<std::int64_t>(call.count() - at - 1)) return call.syntax_error(), std::nullopt;
  Plan plan;
  const auto given = call.args.subspan(at + 1, static_cast<std::size_t>(*keys));
  plan.keys.assign(given.begin(), given.end());
  plan.weights.assign(plan.keys.size(), 1);
  return plan;
}

/// numkeys key... [WEIGHTS w...] [AGGREGATE SUM|MIN|MAX] [WITHSCORES], from args[at] on.
std::optional<Plan> take_plan(Call& call, std::size_t at, Algebra how, bool stores) {
  auto plan = take_keys(call, at);
  for (std::size_t i = at + 1 + (plan ? plan->keys.size() : 0); plan && i < call.count(); ++i) {
    if (!take_option(call, i, *plan, how, stores)) return std::nullopt;
  }
  return plan;
}

/// The weighed scores of one key; nothing after an answered WRONGTYPE.
std::optional<Scores> scores_of(Call& call, std::string_view key, double weight) {
  Scores out;
  const Entry* entry = call.find(key, Use::read);
  if (!entry) return out;
  const auto weighed = [&](double score) {
    const double product = weight * score;
    return std::isnan(product) ? 0 : product;
  };
  if (entry->type() == Type::set) {
    static_cast<SetBox&>(*entry->box).for_each([&](std::string_view member) { out.emplace(member, weighed(1)); });
  } else if (entry->type() == Type::zset) {
    for (const auto& [score, member] : static_cast<ZSetBox&>(*entry->box).order()) out.emplace(member, weighed(score));
  } else {
    return call.error(kWrongType), std::nullopt;
  }
  return out;
}

double aggregated(double a, double b, Aggregate rule) {
  if (rule == Aggregate::min) return std::min(a, b);
  if (rule == Aggregate::max) return std::max(a, b);
  const double sum = a + b;
  return std::isnan(sum) ? 0 : sum;
}

void combine(Scores& into, const Scores& other, Algebra how, Aggregate rule) {
  if (how == Algebra::unite) {
    for (const auto& [member, score] : other) {
      const auto [at, fresh] = into.emplace(member, score);
      if (!fresh) at->second = aggregated(at->second, score, rule);
    }
    return;
  }
  for (auto at = into.begin(); at != into.end();) {
    const auto found = other.find(at->first);
    const bool stays = (how == Algebra::inter) == (found != other.end());
    if (stays && how == Algebra::inter) at->second = aggregated(at->second, found->second, rule);
    at = stays ? std::next(at) : into.erase(at);
  }
}

std::unique_ptr<ZSetBox> result_of(Call& call, const Plan& plan, Algebra how) {
  std::optional<Scores> result;
  for (std::size_t i = 0; i < plan.keys.size(); ++i) {
    auto scores = scores_of(call, plan.keys[i], plan.weights[i]);
    if (!scores) return nullptr;
    if (!result) result = std::move(*scores);
    else combine(*result, *scores, how, plan.aggregate);
  }
  auto out = std::make_unique<ZSetBox>();
  for (const auto& [member, score] : *result) out->set(member, score);
  return out;
}

void store(Call& call, Algebra how) {
  const auto plan = take_plan(call, 2, how, true);
  auto result = plan ? result_of(call, *plan, how) : nullptr;
  if (!result) return;
  call.out.integer(static_cast<std::int64_t>(result->size()));
  Entry* old = call.find(1, Use::write);
  if (result->size() > 0) call.keys().put(call.args[1], std::move(result));
  else if (old) call.keys().erase(*old);
}

void answer(Call& call, Algebra how) {
  const auto plan = take_plan(call, 1, how, false);
  const auto result = plan ? result_of(call, *plan, how) : nullptr;
  if (!result) return;
  const bool nested = plan->with_scores && call.out.protocol() >= 3;
  call.out.array(result->size() * (plan->with_scores && !nested ? 2 : 1));
  for (const auto& [score, member] : result->order()) {
    if (nested) call.out.array(2);
    call.out.bulk(member);
    if (plan->with_scores) call.out.number(score);
  }
}

void zinterstore(Call& call) { store(call, Algebra::inter); }
void zunionstore(Call& call) { store(call, Algebra::unite); }
void zdiffstore(Call& call) { store(call, Algebra::diff); }
void zinter(Call& call) { answer(call, Algebra::inter); }
void zunion(Call& call) { answer(call, Algebra::unite); }
void zdiff(Call& call) { answer(call, Algebra::diff); }

/// ZINTERCARD numkeys key... [LIMIT n]
void zintercard(Call& call) {
  const auto plan = take_keys(call, 1);
  if (!plan) return;
  const auto most = take_card_limit(call, 2 + plan->keys.size());
  if (!most) return;
  const auto result = result_of(call, *plan, Algebra::inter);
  if (!result) return;
  call.out.integer(static_cast<std::int64_t>(std::min<std::size_t>(result->size(), *most)));
}

constexpr std::array kCommands{
    Command{"zinterstore", -4, kWrite | kDenyOom | kMovableKeys, 1, 1, 1, "sorted-set", "2.0.0",
            "ZINTER into a key.", zinterstore, {}, 2},
    Command{"zunionstore", -4, kWrite | kDenyOom | kMovableKeys, 1, 1, 1, "sorted-set", "2.0.0",
            "ZUNION into a key.", zunionstore, {}, 2},
    Command{"zdiffstore", -4, kWrite | kDenyOom | kMovableKeys, 1, 1, 1, "sorted-set", "6.2.0",
            "ZDIFF into a key.", zdiffstore, {}, 2},
    Command{"zinter", -3, kReadonly | kMovableKeys, 0, 0, 0, "sorted-set", "6.2.0",
            "The members that all sets have.", zinter, {}, 1},
    Command{"zunion", -3, kReadonly | kMovableKeys, 0, 0, 0, "sorted-set", "6.2.0",
            "The members that any set has.", zunion, {}, 1},
    Command{"zdiff", -3, kReadonly | kMovableKeys, 0, 0, 0, "sorted-set", "6.2.0",
            "The members of the first set that no other has.", zdiff, {}, 1},
    Command{"zintercard", -3, kReadonly | kMovableKeys, 0, 0, 0, "sorted-set", "7.0.0",
            "How many members all sets have.", zintercard, {}, 1},
};

}  // namespace

std::span<const Command> zset_algebra_commands() { return kCommands; }

}  // namespace chaos::redis
