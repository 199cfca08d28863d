// ZRANGE in all its forms, and what counts or removes ranges.
#include "redis/command.hpp"
#include "redis/values/text.hpp"
#include "redis/values/zset_range.hpp"

#include <array>

namespace chaos::redis {
namespace {

using Use = Keyspace::Use;
enum class By { rank, score, lex };

struct Query {
  By by = By::rank;
  bool reverse = false, with_scores = false;
  std::int64_t offset = 0, limit = -1;
  bool limited = false;
};

/// The options behind `from`; `fixed`: an old form, whose name has chosen by and reverse already.
std::optional<Query> take_query(Call& call, std::size_t from, Query query, bool fixed, bool scores = true) {
  for (std::size_t i = from; i < call.count(); ++i) {
    const auto word = call.args[i];
    if (scores && is_word(word, "withscores") && !(fixed && query.by == By::lex)) {
      query.with_scores = true;
    } else if (is_word(word, "limit") && i + 2 < call.count() && !(fixed && query.by == By::rank)) {
      const auto offset = call.integer(i + 1), limit = offset ? call.integer(i + 2) : std::nullopt;
      if (!limit) return std::nullopt;
      query.offset = *offset, query.limit = *limit, query.limited = true;
      i += 2;
    } else if (!fixed && is_word(word, "rev")) {
      query.reverse = true;
    } else if (!fixed && is_word(word, "byscore")) {
      query.by = By::score;
    } else if (!fixed && is_word(word, "bylex")) {
      query.by = By::lex;
    } else {
      return call.syntax_error(), std::nullopt;
    }
  }
  if (query.limited && query.by == By::rank) {
    return call.error("ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX"), std::nullopt;
  }
  if (query.with_scores && query.by == By::lex) {
    return call.error("ERR syntax error, WITHSCORES not supported in combination with BYLEX"), std::nullopt;
  }
  return query;
}

using Find = std::function<Ranks(const ZSetBox&)>;

/// Reads the bounds at args[at] and args[at + 1]; nothing after an answered error.
std::optional<Find> take_bounds(Call& call, std::size_t at, const Query& query) {
  const bool swapped = query.reverse && query.by != By::rank;
  const auto first = call.args[swapped ? at + 1 : at], second = call.args[swapped ? at : at + 1];
  if (query.by == By::score) {
    const auto min = score_bound(first), max = score_bound(second);
    if (!min || !max) return call.error("ERR min or max is not a float"), std::nullopt;
    return [=](const ZSetBox& set) { return ranks_by_score(set, *min, *max); };
  }
  if (query.by == By::lex) {
    const auto min = lex_bound(first), max = lex_bound(second);
    if (!min || !max) return call.error("ERR min or max not valid string range item"), std::nullopt;
    return [=](const ZSetBox& set) { return ranks_by_lex(set, *min, *max); };
  }
  const auto start = call.integer(at), stop = start ? call.integer(at + 1) : std::nullopt;
  if (!stop) return std::nullopt;
  return [=, reverse = query.reverse](const ZSetBox& set) -> Ranks {
    const auto span = clamp_range(*start, *stop, set.size());
    if (!span) return {};
    if (reverse) return {set.size() - span->first - span->count, set.size() - span->first};
    return {span->first, span->first + span->count};
  };
}

/// What LIMIT leaves of a range.
Ranks limited(Ranks ranks, const Query& query) {
  if (ranks.low >= ranks.high || query.offset < 0) return {};
  const auto size = ranks.high - ranks.low;
  const auto skipped = std::min(size, static_cast<std::size_t>(query.offset));
  const auto left = query.limit < 0 ? size - skipped : std::min(size - skipped, static_cast<std::size_t>(query.limit));
  if (query.reverse) return {ranks.high - skipped - left, ranks.high - skipped};
  return {ranks.low + skipped, ranks.low + skipped + left};
}

template <class Visit>
void visit_range(const ZSetBox& set, Ranks ranks, bool reverse, Visit&& visit) {
  if (ranks.low >= ranks.high) return;
  auto at = set.at(reverse ? ranks.high - 1 : ranks.low);
  for (std::size_t i = ranks.low; i < ranks.high; ++i) {
    visit(*at);
    if (i + 1 == ranks.high) break;
    if (reverse) --at;
    else ++at;
  }
}

void answer_range(Call& call, Query query, std::size_t options_at, bool fixed) {
  const auto whole = take_query(call, options_at, query, fixed);
  if (!whole) return;
  const auto find = take_bounds(call, 2, *whole);
  if (!find) return;
  const auto set = call.fetch<ZSetBox>(call.args[1], Use::read);
  if (!set) return;
  const auto ranks = *set ? limited((*find)(*set->box), *whole) : Ranks{};
  const auto size = ranks.high - ranks.low;
  const bool nested = whole->with_scores && call.out.protocol() >= 3;
  call.out.array(size * (whole->with_scores && !nested ? 2 : 1));
  if (!*set) return;
  visit_range(*set->box, ranks, whole->reverse, [&](const ZSetBox::Ranked& item) {
    if (nested) call.out.array(2);
    call.out.bulk(item.member);
    if (whole->with_scores) call.out.number(item.score);
  });
}

void zrange(Call& call) { answer_range(call, {}, 4, false); }
void zrevrange(Call& call) { answer_range(call, {By::rank, true}, 4, true); }
void zrangebyscore(Call& call) { answer_range(call, {By::score, false}, 4, true); }
void zrevrangebyscore(Call& call) { answer_range(call, {By::score, true}, 4, true); }
void zrangebylex(Call& call) { answer_range(call, {By::lex, false}, 4, true); }
void zrevrangebylex(Call& call) { answer_range(call, {By::lex, true}, 4, true); }

void zrangestore(Call& call) {
  const auto query = take_query(call, 5, {}, false, false);
  if (!query) return;
  const auto find = take_bounds(call, 3, *query);
  if (!find) return;
  const auto set = call.fetch<ZSetBox>(call.args[2], Use::read);
  if (!set) return;
  auto result = std::make_unique<ZSetBox>();
  if (*set) visit_range(*set->box, limited((*find)(*set->box), *query), false, [&](const auto& item) { result->set(item.member, item.score); });
  call.out.integer(static_cast<std::int64_t>(result->size()));
  Entry* old = call.find(1, Use::write);
  if (result->size() > 0) call.keys().put(call.args[1], std::move(result));
  else if (old) call.keys().erase(*old);
}

void count_range(Call& call, By by) {
  const auto find = take_bounds(call, 2, {by});
  if (!find) return;
  const auto set = call.fetch<ZSetBox>(call.args[1], Use::read);
  if (!set) return;
  const auto ranks = *set ? (*find)(*set->box) : Ranks{};
  call.out.integer(ranks.high > ranks.low ? static_cast<std::int64_t>(ranks.high - ranks.low) : 0);
}

void remove_range(Call& call, By by) {
  const auto find = take_bounds(call, 2, {by});
  if (!find) return;
  const auto set = call.fetch<ZSetBox>(call.args[1], Use::write);
  if (!set) return;
  std::vector<std::string> members;
  if (*set) visit_range(*set->box, (*find)(*set->box), false, [&](const auto& item) { members.emplace_back(item.member); });
  for (const auto& member : members) (*set)->erase(member);
  if (!members.empty()) call.keys().settle(*set->entry);
  call.out.integer(static_cast<std::int64_t>(members.size()));
}

void zcount(Call& call) { count_range(call, By::score); }
void zlexcount(Call& call) { count_range(call, By::lex); }
void zremrangebyscore(Call& call) { remove_range(call, By::score); }
void zremrangebylex(Call& call) { remove_range(call, By::lex); }
void zremrangebyrank(Call& call) { remove_range(call, By::rank); }

constexpr std::array kCommands{
    Command{"zrange", -4, kReadonly, 1, 1, 1, "sorted-set", "1.2.0", "Members by rank, score or name.", zrange},
    Command{"zrevrange", -4, kReadonly, 1, 1, 1, "sorted-set", "1.2.0", "Members by rank, the highest score first.", zrevrange},
    Command{"zrangebyscore", -4, kReadonly, 1, 1, 1, "sorted-set", "1.0.5", "Members by score.", zrangebyscore},
    Command{"zrevrangebyscore", -4, kReadonly, 1, 1, 1, "sorted-set", "2.2.0",
            "Members by score, the highest first.", zrevrangebyscore},
    Command{"zrangebylex", -4, kReadonly, 1, 1, 1, "sorted-set", "2.8.9", "Members by name.", zrangebylex},
    Command{"zrevrangebylex", -4, kReadonly, 1, 1, 1, "sorted-set", "2.8.9", "Members by name, the last first.", zrevrangebylex},
    Command{"zrangestore", -5, kWrite | kDenyOom, 1, 2, 1, "sorted-set", "6.2.0", "ZRANGE into a key.", zrangestore},
    Command{"zcount", 4, kReadonly | kFast, 1, 1, 1, "sorted-set", "2.0.0", "How many members a range of scores has.", zcount},
    Command{"zlexcount", 4, kReadonly | kFast, 1, 1, 1, "sorted-set", "2.8.9",
            "How many members a range of names has.", zlexcount},
    Command{"zremrangebyscore", 4, kWrite, 1, 1, 1, "sorted-set", "1.2.0", "Removes a range of scores.", zremrangebyscore},
    Command{"zremrangebylex", 4, kWrite, 1, 1, 1, "sorted-set", "2.8.9", "Removes a range of names.", zremrangebylex},
    Command{"zremrangebyrank", 4, kWrite, 1, 1, 1, "sorted-set", "2.0.0", "Removes a range of ranks.", zremrangebyrank},
};

}  // namespace

std::span<const Command> zset_range_commands() { return kCommands; }

}  // namespace chaos::redis
