#include "wire/s3.hpp"

#include <gtest/gtest.h>

namespace chaos::s3 {
namespace {

struct Parsed {
  Error error;
  Request request;
};

Parsed parse(std::string_view method, std::string_view target, std::optional<std::string_view> copy = {}) {
  Parsed parsed;
  parsed.error = parse_request({method, target, copy}, parsed.request);
  return parsed;
}

struct OperationCase {
  const char* method;
  const char* target;
  Operation operation;
};

class Operations : public testing::TestWithParam<OperationCase> {};

TEST_P(Operations, FollowMethodAndPath) {
  const auto& c = GetParam();
  const auto parsed = parse(c.method, c.target);
  ASSERT_EQ(parsed.error, Error::none);
  EXPECT_EQ(parsed.request.operation, c.operation);
}

INSTANTIATE_TEST_SUITE_P(All, Operations, testing::Values(
    OperationCase{"GET", "/", Operation::list_buckets},
    OperationCase{"PUT", "/receipts", Operation::create_bucket},
    OperationCase{"DELETE", "/receipts/", Operation::delete_bucket},
    OperationCase{"HEAD", "/receipts", Operation::head_bucket},
    OperationCase{"GET", "/receipts?location", Operation::get_bucket_location},
    OperationCase{"GET", "/receipts", Operation::list_objects},
    OperationCase{"GET", "/receipts/?list-type=2&prefix=a", Operation::list_objects_v2},
    OperationCase{"POST", "/receipts?delete", Operation::delete_objects},
    OperationCase{"GET", "/static/1", Operation::get_object},
    OperationCase{"HEAD", "/static/1", Operation::head_object},
    OperationCase{"PUT", "/static/a/b/c?x-id=PutObject", Operation::put_object},
    OperationCase{"DELETE", "/static/1", Operation::delete_object},
    OperationCase{"POST", "/static/1?uploads", Operation::create_multipart_upload},
    OperationCase{"PUT", "/static/1?partNumber=1&uploadId=x", Operation::upload_part},
    OperationCase{"POST", "/static/1?uploadId=x", Operation::complete_multipart_upload},
    OperationCase{"DELETE", "/static/1?uploadId=x", Operation::abort_multipart_upload},
    OperationCase{"GET", "/static/1?uploadId=x", Operation::list_parts},
    OperationCase{"GET", "/static?uploads", Operation::list_multipart_uploads},
    OperationCase{"GET", "/static?policy", Operation::get_setting},
    OperationCase{"PUT", "/static/1?acl", Operation::put_setting},
    OperationCase{"DELETE", "/static?lifecycle", Operation::delete_setting}));

TEST(S3Request, HasItsDocumentedName) {
  EXPECT_EQ(name(parse("GET", "/static?policy").request), "GetBucketPolicy");
  EXPECT_EQ(name(parse("GET", "/static/1?acl").request), "GetObjectAcl");
  EXPECT_EQ(name(parse("GET", "/static?uploads").request), "ListMultipartUploads");
  EXPECT_EQ(name(parse("PUT", "/static/1?partNumber=1&uploadId=x", "/static/2").request), "UploadPartCopy");
}

TEST(S3Request, ReadsPartsAndOverrides) {
  const auto part = parse("PUT", "/static/1?partNumber=7&uploadId=abc").request;
  EXPECT_EQ(part.part.number, 7);
  EXPECT_EQ(part.part.upload, "abc");
  for (const char* bad : {"0", "10001", "x", "-1", ""}) {
    EXPECT_EQ(parse("PUT", std::string("/static/1?uploadId=x&partNumber=") + bad).error, Error::invalid_argument) << bad;
  }
  EXPECT_EQ(parse("PUT", "/static/1?uploadId=x").error, Error::invalid_argument);
  const auto get = parse("GET", "/static/1?response-content-type=text%2Fplain");
  ASSERT_EQ(get.request.overrides.size(), 1u);
  EXPECT_EQ(get.request.overrides[0].first + "=" + get.request.overrides[0].second, "Content-Type=text/plain");
  EXPECT_EQ(parse("GET", "/static/1?response-content-type=a%0D%0AX:b").error, Error::invalid_argument);
}

TEST(S3Request, DecodesBucketKeyAndListing) {
  const auto parsed = parse("GET", "/static/?list-type=2&prefix=a%2Fb+c&delimiter=%2F&max-keys=7&continuation-token=612F62&encoding-type=url");
  ASSERT_EQ(parsed.error, Error::none);
  EXPECT_EQ(parsed.request.bucket, "static");
  EXPECT_EQ(parsed.request.list.prefix, "a/b c");
  EXPECT_EQ(parsed.request.list.delimiter, "/");
  EXPECT_EQ(parsed.request.list.max_keys, 7u);
  EXPECT_EQ(after_token(parsed.request.list.token), "a/b");
  EXPECT_TRUE(parsed.request.list.url_encoding);
  EXPECT_EQ(parse("GET", "/static/a%20b+c/d").request.key, "a b+c/d");
}

TEST(S3Request, ACopyIsAPutWithASource) {
  const auto parsed = parse("PUT", "/static/2", "/static/1");
  EXPECT_EQ(parsed.request.operation, Operation::copy_object);
  std::string bucket;
  std::string key;
  EXPECT_EQ(parse_copy_source("static/a%20b", bucket, key), Error::none);
  EXPECT_EQ(bucket + "|" + key, "static|a b");
  EXPECT_EQ(parse_copy_source("/static", bucket, key), Error::invalid_argument);
}

TEST(S3Request, RefusesWithTheDocumentedErrors) {
  EXPECT_EQ(parse("GET", "/UPPER/1").error, Error::invalid_bucket_name);
  EXPECT_EQ(parse("GET", "/../1").error, Error::invalid_bucket_name);
  EXPECT_EQ(parse("GET", "/%2e%2e/1").error, Error::invalid_bucket_name);
  EXPECT_EQ(parse("GET", "/static/%zz").error, Error::invalid_uri);
  EXPECT_EQ(parse("GET", "/static/%00").error, Error::invalid_uri);
  EXPECT_EQ(parse("GET", "/static/%C3%28").error, Error::invalid_uri);
  EXPECT_EQ(parse("GET", "http://elsewhere/").error, Error::invalid_uri);
  EXPECT_EQ(parse("POST", "/static/1").error, Error::method_not_allowed);
  EXPECT_EQ(parse("PATCH", "/static").error, Error::method_not_allowed);
  EXPECT_EQ(parse("POST", "/").error, Error::method_not_allowed);
  EXPECT_EQ(parse("GET", "/static?versions").error, Error::not_implemented);
  EXPECT_EQ(parse("GET", "/static/1?policy").error, Error::not_implemented);
  EXPECT_EQ(parse("GET", "/static/1?partNumber=1").error, Error::not_implemented);
  EXPECT_EQ(parse("GET", "/static?max-keys=many").error, Error::invalid_argument);
  EXPECT_EQ(parse("GET", "/static?prefix=%00").error, Error::invalid_argument);
  EXPECT_EQ(parse("GET", "/static?continuation-token=xyz").error, Error::invalid_argument);
}

TEST(S3Request, AKeyHasAtMost1024Bytes) {
  EXPECT_EQ(parse("GET", "/static/" + std::string(1024, 'k')).error, Error::none);
  EXPECT_EQ(parse("GET", "/static/" + std::string(1025, 'k')).error, Error::key_too_long);
}

TEST(S3Request, AListingHasAtMost1000Keys) {
  EXPECT_EQ(parse("GET", "/static?max-keys=5000").request.list.max_keys, 1000u);
}

TEST(S3BucketName, FollowsTheNamingRules) {
  for (const char* good : {"abc", "a-b.c", "123", "static"}) EXPECT_TRUE(valid_bucket_name(good)) << good;
  for (const char* bad : {"", "ab", "-ab", "ab-", "a..b", "a_b", "Abc", "a/b"}) EXPECT_FALSE(valid_bucket_name(bad)) << bad;
  EXPECT_FALSE(valid_bucket_name(std::string(64, 'a')));
}

TEST(S3Uri, EncodingIsUndoneByDecoding) {
  const std::string text = "a b/\xC3\xA4+%&\n~";
  EXPECT_EQ(uri_encode(text), "a%20b/%C3%A4%2B%25%26%0A~");
  EXPECT_EQ(uri_decode(uri_encode(text), false), text);
  EXPECT_EQ(query_encode("a/b"), "a%2Fb");
  EXPECT_EQ(uri_decode("a+b", true), "a b");
  EXPECT_EQ(uri_decode("%4", false), std::nullopt);
}

TEST(S3Error, CarriesCodeAndStatus) {
  EXPECT_EQ(describe(Error::no_such_key).status, 404u);
  EXPECT_EQ(describe(Error::slow_down).code, "SlowDown");
  EXPECT_EQ(describe(Error::slow_down).status, 503u);
  EXPECT_EQ(describe(Error::invalid_range).status, 416u);
  EXPECT_EQ(error_document(describe(Error::no_such_key), {"/static/<1>", "ID", "HOST"}, {{"Key", "<1>"}}),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not "
            "exist.</Message><Key>&lt;1&gt;</Key><Resource>/static/&lt;1&gt;</Resource><RequestId>ID</RequestId><HostId>HOST</HostId></Error>");
}

}  // namespace
}  // namespace chaos::s3
