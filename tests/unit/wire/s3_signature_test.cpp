// The examples of the Amazon S3 API Reference, "Authenticating Requests (AWS Signature Version 4)".
#include "wire/s3_signature.hpp"

#include "wire/s3_checksum.hpp"

#include <gtest/gtest.h>

namespace chaos::s3 {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

const Credentials kExample{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};
constexpr std::int64_t kExampleTime = 1369353600;     // 2013-05-24 00:00:00
const std::string kEmpty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

std::string authorization(const std::string& fields, const std::string& signature) {
  return "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=" + fields + ",Signature=" + signature;
}

// The signature that a request must have, as its fields say.
std::string right_signature(std::string_view method, std::string_view target, const Pairs& fields, std::size_t size = 0) {
  const SignedRequest request{method, target, fields, size};
  Authorization said;
  EXPECT_EQ(parse_authorization(request, said), Error::none);
  return calculate(request, said, kExample).signature;
}

TEST(S3Signature, OfAGetWithARange) {
  const Pairs fields{{"Host", "examplebucket.s3.amazonaws.com"}, {"Range", "bytes=0-9"}, {"x-amz-content-sha256", kEmpty},
                     {"x-amz-date", "20130524T000000Z"}, {"Authorization", authorization("host;range;x-amz-content-sha256;x-amz-date", "x")}};
  EXPECT_EQ(right_signature("GET", "/test.txt", fields), "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST(S3Signature, OfAPutWhoseKeyNeedsEncoding) {
  const std::string payload = sha256_hex_of("Welcome to Amazon S3.");
  const Pairs fields{{"Host", "examplebucket.s3.amazonaws.com"}, {"Date", "Fri, 24 May 2013 00:00:00 GMT"}, {"x-amz-content-sha256", payload},
                     {"x-amz-date", "20130524T000000Z"}, {"x-amz-storage-class", "REDUCED_REDUNDANCY"},
                     {"Authorization", authorization("date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class", "x")}};
  EXPECT_EQ(right_signature("PUT", "/test%24file.text", fields), "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

TEST(S3Signature, OfQueriesWithAndWithoutValues) {
  Pairs fields{{"Host", "examplebucket.s3.amazonaws.com"}, {"x-amz-content-sha256", kEmpty}, {"x-amz-date", "20130524T000000Z"},
               {"Authorization", authorization("host;x-amz-content-sha256;x-amz-date", "x")}};
  EXPECT_EQ(right_signature("GET", "/?lifecycle", fields), "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  EXPECT_EQ(right_signature("GET", "/?max-keys=2&prefix=J", fields), "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
  EXPECT_EQ(right_signature("GET", "/?prefix=J&max-keys=2", fields), "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

TEST(S3Signature, OfAPresignedUrlAndItsLife) {
  const Pairs fields{{"Host", "examplebucket.s3.amazonaws.com"}};
  const std::string target =
      "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
      "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
      "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
  Authorization said;
  const SignedRequest request{"GET", target, fields, 0};
  ASSERT_EQ(parse_authorization(request, said), Error::none);
  EXPECT_EQ(said.kind, Authorization::Kind::presigned);
  EXPECT_EQ(calculate(request, said, kExample).signature, said.signature);
  Error why = Error::none;
  EXPECT_TRUE(in_time(said, kExampleTime + 86'400, why));
  EXPECT_FALSE(in_time(said, kExampleTime + 86'401, why));
  EXPECT_EQ(why, Error::request_expired);
  EXPECT_FALSE(in_time(said, kExampleTime - 901, why));
  EXPECT_EQ(why, Error::request_time_too_skewed);
}

TEST(S3Signature, OfAnUploadInChunks) {
  const Pairs fields{{"Host", "s3.amazonaws.com"}, {"x-amz-date", "20130524T000000Z"}, {"x-amz-storage-class", "REDUCED_REDUNDANCY"},
                     {"x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"}, {"Content-Encoding", "aws-chunked"},
                     {"x-amz-decoded-content-length", "66560"},
                     {"Authorization", authorization("content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class",
                                                     "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9")}};
  const SignedRequest request{"PUT", "/examplebucket/chunkObject.txt", fields, 66824};
  Authorization said;
  ASSERT_EQ(parse_authorization(request, said), Error::none);
  EXPECT_EQ(calculate(request, said, kExample).signature, said.signature);
  const auto chunk = [](const std::string& size, const std::string& signature, const std::string& data) {
    return size + ";chunk-signature=" + signature + "\r\n" + data + "\r\n";
  };
  std::string body = chunk("10000", "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648", std::string(65536, 'a')) +
                     chunk("400", "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497", std::string(1024, 'a')) +
                     chunk("0", "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9", "");
  EXPECT_EQ(body.size(), 66824u);
  EXPECT_TRUE(chunks_match(read_chunked(body).value(), said, kExample));
  body[body.find('a', 100)] = 'b';
  EXPECT_FALSE(chunks_match(read_chunked(body).value(), said, kExample));
}

TEST(S3Signature, WhatIsSignedHereIsRightThere) {
  Pairs fields{{"Host", "127.42.90.1:9000"}};
  const auto added = sign({"PUT", "/receipts/7", fields, 3}, "abc", kExample, kExampleTime);
  fields.insert(fields.end(), added.begin(), added.end());
  Authorization said;
  const SignedRequest request{"PUT", "/receipts/7", fields, 3};
  ASSERT_EQ(parse_authorization(request, said), Error::none);
  EXPECT_EQ(said.access_key, kExample.access_key);
  EXPECT_EQ(said.payload, sha256_hex_of("abc"));
  EXPECT_EQ(calculate(request, said, kExample).signature, said.signature);
  Error why = Error::none;
  EXPECT_TRUE(in_time(said, kExampleTime + 900, why));
  EXPECT_FALSE(in_time(said, kExampleTime + 901, why));
}

Error parsed(const Pairs& fields, std::string_view target, Authorization& said) { return parse_authorization({"GET", target, fields, 0}, said); }

TEST(S3Authorization, TellsWhatItIs) {
  Authorization said;
  EXPECT_EQ(parsed({}, "/static/1", said), Error::none);
  EXPECT_EQ(said.kind, Authorization::Kind::anonymous);
  EXPECT_EQ(parsed({{"Authorization", "AWS AKID:sig="}}, "/static/1", said), Error::none);
  EXPECT_EQ(said.kind, Authorization::Kind::version_2);
  said = {};
  EXPECT_EQ(parsed({}, "/static/1?AWSAccessKeyId=A&Expires=1&Signature=x", said), Error::none);
  EXPECT_EQ(said.kind, Authorization::Kind::version_2);
}

TEST(S3Authorization, MalformedOnesAreRefused) {
  Authorization said;
  const std::string date = "20130524T000000Z";
  for (const std::string& field : {std::string("Basic x"), std::string("AWS4-HMAC-SHA256 "), authorization("x-amz-date", "x"), authorization("x-amz-date;host", "x"),
                                   authorization("host", "")}) {
    EXPECT_EQ(parsed({{"Authorization", field}, {"x-amz-date", date}, {"x-amz-content-sha256", kEmpty}}, "/", said), Error::authorization_malformed) << field;
  }
  const std::string good = authorization("host", "x");
  EXPECT_EQ(parsed({{"Authorization", good}, {"x-amz-content-sha256", kEmpty}}, "/", said), Error::authorization_malformed);
  EXPECT_EQ(parsed({{"Authorization", good}, {"x-amz-date", "20130525T000000Z"}, {"x-amz-content-sha256", kEmpty}}, "/", said), Error::authorization_malformed);
  EXPECT_EQ(parsed({}, "/1?X-Amz-Signature=x", said), Error::authorization_query);
  EXPECT_EQ(parsed({}, "/1?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=x&X-Amz-Expires=604801", said), Error::authorization_query);
}

TEST(S3Checksum, AgreesWithThePublishedCheckValues) {
  EXPECT_EQ(checksum("crc32", "123456789"), "y/Q5Jg==");
  EXPECT_EQ(checksum("crc32c", "123456789"), "4waSgw==");
  EXPECT_EQ(checksum("crc64nvme", "123456789"), "rosUhgp5mIg=");
  EXPECT_EQ(checksum("sha1", ""), "2jmj7l5rSw0yVb/vlWAYkK/YBwk=");
  EXPECT_EQ(checksum("sha256", ""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  EXPECT_EQ(checksum("md4", ""), std::nullopt);
}

}  // namespace
}  // namespace chaos::s3
