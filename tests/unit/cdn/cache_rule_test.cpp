#include "cdn/cache_rule.hpp"

#include "cdn/cache_control.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

constexpr LabDuration seconds(std::int64_t s) { return {s * 1'000'000}; }
constexpr LabTime at(std::int64_t s) { return {s * 1'000'000}; }

CacheControl control(std::string_view field) {
  CacheControl out;
  read_cache_control(field, out);
  return out;
}

HttpResponse answer(std::initializer_list<std::pair<const char*, const char*>> fields, unsigned status = 200) {
  HttpResponse response;
  response.status = status;
  response.body = "0123456789";
  for (const auto& [name, value] : fields) response.headers.add(name, value);
  return response;
}

CacheDecision decided(const HttpResponse& response, std::optional<LabDuration> ttl = seconds(3600)) { return decide({}, response, ttl); }

TEST(CacheControl, ReadsDirectivesWithoutCase) {
  const auto c = control("Public, MAX-AGE=60 ,s-maxage=\"30\", stale-if-error=5, must-revalidate, unknown=\"a,no-store\"");
  EXPECT_TRUE(c.is_public && c.must_revalidate);
  EXPECT_FALSE(c.no_store);
  EXPECT_EQ(c.max_age, 60);
  EXPECT_EQ(c.s_maxage, 30);
  EXPECT_EQ(c.stale_if_error, 5);
  const auto d = control("no-store,no-cache=\"a, b\",private");
  EXPECT_TRUE(d.no_store && d.no_cache && d.is_private);
}

TEST(CacheControl, UnreadableAgesCountAsZeroAndHugeOnesAreCut) {
  EXPECT_EQ(control("max-age=soon").max_age, 0);
  EXPECT_EQ(control("max-age=-5").max_age, 0);
  EXPECT_EQ(control("max-age").max_age, 0);
  EXPECT_EQ(control("max-age=99999999999999999999").max_age, std::int64_t{1} << 31);
  EXPECT_EQ(control("max-age=1, max-age=2").max_age, 1);
}

TEST(CacheRule, TheLabsTtlAppliesWhenTheOriginNamesNone) {
  EXPECT_TRUE(decided(answer({})).keep);
  EXPECT_EQ(decided(answer({})).lifetime, seconds(3600));
  EXPECT_FALSE(decided(answer({}), LabDuration{}).keep);
  EXPECT_FALSE(decided(answer({}), std::nullopt).keep);
  EXPECT_FALSE(decided(answer({}, 404)).keep);
}

