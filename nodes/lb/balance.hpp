// Which backend takes the next request.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace chaos {

enum class Balance { roundrobin, leastconn };

/// What the choice looks at. usable: up, not draining, not in maintenance, not tried before for this request.
struct Candidate {
  bool usable = false;
  std::size_t sessions = 0;   // requests under way on it
};

/// Every backend weighs the same. Pure.
class BalanceRule {
 public:
  /// The index of the chosen one; nullopt when none is usable. roundrobin: the next in turn. leastconn: the one with
  /// the fewest sessions, the next in turn among equals.
  std::optional<std::size_t> pick(Balance balance, std::span<const Candidate> candidates);

 private:
  std::size_t turn_ = 0;
};

}  // namespace chaos
