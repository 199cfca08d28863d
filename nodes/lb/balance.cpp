#include "lb/balance.hpp"

namespace chaos {

namespace {

// Fewer for its weight once it had this request too: (a + 1) / weight compared without a division.
bool less_loaded(const Candidate& a, const Candidate& b) { return (a.sessions + 1) * b.weight < (b.sessions + 1) * a.weight; }

}  // namespace

std::optional<std::size_t> BalanceRule::pick(Balance balance, std::span<const Candidate> candidates) {
  if (balance == Balance::roundrobin) return by_turn(candidates);
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const std::size_t at = (turn_ + i) % candidates.size();
    if (!candidates[at].usable) continue;
    if (!best || less_loaded(candidates[at], candidates[*best])) best = at;
  }
  if (best) turn_ = *best + 1;
  return best;
}

// Smooth weighted round robin: each earns its weight a turn, the richest serves and pays what all of them earned.
std::optional<std::size_t> BalanceRule::by_turn(std::span<const Candidate> candidates) {
  std::optional<std::size_t> best;
  std::int64_t earned = 0;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const Candidate& one = candidates[i];
    if (!one.usable) continue;
    *one.credit += one.weight;
    earned += one.weight;
    if (!best || *one.credit > *candidates[*best].credit) best = i;
  }
  if (best) *candidates[*best].credit -= earned;
  return best;
}

}  // namespace chaos