TEST(CacheRule, TheOriginsLifetimeWins) {
  EXPECT_EQ(decided(answer({{"Cache-Control", "max-age=60"}})).lifetime, seconds(60));
  EXPECT_EQ(decided(answer({{"Cache-Control", "max-age=60, s-maxage=7"}})).lifetime, seconds(7));
  EXPECT_TRUE(decided(answer({{"Cache-Control", "max-age=60"}}, 404)).keep);
  EXPECT_TRUE(decided(answer({{"Cache-Control", "max-age=60"}}, 500)).keep);      // told so
  EXPECT_FALSE(decided(answer({}, 500)).keep);
  EXPECT_FALSE(decided(answer({{"Cache-Control", "max-age=60"}}, 206)).keep);
  EXPECT_FALSE(decided(answer({{"Cache-Control", "max-age=0"}})).keep);
  EXPECT_EQ(decided(answer({{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"}, {"Expires", "Sun, 06 Nov 1994 08:50:37 GMT"}})).lifetime, seconds(60));
  EXPECT_FALSE(decided(answer({{"Expires", "0"}})).keep);
  EXPECT_FALSE(decided(answer({{"Cache-Control", "max-age=60"}, {"Age", "60"}})).keep);
}

TEST(CacheRule, WhatMustBeConfirmedIsKeptWhereItCanBe) {
  const auto no_cache = decided(answer({{"Cache-Control", "no-cache, max-age=60"}, {"ETag", "\"e\""}}));
  EXPECT_TRUE(no_cache.keep && no_cache.no_cache);
  EXPECT_FALSE(no_cache.shareable);
  EXPECT_TRUE(decided(answer({{"Cache-Control", "max-age=0"}, {"Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"}})).keep);
  EXPECT_FALSE(decided(answer({{"ETag", "\"e\""}}), std::nullopt).keep);      // nobody told to keep it
}

TEST(CacheRule, TheAgeOnArrivalHasThreeSources) {
  const auto at_arrival = [](const HttpResponse& response, Arrival arrival) { return decide({}, response, std::nullopt, arrival).initial_age; };
  const auto dated = answer({{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"}, {"Cache-Control", "max-age=600"}});
  constexpr std::int64_t kDate = 784111777;
  EXPECT_EQ(at_arrival(dated, {seconds(2), kDate, 1}), seconds(2));
  EXPECT_EQ(at_arrival(dated, {seconds(2), kDate + 1, 1}), seconds(2));        // a Date is rounded down
  EXPECT_EQ(at_arrival(dated, {seconds(2), kDate + 30, 1}), seconds(30));
  EXPECT_EQ(at_arrival(dated, {seconds(2), kDate + 30, 60}), seconds(1800));   // real seconds in lab time
  EXPECT_EQ(at_arrival(answer({{"Age", "7"}, {"Cache-Control", "max-age=600"}}), {seconds(2), kDate, 1}), seconds(9));
}

TEST(CacheRule, WhatIsForOneUserIsNeitherKeptNorShared) {
  for (const char* field : {"no-store", "private, max-age=60", "no-cache"}) {
    EXPECT_FALSE(decided(answer({{"Cache-Control", field}})).keep) << field;
    EXPECT_FALSE(decided(answer({{"Cache-Control", field}})).shareable) << field;
  }
  EXPECT_FALSE(decided(answer({{"Set-Cookie", "a=b"}})).shareable);
  EXPECT_FALSE(decided(answer({{"Vary", "*"}})).keep);
  HttpRequest request;
  request.method = "POST";
  EXPECT_FALSE(decide(request, answer({{"Cache-Control", "max-age=60"}}), std::nullopt).keep);
  request.method = "GET";
  request.headers.add("Authorization", "Basic x");
  EXPECT_FALSE(decide(request, answer({{"Cache-Control", "max-age=60"}}), std::nullopt).keep);
  EXPECT_TRUE(decide(request, answer({{"Cache-Control", "public, max-age=60"}}), std::nullopt).keep);
}

TEST(CacheRule, AFailingOriginsCopyIsGoodForADayUnlessTheOriginForbids) {
  EXPECT_EQ(decided(answer({})).stale_if_error, kStaleIfError);
  EXPECT_EQ(decided(answer({{"Cache-Control", "max-age=60, stale-if-error=9"}})).stale_if_error, seconds(9));
  EXPECT_EQ(decided(answer({{"Cache-Control", "max-age=60, must-revalidate"}})).stale_if_error, LabDuration{});
  EXPECT_EQ(decided(answer({{"Cache-Control", "s-maxage=60"}})).stale_if_error, LabDuration{});
}

CachedResponse cached(std::initializer_list<std::pair<const char*, const char*>> fields) {
  HttpResponse response = answer(fields);
  return {200, response.headers, response.body, at(1000), decided(response)};
}

TEST(CachedResponse, GrowsOldInLabTime) {
  const auto kept = cached({{"Cache-Control", "max-age=60, stale-if-error=10"}, {"Age", "5"}});
  EXPECT_EQ(kept.age(at(1010)), seconds(15));
  EXPECT_EQ(kept.age(at(900)), seconds(5));
  EXPECT_TRUE(kept.fresh(at(1054)));
  EXPECT_FALSE(kept.fresh(at(1055)));
  EXPECT_TRUE(kept.usable_on_error(at(1064)));
  EXPECT_FALSE(kept.usable_on_error(at(1065)));
}

TEST(CachedResponse, AnswersConditionsAndRanges) {
  const auto kept = cached({{"ETag", "\"e\""}, {"Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"}, {"Content-Type", "text/css"}});
  HttpRequest request;
  auto whole = answer_from(kept, request, at(1010));
  EXPECT_EQ(whole.status, 200u);
  EXPECT_EQ(whole.headers.get("Age"), "10");
  request.headers.add("Range", "bytes=2-3");
  const auto part = answer_from(kept, request, at(1010));
  EXPECT_EQ(part.status, 206u);
  EXPECT_EQ(part.body, "23");
  EXPECT_EQ(part.headers.get("Content-Range"), "bytes 2-3/10");
  request.headers.set("Range", "bytes=10-");
  EXPECT_EQ(answer_from(kept, request, at(1010)).status, 416u);
  request.headers.set("If-None-Match", "\"e\"");
  const auto same = answer_from(kept, request, at(1010));
  EXPECT_EQ(same.status, 304u);
  EXPECT_TRUE(same.body.empty());
  EXPECT_FALSE(same.headers.has("Content-Type"));
}

Use used(const CachedResponse& cached, std::string_view field, std::int64_t now) {
  RequestControl control;
  read_request_control(field, control);
  return judge(cached, control, at(now));
}

TEST(CachedResponse, RequestsMayAskForMoreOrLess) {
  const auto kept = cached({{"Cache-Control", "max-age=60"}});      // stored at 1000
  EXPECT_EQ(used(kept, "", 1010), Use::fresh);
  EXPECT_EQ(used(kept, "no-cache", 1010), Use::confirm);
  EXPECT_EQ(used(kept, "max-age=10", 1010), Use::fresh);
  EXPECT_EQ(used(kept, "max-age=9", 1010), Use::confirm);
  EXPECT_EQ(used(kept, "min-fresh=49", 1010), Use::fresh);
  EXPECT_EQ(used(kept, "min-fresh=50", 1010), Use::confirm);
  EXPECT_EQ(used(kept, "", 1060), Use::confirm);
  EXPECT_EQ(used(kept, "max-stale=10", 1070), Use::stale);
  EXPECT_EQ(used(kept, "max-stale=10", 1071), Use::confirm);
  EXPECT_EQ(used(kept, "max-stale", 100'000), Use::stale);
  EXPECT_EQ(used(cached({{"Cache-Control", "max-age=60, must-revalidate"}}), "max-stale", 1061), Use::confirm);
}

TEST(CachedResponse, IsUsedWhileItIsConfirmedAsLongAsTheOriginSays) {
  const auto kept = cached({{"Cache-Control", "max-age=60, stale-while-revalidate=30"}});
  EXPECT_EQ(used(kept, "", 1089), Use::meanwhile);
  EXPECT_EQ(used(kept, "", 1090), Use::confirm);
  EXPECT_EQ(used(cached({{"Cache-Control", "s-maxage=60, stale-while-revalidate=30"}}), "", 1070), Use::confirm);
}

TEST(CachedResponse, IfRangeGuardsTheRange) {
  const auto kept = cached({{"ETag", "\"e\""}, {"Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"}});
  HttpRequest request;
  request.headers.add("Range", "bytes=2-3");
  for (const auto& [field, status] : {std::pair{"\"e\"", 206u}, {"\"f\"", 200u}, {"W/\"e\"", 200u}, {"Sun, 06 Nov 1994 08:49:37 GMT", 206u}, {"Sun, 06 Nov 1994 08:49:38 GMT", 200u}}) {
    request.headers.set("If-Range", field);
    EXPECT_EQ(answer_from(kept, request, at(1010)).status, status) << field;
  }
}

TEST(CachedResponse, IsSelectedByTheFieldsInVary) {
  HttpRequest english;
  english.headers.add("Accept-Language", "en");
  const HttpResponse response = answer({{"Vary", "Accept-Language, Accept-Encoding"}, {"Cache-Control", "max-age=60"}});
  CachedResponse kept{200, response.headers, response.body, at(0), decided(response), selecting_fields(english, response)};
  EXPECT_TRUE(kept.matches(english));
  EXPECT_FALSE(kept.matches({}));
  english.headers.add("Accept-Encoding", "gzip");
  EXPECT_FALSE(kept.matches(english));
}

TEST(CachedResponse, IsConfirmedByANotModified) {
  const auto kept = cached({{"ETag", "\"e\""}, {"Cache-Control", "max-age=1"}, {"Content-Type", "text/css"}, {"Age", "3"}});
  const auto again = confirmed(kept, answer({{"Cache-Control", "max-age=9"}}, 304));
  EXPECT_EQ(again.status, 200u);
  EXPECT_EQ(again.body, kept.body);
  EXPECT_EQ(again.headers.get("Content-Type"), "text/css");
  EXPECT_EQ(decided(again).lifetime, seconds(9));
  EXPECT_EQ(decided(again).initial_age, LabDuration{});
}

}  // namespace
}  // namespace chaos
