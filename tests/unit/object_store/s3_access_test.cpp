#include "object_store/object_cache.hpp"
#include "object_store/s3_access.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

constexpr std::int64_t kNow = 1'700'000'000;
const s3::Credentials kKeys{"AKID", "secret"};

HttpRequest signed_request(const s3::Credentials& keys, std::int64_t at = kNow) {
  HttpRequest request;
  request.method = "PUT";
  request.target = "/receipts/a%20b?x=1";
  request.body = "hello";
  request.headers.add("Host", "127.0.0.1:9000");
  const s3::Fields fields(request.headers.begin(), request.headers.end());
  const auto added = s3::sign({request.method, request.target, fields, request.body.size()}, request.body, keys, at);
  for (const auto& [name, value] : added) request.headers.add(name, value);
  return request;
}

class Access : public testing::Test {
 protected:
  Access() { access_.set(kKeys); }
  s3::Error check(const HttpRequest& request) const { return access_.check(request, kNow).error; }
  S3Access access_;
};

TEST_F(Access, WithoutKeysEverybodyMay) {
  access_.set({});
  EXPECT_EQ(check(HttpRequest{}), s3::Error::none);
  EXPECT_EQ(check(signed_request({"other", "x"})), s3::Error::none);
}

TEST_F(Access, WithKeysOnlyTheirSignatureOpens) {
  EXPECT_EQ(check(signed_request(kKeys)), s3::Error::none);
  EXPECT_EQ(check(HttpRequest{}), s3::Error::access_denied);
  EXPECT_EQ(check(signed_request({"other", "secret"})), s3::Error::invalid_access_key);
  EXPECT_EQ(check(signed_request({"AKID", "wrong"})), s3::Error::signature_does_not_match);
  EXPECT_EQ(check(signed_request(kKeys, kNow - 901)), s3::Error::request_time_too_skewed);
  EXPECT_EQ(check(signed_request(kKeys, kNow + 901)), s3::Error::request_time_too_skewed);
}

TEST_F(Access, WhatWasSignedMustArrive) {
  auto request = signed_request(kKeys);
  request.body = "hallo";
  EXPECT_EQ(check(request), s3::Error::content_sha256_mismatch);
  request = signed_request(kKeys);
  request.target = "/receipts/other";
  const auto verdict = access_.check(request, kNow);
  EXPECT_EQ(verdict.error, s3::Error::signature_does_not_match);
  ASSERT_EQ(verdict.details.size(), 4u);
  EXPECT_EQ(verdict.details[1].first, "StringToSign");
}

TEST_F(Access, NoFieldOfTheStoreMayBeAddedToWhatWasSigned) {
  auto request = signed_request(kKeys);
  request.headers.add("X-Amz-Copy-Source", "/static/1");
  const auto verdict = access_.check(request, kNow);
  EXPECT_EQ(verdict.error, s3::Error::headers_not_signed);
  ASSERT_EQ(verdict.details.size(), 1u);
  EXPECT_EQ(verdict.details[0].second, "x-amz-copy-source");
}

TEST_F(Access, VersionTwoIsRefusedClearly) {
  HttpRequest request;
  request.headers.add("Authorization", "AWS AKID:c2ln");
  EXPECT_EQ(check(request), s3::Error::signature_v2);
  request = {};
  request.target = "/static/1?AWSAccessKeyId=AKID&Expires=1&Signature=x";
  EXPECT_EQ(check(request), s3::Error::signature_v2);
}

ObjectPtr object(const std::string& key, std::size_t size) {
  StoredObject made;
  made.head.key = key;
  made.body = std::string(size, 'x');
  return std::make_shared<const StoredObject>(std::move(made));
}

TEST(ObjectCache, HoldsTheLastUsedWithinItsBytes) {
  ObjectCache cache;
  cache.set_capacity(3 * 1000 + 3 * sizeof(StoredObject) + 100);
  for (const char* key : {"a", "b", "c"}) cache.put("static", object(key, 1000));
  EXPECT_TRUE(cache.find("static", "a"));
  cache.put("static", object("d", 1000));
  EXPECT_FALSE(cache.find("static", "b"));
  EXPECT_TRUE(cache.find("static", "a") && cache.find("static", "c") && cache.find("static", "d"));
  EXPECT_FALSE(cache.find("receipts", "a"));
  cache.erase("static", "a");
  EXPECT_FALSE(cache.find("static", "a"));
  cache.set_capacity(0);
  EXPECT_EQ(cache.bytes(), 0u);
}

TEST(ObjectCache, LargeObjectsAreNotHeld) {
  ObjectCache cache;
  cache.set_capacity(1 << 30);
  cache.put("static", object("a", ObjectCache::kMaxObject));
  EXPECT_FALSE(cache.find("static", "a"));
  EXPECT_EQ(cache.bytes(), 0u);
}

}  // namespace
}  // namespace chaos
