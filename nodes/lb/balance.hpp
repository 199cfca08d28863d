// Which backend takes the next request.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace chaos {

enum class Balance { roundrobin, leastconn };

/// What the choice looks at. usable: takes new requests, has room, was not tried before for this request.
struct Candidate {
  bool usable = false;
  std::size_t sessions = 0;       // requests under way on it
  std::uint32_t weight = 1;       // in force; >= 1
  std::int64_t* credit = nullptr; // its own between two picks, for roundrobin; starts at 0
};

/// The share of each is its weight. Pure.
class BalanceRule {
 public:
  /// The index of the chosen one; nullopt when none is usable. roundrobin: the next in turn, those of a larger weight
  /// more often and evenly spread. leastconn: the one with the fewest sessions for its weight, the next in turn among
  /// equals.
  std::optional<std::size_t> pick(Balance balance, std::span<const Candidate> candidates);

 private:
  std::optional<std::size_t> by_turn(std::span<const Candidate> candidates);
  std::size_t turn_ = 0;
};

}  // namespace chaos
