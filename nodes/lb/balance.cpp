#include "lb/balance.hpp"

namespace chaos {

std::optional<std::size_t> BalanceRule::pick(Balance balance, std::span<const Candidate> candidates) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const std::size_t at = (turn_ + i) % candidates.size();
    if (!candidates[at].usable) continue;
    const bool better = !best || (balance == Balance::leastconn && candidates[at].sessions < candidates[*best].sessions);
    if (better) best = at;
  }
  if (best) turn_ = *best + 1;
  return best;
}

}  // namespace chaos
