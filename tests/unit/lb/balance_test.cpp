#include "lb/balance.hpp"

#include <gmock/gmock.h>

#include <vector>

namespace chaos {
namespace {

using testing::ElementsAre;

std::vector<int> picks(Balance balance, std::vector<Candidate> candidates, int n) {
  BalanceRule rule;
  std::vector<std::int64_t> credits(candidates.size());
  for (std::size_t i = 0; i < candidates.size(); ++i) candidates[i].credit = &credits[i];
  std::vector<int> picked;
  for (int i = 0; i < n; ++i) {
    const auto at = rule.pick(balance, candidates);
    picked.push_back(at ? static_cast<int>(*at) : -1);
  }
  return picked;
}

constexpr Candidate kDown{false, 0};
constexpr Candidate with(std::size_t sessions, std::uint32_t weight = 1) { return {true, sessions, weight}; }

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

TEST(BalanceRule, RoundRobinSpreadsByWeight) {
  EXPECT_THAT(picks(Balance::roundrobin, {with(0, 2), with(0, 1), with(0, 1)}, 8), ElementsAre(0, 1, 2, 0, 0, 1, 2, 0));
}

TEST(BalanceRule, LeastConnCountsSessionsForTheWeight) {
  EXPECT_THAT(picks(Balance::leastconn, {with(4, 4), with(1, 1)}, 2), ElementsAre(0, 0));   // 5/4 is less than 2/1
  EXPECT_THAT(picks(Balance::leastconn, {with(9, 4), with(1, 1)}, 2), ElementsAre(1, 1));
}

TEST(BalanceRule, GoesOnWhenTheListShrinks) {
  BalanceRule rule;
  std::int64_t credits[3]{};
  std::vector<Candidate> three{with(0), with(0), with(0)};
  for (std::size_t i = 0; i < 3; ++i) three[i].credit = &credits[i];
  for (int i = 0; i < 3; ++i) rule.pick(Balance::roundrobin, three);
  const std::vector<Candidate> one{three[0]};
  EXPECT_EQ(rule.pick(Balance::roundrobin, one), 0u);
}

}  // namespace
}  // namespace chaos
