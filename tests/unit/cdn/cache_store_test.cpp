#include "cdn/cache_store.hpp"

#include "cdn/flights.hpp"
#include "cdn/forward.hpp"
#include "cdn/metrics.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

CachedPtr body(std::size_t size) {
  CachedResponse response;
  response.body = std::string(size, 'x');
  return std::make_shared<const CachedResponse>(std::move(response));
}

TEST(CacheStore, EvictsTheLeastRecentlyUsedByBytes) {
  CacheStore store(303);          // three bodies of 100 and their keys
  for (const char* key : {"a", "b", "c"}) EXPECT_TRUE(store.put(key, body(100)));
  EXPECT_TRUE(store.find("a"));
  store.put("d", body(100));
  EXPECT_FALSE(store.find("b"));
  EXPECT_TRUE(store.find("a") && store.find("c") && store.find("d"));
  EXPECT_EQ(store.bytes(), 303u);
  EXPECT_EQ(store.evictions(), 1u);
}

TEST(CacheStore, ReplacingCountsOnce) {
  CacheStore store(1000);
  store.put("a", body(100));
  store.put("a", body(50));
  EXPECT_EQ(store.bytes(), 51u);
  EXPECT_EQ(store.objects(), 1u);
  EXPECT_EQ(store.evictions(), 0u);
}

TEST(CacheStore, WhatIsLargerThanTheCacheIsNotKeptAndEvictsNothing) {
  CacheStore store(100);
  store.put("a", body(50));
  EXPECT_FALSE(store.put("b", body(100)));
  EXPECT_TRUE(store.find("a"));
  EXPECT_FALSE(store.put("a", body(200)));
  EXPECT_FALSE(store.find("a"));
  EXPECT_EQ(store.bytes(), 0u);
}

CachedPtr variant(const std::string& language, std::int64_t stored_s) {
  CachedResponse response;
  response.body = language;
  response.stored = {stored_s};
  response.selecting = {{"Accept-Language", language}};
  return std::make_shared<const CachedResponse>(std::move(response));
}

HttpRequest in_language(const std::string& language) {
  HttpRequest request;
  request.headers.add("accept-language", language);
  return request;
}

