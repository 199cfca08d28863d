#include "s3_fixture.hpp"

#include "wire/http_date.hpp"

namespace chaos {
namespace {

using testing::HasSubstr;

TEST_F(S3Actions, ANewStoreHasItsBucketsAndStaticObjects) {
  EXPECT_EQ(good("GET", "/static/3").body, static_content(3, 100));
  EXPECT_EQ(bad("GET", "/static/4"), s3::Error::no_such_key);
  EXPECT_EQ(good("HEAD", "/receipts").status, 200u);
  EXPECT_THAT(good("GET", "/").body, HasSubstr("<Name>receipts</Name>"));
}

TEST_F(S3Actions, WhatWasDeletedDoesNotComeBackWithARestart) {
  good("DELETE", "/static/1");
  reopen();
  EXPECT_TRUE(store_->fill(3, 100, 3000));
  EXPECT_EQ(bad("GET", "/static/1"), s3::Error::no_such_key);
}

TEST_F(S3Actions, AnObjectGoesBackAsItCame) {
  Headers headers = with("Content-Type", "text/html");
  headers.add("X-Amz-Meta-Color", "blue");
  headers.add("Cache-Control", "max-age=60");
  headers.add("Authorization", "AWS x:y");
  EXPECT_EQ(good("PUT", "/receipts/a/b%20c", "hello", headers).headers.get("ETag"), to_etag(md5("hello")));
  reopen();
  const auto got = good("GET", "/receipts/a/b%20c");
  EXPECT_EQ(got.body, "hello");
  EXPECT_EQ(got.headers.get("Content-Type"), "text/html");
  EXPECT_EQ(got.headers.get("x-amz-meta-color"), "blue");
  EXPECT_EQ(got.headers.get("Cache-Control"), "max-age=60");
  EXPECT_EQ(got.headers.get("Last-Modified"), http::format_date(2000));
  EXPECT_FALSE(got.headers.has("Authorization"));
  const auto head = good("HEAD", "/receipts/a/b%20c");
  EXPECT_TRUE(head.head && head.body.empty() && head.head_length == 5);
}

TEST_F(S3Actions, RangesAndConditions) {
  const auto part = good("GET", "/static/1", {}, with("Range", "bytes=2-5"));
  EXPECT_EQ(part.status, 206u);
  EXPECT_EQ(part.body, static_content(1, 100).substr(2, 4));
  EXPECT_EQ(part.headers.get("Content-Range"), "bytes 2-5/100");
  EXPECT_EQ(bad("GET", "/static/1", {}, with("Range", "bytes=100-")), s3::Error::invalid_range);
  const auto etag = to_etag(md5(static_content(1, 100)));
  const auto same = good("GET", "/static/1", {}, with("If-None-Match", etag));
  EXPECT_EQ(same.status, 304u);
  EXPECT_EQ(same.headers.get("ETag"), etag);
  EXPECT_EQ(good("GET", "/static/1", {}, with("If-Modified-Since", http::format_date(1000))).status, 304u);
  EXPECT_EQ(good("GET", "/static/1", {}, with("If-Modified-Since", http::format_date(999))).status, 200u);
  EXPECT_EQ(bad("GET", "/static/1", {}, with("If-Match", "\"x\"")), s3::Error::precondition_failed);
}

TEST_F(S3Actions, UploadsAreCheckedAndBounded) {
  EXPECT_EQ(bad("PUT", "/receipts/x", std::string(1001, 'x')), s3::Error::entity_too_large);
  EXPECT_EQ(bad("PUT", "/receipts/x", "abc", with("Content-MD5", to_base64(md5("abd")))), s3::Error::bad_digest);
  EXPECT_EQ(bad("PUT", "/nowhere/x", "abc"), s3::Error::no_such_bucket);
  EXPECT_EQ(bad("PUT", "/static/1", "abc", with("If-None-Match", "*")), s3::Error::precondition_failed);
  EXPECT_EQ(bad("GET", "/receipts/x"), s3::Error::no_such_key);
  Headers chunked = with("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
  chunked.add("x-amz-decoded-content-length", "3");
  good("PUT", "/receipts/x", "3;chunk-signature=1\r\nabc\r\n0;chunk-signature=2\r\n\r\n", chunked);
  EXPECT_EQ(good("GET", "/receipts/x").body, "abc");
  EXPECT_EQ(bad("PUT", "/receipts/x", "3\r\nab", chunked), s3::Error::incomplete_body);
}

TEST_F(S3Actions, CopiesKeepOrReplaceTheMetadata) {
  good("PUT", "/receipts/x", "abc", with("Content-Type", "text/html"));
  EXPECT_THAT(good("PUT", "/static/y", {}, with("x-amz-copy-source", "/receipts/x")).body, HasSubstr("CopyObjectResult"));
  EXPECT_EQ(good("GET", "/static/y").headers.get("Content-Type"), "text/html");
  Headers replace = with("x-amz-copy-source", "/receipts/x");
  replace.add("x-amz-metadata-directive", "REPLACE");
  replace.add("Content-Type", "text/css");
  good("PUT", "/static/y", {}, replace);
  EXPECT_EQ(good("GET", "/static/y").headers.get("Content-Type"), "text/css");
  EXPECT_EQ(bad("PUT", "/static/y", {}, with("x-amz-copy-source", "/receipts/none")), s3::Error::no_such_key);
}

TEST_F(S3Actions, CopiesObeyConditionsAndNeverDoNothing) {
  good("PUT", "/receipts/x", "abc");
  EXPECT_EQ(bad("PUT", "/receipts/x", {}, with("x-amz-copy-source", "receipts/x")), s3::Error::copy_onto_itself);
  Headers unless = with("x-amz-copy-source", "receipts/x");
  unless.add("x-amz-copy-source-if-none-match", to_etag(md5("abc")));
  EXPECT_EQ(bad("PUT", "/receipts/y", {}, unless), s3::Error::precondition_failed);
}

TEST_F(S3Actions, ConditionalWrites) {
  good("PUT", "/receipts/x", "abc", with("If-None-Match", "*"));
  EXPECT_EQ(bad("PUT", "/receipts/x", "abd", with("If-None-Match", "*")), s3::Error::precondition_failed);
  good("PUT", "/receipts/x", "abd", with("If-Match", to_etag(md5("abc"))));
  EXPECT_EQ(bad("PUT", "/receipts/x", "abe", with("If-Match", to_etag(md5("abc")))), s3::Error::precondition_failed);
  EXPECT_EQ(bad("PUT", "/receipts/y", "abe", with("If-Match", "*")), s3::Error::no_such_key);
  EXPECT_EQ(good("GET", "/receipts/x").body, "abd");
}

TEST_F(S3Actions, WhatCannotBeKeptIsRefused) {
  EXPECT_EQ(bad("PUT", "/receipts/x", "abc", with("x-amz-server-side-encryption", "AES256")), s3::Error::not_implemented);
  EXPECT_EQ(bad("PUT", "/receipts/x", "abc", with("x-amz-acl", "public-read")), s3::Error::acl_not_supported);
  EXPECT_EQ(bad("PUT", "/receipts/x", "abc", with("x-amz-meta-long", std::string(2050, 'x'))), s3::Error::metadata_too_large);
  EXPECT_EQ(bad("PUT", "/receipts/x", "abc", with("Content-MD5", "nonsense")), s3::Error::invalid_digest);
  EXPECT_EQ(bad("PUT", "/receipts/x", "123456789", with("x-amz-checksum-crc32", "AAAAAA==")), s3::Error::checksum_mismatch);
  EXPECT_EQ(good("PUT", "/receipts/x", "123456789", with("x-amz-checksum-crc32", "y/Q5Jg==")).status, 200u);
}

TEST_F(S3Actions, ABucketWithoutConfigurationSaysSo) {
  EXPECT_EQ(bad("GET", "/static?policy"), s3::Error::no_such_bucket_policy);
  EXPECT_EQ(bad("GET", "/static?cors"), s3::Error::no_such_cors);
  EXPECT_EQ(bad("GET", "/static?lifecycle"), s3::Error::no_such_lifecycle);
  EXPECT_EQ(bad("GET", "/static?tagging"), s3::Error::no_such_tag_set);
  EXPECT_THAT(good("GET", "/static/1?tagging").body, HasSubstr("<TagSet></TagSet>"));
  EXPECT_THAT(good("GET", "/static/1?acl").body, HasSubstr("FULL_CONTROL"));
  EXPECT_EQ(bad("GET", "/static/none?acl"), s3::Error::no_such_key);
  EXPECT_EQ(bad("GET", "/nowhere?policy"), s3::Error::no_such_bucket);
  EXPECT_EQ(good("DELETE", "/static?policy").status, 204u);
  EXPECT_EQ(bad("PUT", "/static?policy", "{}"), s3::Error::not_implemented);
  EXPECT_EQ(good("PUT", "/static?acl", {}, with("x-amz-acl", "private")).status, 200u);
  EXPECT_EQ(bad("PUT", "/static?acl", {}, with("x-amz-acl", "public-read")), s3::Error::acl_not_supported);
}

TEST_F(S3Actions, AnAnswerCarriesTheFieldsThatItsUrlAsksFor) {
  EXPECT_EQ(good("GET", "/static/1?response-content-type=text%2Fcss").headers.get("Content-Type"), "text/css");
}

TEST_F(S3Actions, BucketsComeAndGo) {
  good("PUT", "/new-bucket");
  EXPECT_EQ(bad("PUT", "/new-bucket"), s3::Error::bucket_already_owned);
  good("PUT", "/new-bucket/k", "v");
  EXPECT_EQ(bad("DELETE", "/new-bucket"), s3::Error::bucket_not_empty);
  EXPECT_THAT(good("POST", "/new-bucket?delete", "<Delete><Object><Key>k</Key></Object></Delete>").body, HasSubstr("<Deleted><Key>k</Key></Deleted>"));
  EXPECT_EQ(bad("POST", "/new-bucket?delete", "nonsense"), s3::Error::malformed_xml);
  EXPECT_EQ(good("DELETE", "/new-bucket").status, 204u);
  reopen();
  EXPECT_EQ(bad("HEAD", "/new-bucket"), s3::Error::no_such_bucket);
}

TEST_F(S3Actions, DeletingWhatIsNotThereIsFine) { EXPECT_EQ(good("DELETE", "/static/none").status, 204u); }

TEST_F(S3Actions, HalfWrittenAndForeignFilesAreNoObjects) {
  std::ofstream(root_ / "tmp" / "7") << "half";
  std::ofstream(root_ / "buckets" / "static" / "foreign") << "not an object";
  std::filesystem::resize_file(root_ / "buckets" / "static" / "2", 50);
  EXPECT_EQ(reopen(), 2u);
  EXPECT_FALSE(std::filesystem::exists(root_ / "tmp" / "7"));
  EXPECT_EQ(bad("GET", "/static/2"), s3::Error::no_such_key);
  EXPECT_EQ(good("GET", "/static/1").status, 200u);
}

TEST_F(S3Actions, TheCacheNeverShowsWhatWasReplaced) {
  good("PUT", "/receipts/x", "old");
  EXPECT_EQ(good("GET", "/receipts/x").body, "old");
  EXPECT_GT(store_->cache().bytes(), 0u);
  good("PUT", "/receipts/x", "new");
  EXPECT_EQ(good("GET", "/receipts/x").body, "new");
  good("DELETE", "/receipts/x");
  EXPECT_EQ(bad("GET", "/receipts/x"), s3::Error::no_such_key);
  good("PUT", "/receipts/x", "again");
  EXPECT_EQ(good("GET", "/receipts/x").body, "again");
}

TEST_F(S3Actions, AFileThatIsLostUnderneathIsAnInternalError) {
  std::filesystem::remove(root_ / "buckets" / "static" / "2");
  EXPECT_EQ(bad("GET", "/static/2"), s3::Error::internal_error);
  EXPECT_EQ(bad("HEAD", "/static/2"), s3::Error::internal_error);
}

TEST_F(S3Actions, LongKeysAndHostileKeysAreObjectsLikeOthers) {
  const std::string long_key(1024, 'k');
  for (const auto& key : {long_key, std::string("..%2F..%2Fetc"), std::string(".created"), std::string("a//b/"), std::string("..")}) {
    good("PUT", "/receipts/" + key, "body of " + key.substr(0, 20));
  }
  reopen();
  EXPECT_EQ(good("GET", "/receipts/" + long_key).body, "body of " + long_key.substr(0, 20));
  EXPECT_EQ(good("GET", "/receipts/../../etc").body, "body of ..%2F..%2Fetc");
  EXPECT_EQ(good("GET", "/receipts/..").body, "body of ..");
}

}  // namespace
}  // namespace chaos
