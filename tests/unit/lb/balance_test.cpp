#include "lb/balance.hpp"

#include <gmock/gmock.h>

#include <vector>

namespace chaos {
namespace {

using testing::ElementsAre;

std::vector<int> picks(Balance balance, const std::vector<Candidate>& candidates, int n) {
  BalanceRule rule;
  std::vector<int> picked;
  for (int i = 0; i < n; ++i) {
    const auto at = rule.pick(balance, candidates);
    picked.push_back(at ? static_cast<int>(*at) : -1);
  }
  return picked;
}

constexpr Candidate kDown{false, 0};
constexpr Candidate with(std::size_t sessions) { return {true, sessions}; }

TEST(BalanceRule, RoundRobinTakesEachInTurn) {
  EXPECT_THAT(picks(Balance::roundrobin, {with(9), with(0), with(5)}, 5), ElementsAre(0, 1, 2, 0, 1));
}

TEST(BalanceRule, RoundRobinPassesOverThoseThatAreNotUsable) {
  EXPECT_THAT(picks(Balance::roundrobin, {with(0), kDown, with(0)}, 4), ElementsAre(0, 2, 0, 2));
}

TEST(BalanceRule, LeastConnTakesTheFewestSessions) {
  EXPECT_THAT(picks(Balance::leastconn, {with(3), with(1), with(2)}, 3), ElementsAre(1, 1, 1));
}

TEST(BalanceRule, LeastConnTakesTurnsAmongEquals) {
  EXPECT_THAT(picks(Balance::leastconn, {with(1), with(1), with(7), with(1)}, 6), ElementsAre(0, 1, 3, 0, 1, 3));
}

TEST(BalanceRule, NeverTakesOneThatIsNotUsable) {
  for (const Balance balance : {Balance::roundrobin, Balance::leastconn}) {
    EXPECT_THAT(picks(balance, {kDown, kDown}, 2), ElementsAre(-1, -1));
    EXPECT_THAT(picks(balance, {}, 1), ElementsAre(-1));
    EXPECT_THAT(picks(balance, {kDown, with(50), kDown}, 2), ElementsAre(1, 1));
  }
}

TEST(BalanceRule, GoesOnWhenTheListShrinks) {
  BalanceRule rule;
  const std::vector<Candidate> three{with(0), with(0), with(0)};
  for (int i = 0; i < 3; ++i) rule.pick(Balance::roundrobin, three);
  const std::vector<Candidate> one{with(0)};
  EXPECT_EQ(rule.pick(Balance::roundrobin, one), 0u);
}

}  // namespace
}  // namespace chaos
