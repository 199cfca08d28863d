#include "redis/values/zset_range.hpp"

#include "redis/values/text.hpp"

#include <cmath>
#include <limits>

namespace chaos::redis {
namespace {

/// How many members score less than the bound, or as much when `with`.
std::size_t below(const ZSetBox& set, double score, bool with) {
  if (!with) return set.rank_of({score, {}});
  if (score == std::numeric_limits<double>::infinity()) return set.size();
  return set.rank_of({std::nextafter(score, std::numeric_limits<double>::infinity()), {}});
}

/// How many members stand before the bound, or at it when `with`.
std::size_t before(const ZSetBox& set, const LexBound& bound, bool with) {
  if (bound.at == LexBound::At::lowest || set.size() == 0) return 0;
  if (bound.at == LexBound::At::highest) return set.size();
  const double score = set.order().begin()->score;
  return set.rank_of({score, with ? bound.member + '\0' : bound.member});
}

}  // namespace

std::optional<ScoreBound> score_bound(std::string_view text) {
  const bool exclusive = text.starts_with('(');
  const auto score = parse_real(exclusive ? text.substr(1) : text);
  if (!score) return std::nullopt;
  return ScoreBound{*score, exclusive};
}

Ranks ranks_by_score(const ZSetBox& set, ScoreBound min, ScoreBound max) {
  return {below(set, min.score, min.exclusive), below(set, max.score, !max.exclusive)};
}

std::optional<LexBound> lex_bound(std::string_view text) {
  if (text == "-") return LexBound{LexBound::At::lowest, {}};
  if (text == "+") return LexBound{LexBound::At::highest, {}};
  if (!text.starts_with('[') && !text.starts_with('(')) return std::nullopt;
  return LexBound{LexBound::At::member, std::string(text.substr(1)), text[0] == '('};
}

Ranks ranks_by_lex(const ZSetBox& set, const LexBound& min, const LexBound& max) {
  return {before(set, min, min.exclusive), before(set, max, !max.exclusive)};
}

}  // namespace chaos::redis
