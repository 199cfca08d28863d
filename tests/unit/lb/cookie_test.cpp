#include "lb/cookie.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

HttpRequest with(const char* cookies) {
  HttpRequest request;
  if (cookies) request.headers.add("Cookie", cookies);
  return request;
}

TEST(TakeCookie, TakesItsOwnAndLeavesTheOthers) {
  HttpRequest request = with("a=1; SERVERID=server-2;  b=2");
  EXPECT_EQ(take_cookie(request, "SERVERID"), "server-2");
  EXPECT_EQ(request.headers.get("Cookie"), "a=1; b=2");
}

TEST(TakeCookie, AnEmptyHeaderGoes) {
  HttpRequest request = with("SERVERID=server-2");
  EXPECT_EQ(take_cookie(request, "SERVERID"), "server-2");
  EXPECT_FALSE(request.headers.has("Cookie"));
}

TEST(TakeCookie, WithoutItNothingChanges) {
  for (const char* cookies : {"XSERVERID=x; a", "SERVERIDS=1", ";;;"}) {
    HttpRequest request = with(cookies);
    EXPECT_EQ(take_cookie(request, "SERVERID"), "") << cookies;
    EXPECT_EQ(request.headers.get("Cookie"), cookies);
  }
  HttpRequest none = with(nullptr);
  EXPECT_EQ(take_cookie(none, "SERVERID"), "");
  HttpRequest off = with("SERVERID=server-2");
  EXPECT_EQ(take_cookie(off, ""), "");
  EXPECT_TRUE(off.headers.has("Cookie"));
}

TEST(InsertCookie, KeepsTheAnswerOutOfSharedCaches) {
  HttpResponse response;
  insert_cookie(response, "SERVERID", "server-1");
  EXPECT_EQ(response.headers.get("Set-Cookie"), "SERVERID=server-1; path=/");
  EXPECT_EQ(response.headers.get("Cache-Control"), "private");
}

}  // namespace
}  // namespace chaos
