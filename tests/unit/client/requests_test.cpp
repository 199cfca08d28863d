#include "client/requests.hpp"

#include "chaoslab/v1/node.pb.h"

#include <gmock/gmock.h>

#include <map>
#include <set>

namespace chaos {
namespace {

using testing::MatchesRegex;

v1::Traffic shop() {
  v1::Traffic traffic;
  traffic.set_items(1000);
  traffic.set_statics(50);
  traffic.set_zipf(0.9);
  return traffic;
}

std::map<RequestKind, int> draw_many(const v1::Traffic& traffic, int n, bool with_orders = true) {
  Rng rng(3);
  RecentOrders orders;
  if (with_orders) orders.add(42);
  const RequestRule rule(traffic);
  std::map<RequestKind, int> drawn;
  for (int i = 0; i < n; ++i) ++drawn[rule.draw(rng, orders).kind];
  return drawn;
}

TEST(RequestRule, WithoutAMixTakesTheShopsOwn) {
  auto drawn = draw_many(shop(), 20000);
  EXPECT_NEAR(drawn[RequestKind::static_file], 10000, 300);
  EXPECT_NEAR(drawn[RequestKind::item], 7000, 300);
  EXPECT_NEAR(drawn[RequestKind::order], 2000, 200);
  EXPECT_NEAR(drawn[RequestKind::order_status], 1000, 150);
}

TEST(RequestRule, FollowsTheWeights) {
  auto traffic = shop();
  traffic.mutable_mix()->set_order(3);
  traffic.mutable_mix()->set_item(1);
  auto drawn = draw_many(traffic, 20000);
  EXPECT_NEAR(drawn[RequestKind::order], 15000, 300);
  EXPECT_NEAR(drawn[RequestKind::item], 5000, 300);
  EXPECT_EQ(drawn.size(), 2u);
}

TEST(RequestRule, AsksForAnItemWhileNoOrderIsKnown) {
  auto drawn = draw_many(shop(), 5000, false);
  EXPECT_EQ(drawn.count(RequestKind::order_status), 0u);
  EXPECT_NEAR(drawn[RequestKind::item], 2000, 200);
}

TEST(RequestRule, WritesEachKindAsTheShopSpeaksIt) {
  Rng rng(4);
  RecentOrders orders;
  orders.add(77);
  const RequestRule rule(shop());
  for (int i = 0; i < 1000; ++i) {
    const ShopRequest request = rule.draw(rng, orders);
    const auto trace = request.http.headers.get("traceparent");
    ASSERT_TRUE(trace);
    EXPECT_THAT(std::string(*trace), MatchesRegex("00-[0-9a-f]{32}-[0-9a-f]{16}-01"));
    switch (request.kind) {
      case RequestKind::static_file: EXPECT_THAT(request.http.target, MatchesRegex("/static/[0-9]+")); break;
      case RequestKind::item: EXPECT_THAT(request.http.target, MatchesRegex("/items/[0-9]+")); break;
      case RequestKind::order_status: EXPECT_EQ(request.http.target, "/orders/77"); break;
      case RequestKind::order:
        EXPECT_EQ(request.http.method, "POST");
        EXPECT_EQ(request.http.target, "/orders");
        EXPECT_THAT(request.http.body, MatchesRegex("\\{\"item\":[0-9]+,\"quantity\":[1-3]\\}"));
        EXPECT_EQ(request.http.headers.get("Content-Type"), "application/json");
    }
  }
}

TEST(RequestRule, KeysStayInTheirSpaceAndTheFirstIsTheMostPopular) {
  Rng rng(5);
  auto traffic = shop();
  traffic.mutable_mix()->set_item(1);
  const RequestRule rule(traffic);
  std::map<int, int> hits;
  for (int i = 0; i < 20000; ++i) ++hits[std::stoi(rule.draw(rng, {}).http.target.substr(7))];
  EXPECT_GE(hits.begin()->first, 1);
  EXPECT_LE(hits.rbegin()->first, 1000);
  EXPECT_GT(hits[1], 3 * hits[10]);
}

TEST(RecentOrders, KeepsTheNewest) {
  RecentOrders orders;
  Rng rng(6);
  EXPECT_FALSE(orders.draw(rng));
  for (int id = 1; id <= 1000; ++id) orders.add(id);
  std::set<std::int64_t> seen;
  for (int i = 0; i < 5000; ++i) seen.insert(*orders.draw(rng));
  EXPECT_EQ(*seen.begin(), 937);
  EXPECT_EQ(*seen.rbegin(), 1000);
}

TEST(OrderId, IsReadFromTheAnswer) {
  EXPECT_EQ(order_id(R"({"id":17,"state":"new"})"), 17);
  EXPECT_FALSE(order_id(R"({"id":"17"})"));
  EXPECT_FALSE(order_id("[1]"));
  EXPECT_FALSE(order_id("created"));
  EXPECT_FALSE(order_id(""));
}

}  // namespace
}  // namespace chaos
