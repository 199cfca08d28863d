// Ranges of sorted sets: by score and by member, as ranks.
#pragma once

#include "redis/values/zset_box.hpp"

#include <optional>
#include <string>

namespace chaos::redis {

/// [low, high) of ranks, the lowest score first.
struct Ranks { std::size_t low = 0, high = 0; };

/// "1.5", "(1.5", "-inf", "+inf".
struct ScoreBound { double score; bool exclusive; };
std::optional<ScoreBound> score_bound(std::string_view text);
Ranks ranks_by_score(const ZSetBox& set, ScoreBound min, ScoreBound max);

/// "[a", "(a", "-", "+".
struct LexBound { enum class At { member, lowest, highest } at; std::string member; bool exclusive = false; };
std::optional<LexBound> lex_bound(std::string_view text);
/// Means something only while all scores are the same, as in Redis.
Ranks ranks_by_lex(const ZSetBox& set, const LexBound& min, const LexBound& max);

}  // namespace chaos::redis
