// The cache against an origin on a real socket.
#include "cdn/cache_flow.hpp"

#include "runtime/http_server.hpp"
#include "runtime/ports.hpp"
#include "runtime/sleep.hpp"
#include "support/test_node.hpp"

namespace chaos {
namespace {

class CacheFlows : public testing::Test {
 protected:
  CacheFlows() {
    const auto handler = [this](HttpRequest request) { return answer(std::move(request)); };
    const auto address = test::TestNode::fresh_address();
    for (const auto& [role, port] : {std::pair{"object_store", ports::kObjectStore}, std::pair{"lb", ports::kHttp}}) {
      servers_.push_back(std::make_unique<HttpServer>(node_.ctx, role, HttpLimits{}, handler));
      EXPECT_TRUE(servers_.back()->listen(address, port));
      auto& peer = *node_.desired.add_peers();
      peer = node_.peer(role);
      peer.set_address(address);
    }
    node_.desired.mutable_config()->mutable_cdn()->set_origin_timeout_ms(10'000);
    flow_ = std::make_unique<CacheFlow>(node_.ctx, metrics_);
    flow_->reconfigure();
    at_lab_second(0);
  }
  ~CacheFlows() override {
    for (auto& server : servers_) server->close_all();
    node_.stop();
    EXPECT_EQ(node_.failures, std::vector<std::string>{});
  }

  // The origin.
  awaitable<HttpResponse> answer(HttpRequest request) {
    ++fetches_;
    if (hold_) co_await gate_.wait(RealTime::max());
    seen_ = request;
    if (reply_.status == 200 && request.headers.get("If-None-Match") == "\"v1\"") {
      HttpResponse same;
      same.status = 304;
      co_return same;
    }
    co_return reply_;
  }

  void at_lab_second(std::int64_t s) { node_.clock.set_anchor({RealClock::now(), {s * 1'000'000}, 0}); }
  static HttpRequest request(std::string method, std::string target) { return {std::move(method), std::move(target), {}, {}, "127.0.0.9:1"}; }
  CacheFlow::Served get(std::string target) { return node_.run(flow_->serve_static(request("GET", std::move(target)))); }
  CacheFlow::Served pass(std::string method, std::string target) { return node_.run(flow_->pass(request(std::move(method), std::move(target)))); }

  awaitable<void> one(std::string target) {
    auto served = co_await flow_->serve_static(request("GET", std::move(target)));
    many_.push_back(std::move(served));
  }

  template <class Condition>
  static awaitable<bool> eventually(Condition holds) {
    const auto until = RealClock::now() + std::chrono::seconds(10);
    while (!holds() && RealClock::now() < until) co_await sleep_real(std::chrono::milliseconds(1));
    co_return holds();
  }

  // n requests for one object at once; the origin answers when all of them are in.
  awaitable<bool> crowd(std::size_t n) {
    hold_ = true;
    for (std::size_t i = 0; i < n; ++i) node_.tasks.spawn("user", one("/static/1"));
    const auto all_in = [this, n] { return fetches_ == 1 && metrics_.coalesced.Value() == static_cast<double>(n - 1); };
    const bool in = co_await eventually(all_in);
    hold_ = false;
    gate_.notify_all();
    const auto all_out = [this, n] { return many_.size() == n; };
    const bool out = co_await eventually(all_out);
    co_return in && out;
  }

  test::TestNode node_{"cdn"};
  CdnMetrics metrics_{node_.registry};
  std::vector<std::unique_ptr<HttpServer>> servers_;
  std::unique_ptr<CacheFlow> flow_;
  HttpResponse reply_ = text_response(200, "content");
  HttpRequest seen_;
  int fetches_ = 0;
  bool hold_ = false;
  WaitList gate_;
  std::vector<CacheFlow::Served> many_;
};

TEST_F(CacheFlows, AMissFillsAndTheNextIsAHit) {
  EXPECT_EQ(get("/static/1").result, CacheResult::miss);
  at_lab_second(10);
  const auto hit = get("/static/1");
  EXPECT_EQ(hit.result, CacheResult::hit);
  EXPECT_EQ(hit.response.body, "content");
  EXPECT_EQ(hit.response.headers.get("Age"), "10");
  EXPECT_EQ(fetches_, 1);
  EXPECT_EQ(seen_.headers.get("X-Forwarded-For"), "127.0.0.9");
}

TEST_F(CacheFlows, ManyMissesMakeOneFetch) {
  EXPECT_TRUE(node_.run(crowd(8)));
  EXPECT_EQ(fetches_, 1);
  for (const auto& served : many_) EXPECT_EQ(served.response.body, "content");
}

TEST_F(CacheFlows, AFailureIsSharedByAllWhoWaited) {
  reply_ = text_response(500, "broken");
  EXPECT_TRUE(node_.run(crowd(8)));
  EXPECT_EQ(fetches_, 1);
  for (const auto& served : many_) EXPECT_EQ(served.response.status, 500u);
  EXPECT_EQ(flow_->store().objects(), 0u);
}

TEST_F(CacheFlows, WhatIsPrivateIsFetchedByEachForItself) {
  reply_.headers.add("Cache-Control", "no-store");
  EXPECT_TRUE(node_.run(crowd(4)));
  EXPECT_EQ(fetches_, 4);
  EXPECT_EQ(flow_->store().objects(), 0u);
}

TEST_F(CacheFlows, PastItsLifetimeACopyIsConfirmedByItsTag) {
  reply_.headers.add("ETag", "\"v1\"");
  get("/static/1");
  at_lab_second(4000);      // the lifetime is 3600 lab seconds
  const auto again = get("/static/1");
  EXPECT_EQ(again.result, CacheResult::revalidated);
  EXPECT_EQ(again.response.status, 200u);
  EXPECT_EQ(again.response.body, "content");
  EXPECT_EQ(seen_.headers.get("If-None-Match"), "\"v1\"");
  EXPECT_EQ(get("/static/1").result, CacheResult::hit);
}

TEST_F(CacheFlows, AnOldCopyStandsInForAFailingOriginForADay) {
  get("/static/1");
  reply_ = text_response(503, "down");
  at_lab_second(4000);
  const auto stale = get("/static/1");
  EXPECT_EQ(stale.result, CacheResult::stale);
  EXPECT_EQ(stale.response.status, 200u);
  at_lab_second(3600 + 86'400);
  EXPECT_EQ(get("/static/1").response.status, 503u);
}

TEST_F(CacheFlows, AnObjectThatIsGoneLeavesTheCache) {
  get("/static/1");
  reply_ = text_response(404, "gone");
  at_lab_second(4000);
  EXPECT_EQ(get("/static/1").response.status, 404u);
  EXPECT_EQ(flow_->store().objects(), 0u);
}

TEST_F(CacheFlows, PurgesOneOrMany) {
  for (const char* target : {"/static/1", "/static/2", "/static/3"}) get(target);
  EXPECT_EQ(flow_->purge("/static/1").status, 200u);
  EXPECT_EQ(flow_->purge("/static/1").status, 404u);
  EXPECT_EQ(flow_->purge("/static/*").body, "purged 2\n");
  EXPECT_EQ(get("/static/1").result, CacheResult::miss);
}

TEST_F(CacheFlows, WhatWasPurgedWhileItWasFetchedIsNotKept) {
  hold_ = true;
  node_.tasks.spawn("user", one("/static/1"));
  const auto fetching = [this] { return fetches_ == 1; };
  ASSERT_TRUE(node_.run(eventually(fetching)));
  flow_->purge("/static/1");
  hold_ = false;
  gate_.notify_all();
  const auto served = [this] { return many_.size() == 1; };
  ASSERT_TRUE(node_.run(eventually(served)));
  EXPECT_EQ(flow_->store().objects(), 0u);
}

TEST_F(CacheFlows, WhatWasChangedWhileItWasFetchedIsNotKept) {
  reply_.headers.add("Cache-Control", "max-age=60");
  hold_ = true;
  const auto read = [this](std::string target) -> awaitable<void> { many_.push_back(co_await flow_->pass(request("GET", std::move(target)))); };
  node_.tasks.spawn("user", read("/items/1"));
  node_.tasks.spawn("user", read("/items/2"));
  const auto fetching = [this] { return fetches_ == 2; };
  ASSERT_TRUE(node_.run(eventually(fetching)));
  hold_ = false;
  EXPECT_EQ(pass("POST", "/items/1").response.status, 200u);      // the answers to the GETs are from before
  gate_.notify_all();
  const auto served = [this] { return many_.size() == 2; };
  ASSERT_TRUE(node_.run(eventually(served)));
  EXPECT_EQ(flow_->store().objects(), 1u);
  EXPECT_EQ(pass("GET", "/items/1").result, CacheResult::miss);
  EXPECT_EQ(pass("GET", "/items/2").result, CacheResult::hit) << "it is another's";
}

TEST_F(CacheFlows, TheStoresOwnFieldsAreNotForUsers) {
  node_.desired.mutable_config()->mutable_cdn()->set_access_key("AKID");
  HttpRequest asked = request("GET", "/static/1");
  asked.headers.add("X-Amz-Meta-User", "1");
  asked.headers.add("x-amz-date", "20000101T000000Z");
  node_.run(flow_->serve_static(std::move(asked)));
  EXPECT_FALSE(seen_.headers.has("x-amz-meta-user"));
  EXPECT_NE(seen_.headers.get("x-amz-date"), "20000101T000000Z");
}

TEST_F(CacheFlows, OtherRequestsPassUnlessTheOriginNamesALifetime) {
  EXPECT_EQ(pass("GET", "/items/1").result, CacheResult::pass);
  EXPECT_EQ(pass("GET", "/items/1").result, CacheResult::pass);
  reply_.headers.add("Cache-Control", "max-age=60");
  EXPECT_EQ(pass("GET", "/items/1").result, CacheResult::miss);
  EXPECT_EQ(pass("GET", "/items/1").result, CacheResult::hit);
  EXPECT_EQ(pass("POST", "/items/1").result, CacheResult::pass);      // and it invalidates
  EXPECT_EQ(pass("GET", "/items/1").result, CacheResult::miss);
}

TEST_F(CacheFlows, AnOldCopyServesWhileItIsConfirmed) {
  reply_.headers.add("Cache-Control", "max-age=60, stale-while-revalidate=600");
  reply_.headers.add("ETag", "\"v1\"");
  get("/static/1");
  at_lab_second(100);
  EXPECT_EQ(get("/static/1").result, CacheResult::stale);
  const auto confirmed = [this] { return fetches_ == 2 && flow_->store().find("/static/1")->fresh({100'000'000}); };
  EXPECT_TRUE(node_.run(eventually(confirmed)));
  EXPECT_EQ(get("/static/1").result, CacheResult::hit);
}

TEST_F(CacheFlows, VariantsAreKeptBesideEachOther) {
  reply_.headers.add("Vary", "Accept-Language");
  const auto in = [this](const char* language) {
    HttpRequest asked = request("GET", "/static/1");
    asked.headers.add("Accept-Language", language);
    return node_.run(flow_->serve_static(asked)).result;
  };
  EXPECT_EQ(in("en"), CacheResult::miss);
  EXPECT_EQ(in("de"), CacheResult::miss);
  EXPECT_EQ(in("en"), CacheResult::hit);
  EXPECT_EQ(in("de"), CacheResult::hit);
  EXPECT_EQ(fetches_, 2);
}

TEST_F(CacheFlows, WhatIsTooLargeIsPassedOnAndNotKept) {
  node_.desired.mutable_config()->mutable_cdn()->set_max_object_mb(0.001);
  reply_.body = std::string(2000, 'x');
  EXPECT_EQ(get("/static/1").response.body.size(), 2000u);
  EXPECT_EQ(flow_->store().objects(), 0u);
}

TEST_F(CacheFlows, WithAKeyItSignsWhatItAsksTheStore) {
  node_.desired.mutable_config()->mutable_cdn()->set_access_key("AKID");
  get("/static/1");
  EXPECT_TRUE(seen_.headers.get("Authorization").value_or("").starts_with("AWS4-HMAC-SHA256 Credential=AKID/"));
  EXPECT_EQ(get("/static/1").result, CacheResult::hit);      // the signature is no user's
}

TEST_F(CacheFlows, WithoutAnOriginItIsUnavailable) {
  node_.desired.clear_peers();
  flow_->reconfigure();
  EXPECT_EQ(get("/static/1").response.status, 503u);
  EXPECT_EQ(pass("GET", "/items/1").response.status, 503u);
}

TEST_F(CacheFlows, NobodyListensIsABadGateway) {
  for (auto& peer : *node_.desired.mutable_peers()) peer.set_address(test::TestNode::fresh_address());
  flow_->reconfigure();
  EXPECT_EQ(get("/static/1").response.status, 502u);
  EXPECT_EQ(pass("POST", "/orders").response.status, 502u);
}

TEST_F(CacheFlows, ASecondOriginTakesOverFromOneThatIsGone) {
  auto& dead = *node_.desired.add_peers();
  dead = node_.desired.peers(0);
  dead.set_name("object_store-2");
  dead.set_address(test::TestNode::fresh_address());
  flow_->reconfigure();
  for (const char* target : {"/static/1", "/static/2", "/static/3"}) EXPECT_EQ(get(target).response.status, 200u);
}

}  // namespace
}  // namespace chaos