TEST(CacheStore, VariantsOfATargetAreSelectedAndBounded) {
  CacheStore store(100'000);
  for (int i = 0; i < 9; ++i) store.put("/a", variant("l" + std::to_string(i), i));
  EXPECT_EQ(store.objects(), CacheStore::kMaxVariants);
  EXPECT_FALSE(store.find("/a", in_language("l0")));       // the oldest
  EXPECT_EQ(store.find("/a", in_language("l8"))->body, "l8");
  EXPECT_FALSE(store.find("/a"));
  store.put("/a", variant("l8", 10));
  EXPECT_EQ(store.objects(), CacheStore::kMaxVariants);
  EXPECT_EQ(store.erase("/a"), CacheStore::kMaxVariants);
  EXPECT_EQ(store.bytes(), 0u);
}

TEST(CacheStore, ErasesOneOrAPrefix) {
  CacheStore store(1000);
  for (const char* key : {"/a/1", "/a/2", "/b/1"}) store.put(key, body(1));
  EXPECT_TRUE(store.erase("/a/1"));
  EXPECT_FALSE(store.erase("/a/1"));
  EXPECT_EQ(store.erase_prefix("/a"), 1u);
  EXPECT_EQ(store.erase_prefix("/c"), 0u);
  EXPECT_EQ(store.erase_prefix(""), 1u);
  EXPECT_EQ(store.bytes(), 0u);
}

TEST(CacheStore, ShrinksWithItsCapacity) {
  CacheStore store(1000);
  for (const char* key : {"a", "b", "c"}) store.put(key, body(99));
  store.set_capacity(150);
  EXPECT_EQ(store.objects(), 1u);
  EXPECT_TRUE(store.find("c"));
}

TEST(Flights, OneLeadsAndTheOthersGetItsLanding) {
  Flights flights;
  const auto leader = flights.board("k");
  const auto second = flights.board("k");
  EXPECT_TRUE(leader.leads);
  EXPECT_FALSE(second.leads);
  EXPECT_EQ(leader.flight, second.flight);
  EXPECT_TRUE(flights.board("other").leads);
  flights.land("k", leader.flight, {{}, body(3), false});
  EXPECT_TRUE(second.flight->landed);
  EXPECT_EQ(second.flight->landing.response->body, "xxx");
  EXPECT_TRUE(flights.board("k").leads);
}

TEST(Flights, ALeaderThatDiesFailsThemAll) {
  Flights flights;
  const auto ticket = flights.board("k");
  { Leader leader(flights, "k", ticket.flight); }
  EXPECT_TRUE(ticket.flight->landed);
  EXPECT_EQ(ticket.flight->landing.error, Errc::reset);
  EXPECT_EQ(flights.size(), 0u);
}

TEST(Flights, NobodyBoardsAfterAPurge) {
  Flights flights;
  const auto before = flights.board("/static/1");
  flights.forget_prefix("/static/");
  const auto after = flights.board("/static/1");
  EXPECT_TRUE(after.leads);
  flights.land("/static/1", before.flight, {Errc::timeout, nullptr, false});
  EXPECT_EQ(flights.board("/static/1").flight, after.flight);
}

TEST(Forward, AddsWhereItCameFromAndDropsTheConnectionsOwn) {
  HttpRequest request;
  request.remote = "127.0.0.9:4242";
  request.headers.add("X-Forwarded-For", "10.0.0.1");
  request.headers.add("TE", "trailers");
  request.headers.add("traceparent", "00-1-2-01");
  const auto sent = forwarded(request, "cdn-1");
  EXPECT_EQ(sent.headers.get("X-Forwarded-For"), "10.0.0.1, 127.0.0.9");
  EXPECT_EQ(sent.headers.get("Via"), "1.1 cdn-1");
  EXPECT_EQ(sent.headers.get("traceparent"), "00-1-2-01");
  EXPECT_FALSE(sent.headers.has("TE"));
}

TEST(Forward, AFetchForTheCacheIsWholeAndConfirmsWhatIsThere) {
  HttpRequest request;
  request.method = "HEAD";
  for (const char* name : {"Range", "If-None-Match", "If-Match", "Cache-Control"}) request.headers.add(name, "x");
  Headers known;
  known.add("ETag", "\"e\"");
  known.add("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT");
  const auto sent = whole_fetch(request, "cdn-1", &known);
  EXPECT_EQ(sent.method, "GET");
  EXPECT_EQ(sent.headers.get("If-None-Match"), "\"e\"");
  EXPECT_EQ(sent.headers.get("If-Modified-Since"), "Sun, 06 Nov 1994 08:49:37 GMT");
  for (const char* name : {"Range", "If-Match", "Cache-Control"}) EXPECT_FALSE(sent.headers.has(name)) << name;
}

TEST(Forward, AnUnsafeRequestChangesWhatItsAnswerNamesOnTheSameHost) {
  HttpRequest request;
  request.headers.add("Host", "shop:8080");
  HttpResponse response;
  response.headers.add("Location", "http://shop:8080/orders/7#top");
  response.headers.add("Content-Location", "/items/1");
  EXPECT_EQ(also_changed(request, response), (std::vector<std::string>{"/orders/7", "/items/1"}));
  response.headers.set("Location", "http://elsewhere/orders/7");
  response.headers.set("Content-Location", "//elsewhere/items/1");
  EXPECT_TRUE(also_changed(request, response).empty());
}

TEST(Forward, RetriesOnlyWhereItDoesNoHarm) {
  EXPECT_TRUE(may_retry(Errc::refused, "POST"));
  EXPECT_FALSE(may_retry(Errc::reset, "POST"));
  EXPECT_TRUE(may_retry(Errc::closed, "GET"));
  EXPECT_TRUE(may_retry(Errc::reset, "PUT"));
  EXPECT_FALSE(may_retry(Errc::timeout, "GET"));
  EXPECT_FALSE(may_retry(Errc::no_backend, "GET"));
}

TEST(HitRatio, LooksAtTheLastSecondsOnly) {
  HitRatio ratio;
  const RealTime start{std::chrono::hours(1)};
  const auto at = [&](int s) { return start + std::chrono::seconds(s); };
  EXPECT_EQ(ratio.value(at(0)), 0);
  for (int i = 0; i < 3; ++i) ratio.add(true, at(0));
  ratio.add(false, at(1));
  EXPECT_DOUBLE_EQ(ratio.value(at(2)), 0.75);
  for (int i = 0; i < 4; ++i) ratio.add(false, at(6));
  EXPECT_DOUBLE_EQ(ratio.value(at(7)), 0.375);
  EXPECT_DOUBLE_EQ(ratio.value(at(12)), 0);
  EXPECT_EQ(ratio.value(at(60)), 0);
}

}  // namespace
}  // namespace chaos
