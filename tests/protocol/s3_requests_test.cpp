// S3's requests one by one, by curl: answers, errors and their documents.
#include "support/compat.hpp"
#include "support/s3_tools.hpp"
#include "support/test_node.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace chaos::test {
namespace {

class S3Requests : public testing::Test {
 protected:
  S3Requests() : S3Requests(R"({"config":{"object_store":{"static_objects":5,"static_object_kb":1,"max_object_mb":0.01}}})") {}
  explicit S3Requests(const std::string& state) : address(TestNode::fresh_address()), tools(address), node("object_store", 9000, state, address) {}
  std::string ask(const std::string& arguments, const std::string& path) const { return tools.curl(arguments, path).out; }
  std::string status(const std::string& arguments, const std::string& path) const { return ask("-o /dev/null -w '%{http_code}' " + arguments, path); }
  void expect_error(const std::string& arguments, const std::string& path, const std::string& code, const std::string& http) const {
    const std::string answer = ask("-w ' %{http_code}' " + arguments, path);
    EXPECT_TRUE(has(answer, "<Code>" + code + "</Code>") && answer.ends_with(" " + http)) << arguments << " " << path << ": " << answer;
    compat("S3", "Errors", code + " (" + http + ")");
  }
  std::string address;
  S3Tools tools;
  LoneNode node;
};

TEST_F(S3Requests, ErrorsAreTheDocumentedXml) {
  const std::string missing = ask("-i", "/static/none");
  EXPECT_TRUE(has(missing, "<Code>NoSuchKey</Code>") && has(missing, "<Key>none</Key>") && has(missing, "<Resource>/static/none</Resource>")) << missing;
  EXPECT_TRUE(has(missing, "x-amz-request-id: ") && has(missing, "x-amz-id-2: ") && has(missing, "Content-Type: application/xml")) << missing;
  expect_error("", "/static/none", "NoSuchKey", "404");
  expect_error("", "/nowhere/x", "NoSuchBucket", "404");
  expect_error("-X PUT", "/static", "BucketAlreadyOwnedByYou", "409");
  expect_error("-X DELETE", "/static", "BucketNotEmpty", "409");
  expect_error("-X PUT", "/Not_A_Bucket", "InvalidBucketName", "400");
  expect_error("-H 'Range: bytes=5000-'", "/static/1", "InvalidRange", "416");
  expect_error("-H 'If-Match: \"x\"'", "/static/1", "PreconditionFailed", "412");
  expect_error("-X PATCH", "/static/1", "MethodNotAllowed", "405");
  expect_error("", "/static?versions", "NotImplemented", "501");
  expect_error("", "/static?max-keys=many", "InvalidArgument", "400");
  expect_error("", "/static/" + std::string(1025, 'k'), "KeyTooLongError", "400");
  expect_error("-X POST --data nonsense", "/static?delete", "MalformedXML", "400");
  expect_error("-X POST --data '<Delete><Object><Key></Key></Object></Delete>'", "/static?delete", "MalformedXML", "400");
  expect_error("-X PUT --data abc -H 'Content-MD5: 1B2M2Y8AsgTpgAmY7PhCfg=='", "/receipts/x", "BadDigest", "400");
  expect_error("-X PUT --data " + std::string(12'000, 'x'), "/receipts/x", "EntityTooLarge", "400");
  expect_error("-X PUT --data x", "/receipts/x?partNumber=1&uploadId=none", "NoSuchUpload", "404");
  expect_error("-X PUT --data x -H 'x-amz-acl: public-read'", "/receipts/x", "AccessControlListNotSupported", "400");
}

TEST_F(S3Requests, AnUnconfiguredBucketAnswersAsS3Does) {
  for (const auto& [query, code] : {std::pair{"policy", "NoSuchBucketPolicy"}, {"cors", "NoSuchCORSConfiguration"}, {"lifecycle", "NoSuchLifecycleConfiguration"},
                                    {"tagging", "NoSuchTagSet"}, {"website", "NoSuchWebsiteConfiguration"}, {"replication", "ReplicationConfigurationNotFoundError"},
                                    {"encryption", "ServerSideEncryptionConfigurationNotFoundError"}, {"publicAccessBlock", "NoSuchPublicAccessBlockConfiguration"},
                                    {"object-lock", "ObjectLockConfigurationNotFoundError"}}) {
    expect_error("", std::string("/static?") + query, code, "404");
  }
  EXPECT_TRUE(has(ask("", "/static?acl"), "<Permission>FULL_CONTROL</Permission>"));
  EXPECT_TRUE(has(ask("", "/static?location"), "<LocationConstraint xmlns"));
  EXPECT_TRUE(has(ask("", "/static?versioning"), "<VersioningConfiguration xmlns"));
  EXPECT_TRUE(has(ask("", "/static/1?tagging"), "<TagSet></TagSet>"));
  EXPECT_EQ(status("-X DELETE", "/static?policy"), "204");
  compat("S3", "Buckets", "?acl, ?location, ?versioning, ?logging, ?notification, ?requestPayment, ?accelerate, ?ownershipControls");
  compat("S3", "Buckets", "PUT of a policy, CORS, lifecycle, tags, website, ...", Compat::refused, "NotImplemented: the store keeps no configuration");
  compat("S3", "Buckets", "PUT ?acl, x-amz-acl", Compat::differs, "ACLs are off (BucketOwnerEnforced, S3's own default): private and bucket-owner-full-control are taken, others refused");
}

TEST_F(S3Requests, RangesAndConditions) {
  EXPECT_EQ(ask("-H 'Range: bytes=7-12' -w ' %{http_code}'", "/static/2"), "object 206");
  EXPECT_EQ(status("-H 'Range: bytes=-10'", "/static/2"), "206");
  EXPECT_EQ(status("-H 'Range: bytes=0-1,4-5'", "/static/2"), "200");
  const std::string head = ask("-I", "/static/2");
  const auto from = head.find("ETag: ") + 6;
  const std::string etag = head.substr(from, head.find('\r', from) - from);
  EXPECT_TRUE(has(head, "Content-Length: 1024") && has(head, "Accept-Ranges: bytes") && has(head, "Last-Modified: ")) << head;
  EXPECT_EQ(status("-H 'Range: bytes=0-3' -H 'If-Range: " + etag + "'", "/static/2"), "206");
  EXPECT_EQ(status("-H 'Range: bytes=0-3' -H 'If-Range: \"another\"'", "/static/2"), "200");
  EXPECT_EQ(status("-H 'If-Match: W/" + etag + "'", "/static/2"), "412") << "strong comparison";
  EXPECT_EQ(status("-H 'If-None-Match: " + etag + "'", "/static/2"), "304");
  EXPECT_EQ(status("-H 'If-Match: " + etag + "'", "/static/2"), "200");
  EXPECT_EQ(status("-H 'If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT'", "/static/2"), "304");
  EXPECT_EQ(status("-H 'If-Unmodified-Since: Sat, 01 Jan 2000 00:00:00 GMT'", "/static/2"), "412");
  EXPECT_EQ(status("-X PUT --data x -H 'If-None-Match: *'", "/static/2"), "412");
  EXPECT_EQ(status("-X PUT --data x -H 'If-Match: " + etag + "'", "/static/2"), "200");
  compat("S3", "Objects", "GET and HEAD with Range (suffix too), If-Match, If-None-Match, If-Modified-Since, If-Unmodified-Since");
  compat("S3", "Objects", "PUT with If-Match, If-None-Match");
  compat("S3", "Objects", "GET with several ranges", Compat::differs, "answered with the whole, 200");
}

TEST_F(S3Requests, MetadataChecksumsAndCopies) {
  EXPECT_EQ(status("-X PUT --data 123456789 -H 'Content-Type: text/css' -H 'x-amz-meta-color: blue' -H 'x-amz-checksum-crc32: y/Q5Jg=='", "/receipts/m"), "200");
  EXPECT_TRUE(has(ask("-i", "/receipts/m"), "x-amz-meta-color: blue"));
  EXPECT_TRUE(has(ask("-X PUT -H 'x-amz-copy-source: /receipts/m'", "/receipts/n"), "<CopyObjectResult"));
  EXPECT_TRUE(has(ask("-i", "/receipts/n"), "Content-Type: text/css"));
  EXPECT_TRUE(has(ask("-X PUT -H 'x-amz-copy-source: /receipts/m' -H 'x-amz-metadata-directive: REPLACE' -H 'Content-Type: text/html'", "/receipts/m"), "<CopyObjectResult"));
  EXPECT_TRUE(has(ask("-i", "/receipts/m?response-cache-control=no-store"), "Cache-Control: no-store"));
  EXPECT_TRUE(has(ask("-X PUT --data x -H 'x-amz-checksum-crc32: AAAAAA=='", "/receipts/m"), "<Code>BadDigest</Code>"));
  const std::string deleted = ask("-X POST --data '<Delete><Object><Key>m</Key></Object><Object><Key>none</Key></Object></Delete>'", "/receipts?delete");
  EXPECT_TRUE(has(deleted, "<Deleted><Key>m</Key></Deleted><Deleted><Key>none</Key></Deleted>")) << deleted;
  EXPECT_FALSE(has(ask("-X POST --data '<Delete><Quiet>true</Quiet><Object><Key>n</Key></Object></Delete>'", "/receipts?delete"), "<Deleted>"));
  EXPECT_EQ(status("", "/receipts/n"), "404");
  compat("S3", "Objects", "PUT, GET, HEAD, DELETE; Content-Type and x-amz-meta-* kept; response-* of a GET");
  compat("S3", "Objects", "Copy, x-amz-metadata-directive, x-amz-copy-source-if-*");
  compat("S3", "Objects", "DeleteObjects, quiet");
  compat("S3", "Objects", "Content-MD5; x-amz-checksum-crc32, -crc32c, -crc64nvme, -sha1, -sha256", Compat::differs, "checked on upload, not kept with the object");
}

TEST_F(S3Requests, MultipartUploadsAreChecked) {
  const std::string begun = ask("-X POST", "/receipts/big?uploads");
  const auto from = begun.find("<UploadId>") + 10;
  const std::string upload = "uploadId=" + begun.substr(from, begun.find('<', from) - from);
  const auto part = [](int number, const std::string& md5) {
    return "<Part><PartNumber>" + std::to_string(number) + "</PartNumber><ETag>" + md5 + "</ETag></Part>";
  };
  const auto complete = [](const std::string& parts) { return "-X POST --data '<CompleteMultipartUpload>" + parts + "</CompleteMultipartUpload>'"; };
  const std::string x = "9dd4e461268c8034f5c8564e155c67a6";      // MD5 of "x"
  for (const char* number : {"1", "2"}) EXPECT_EQ(status("-X PUT --data x", "/receipts/big?" + upload + "&partNumber=" + number), "200");
  expect_error(complete(part(1, x) + part(2, x)), "/receipts/big?" + upload, "EntityTooSmall", "400");
  expect_error(complete(part(2, x) + part(1, x)), "/receipts/big?" + upload, "InvalidPartOrder", "400");
  expect_error(complete(part(3, x)), "/receipts/big?" + upload, "InvalidPart", "400");
  EXPECT_TRUE(has(ask("", "/receipts?uploads"), "<Key>big</Key>"));
  EXPECT_TRUE(has(ask("", "/receipts/big?" + upload), "<PartNumber>2</PartNumber>"));
  EXPECT_TRUE(has(sh("curl -s http://" + address + ":9100/metrics").out, "s3_multipart_uploads 1"));
  EXPECT_TRUE(has(ask(complete(part(1, x)), "/receipts/big?" + upload), "-1&quot;</ETag>"));
  EXPECT_TRUE(has(ask(complete(part(1, x)), "/receipts/big?" + upload), "-1&quot;</ETag>")) << "a retry";
  EXPECT_EQ(ask("", "/receipts/big"), "x");
  EXPECT_EQ(status("-X PUT --data y", "/receipts/big"), "200");
  EXPECT_TRUE(has(ask(complete(part(1, x)), "/receipts/big?" + upload), "<Code>NoSuchUpload</Code>"));
  compat("S3", "Multipart uploads", "A completion that is repeated: 200 and the same ETag", Compat::differs, "for as long as the object is the one it made, not for a time");
  compat("S3", "Multipart uploads", "The size of the whole object", Compat::differs, "max_object_mb bounds it as it bounds one piece; parts that wait are bounded by max_upload_mb and expire");
  compat("S3", "Objects", "ListObjectVersions, GetObjectAttributes, ?partNumber of an object, tags, locks, encryption, Select, torrents", Compat::refused, "NotImplemented");
  compat("S3", "Buckets", "LocationConstraint", Compat::differs, "any region is taken, GetBucketLocation says us-east-1");
}

TEST_F(S3Requests, ListingsOfBothVersions) {
  for (const char* key : {"a/1", "a/2", "b/1", "c%20d"}) EXPECT_EQ(status("-X PUT --data x", std::string("/receipts/") + key), "200");
  const std::string grouped = ask("", "/receipts?list-type=2&delimiter=/");
  EXPECT_TRUE(has(grouped, "<KeyCount>3</KeyCount>") && has(grouped, "<CommonPrefixes><Prefix>a/</Prefix></CommonPrefixes>") && has(grouped, "<Key>c d</Key>")) << grouped;
  const std::string page = ask("", "/receipts?list-type=2&max-keys=1&prefix=a/");
  EXPECT_TRUE(has(page, "<Key>a/1</Key>") && has(page, "<IsTruncated>true</IsTruncated>")) << page;
  const auto from = page.find("<NextContinuationToken>") + 23;
  const std::string token = page.substr(from, page.find('<', from) - from);
  EXPECT_TRUE(has(ask("", "/receipts?list-type=2&prefix=a/&continuation-token=" + token), "<KeyCount>1</KeyCount>"));
  EXPECT_TRUE(has(ask("", "/receipts?list-type=2&start-after=b/1"), "<KeyCount>1</KeyCount>"));
  EXPECT_TRUE(has(ask("", "/receipts?marker=b/1&encoding-type=url"), "<Key>c%20d</Key>"));
  EXPECT_TRUE(has(ask("", "/receipts?delimiter=/&max-keys=1"), "<NextMarker>a/</NextMarker>"));
  EXPECT_TRUE(has(ask("", "/"), "<Name>receipts</Name>"));
  compat("S3", "Listings", "ListObjectsV2: prefix, delimiter, max-keys, continuation-token, start-after, fetch-owner, encoding-type");
  compat("S3", "Listings", "ListObjects: marker, NextMarker; ListBuckets");
}

class S3Busy : public S3Requests {
 protected:
  S3Busy() : S3Requests(R"({"config":{"object_store":{"static_objects":5,"station":{"slots":1,"queue":0,"service_ms":400,"service_cv":0}}}})") {}
};

TEST_F(S3Busy, AFullQueueIsSlowDown) {
  const std::string many = sh("for i in 1 2 3 4; do curl -s -w ' %{http_code}\\n' " + tools.url("/static/1") + "?$i & done; wait").out;
  EXPECT_TRUE(has(many, "<Code>SlowDown</Code>") && has(many, " 503") && has(many, " 200")) << many;
  EXPECT_TRUE(has(sh("curl -s http://" + address + ":9100/metrics").out, "s3_requests_total{operation=\"GetObject\",status=\"5xx\"} 3"));
  compat("S3", "Errors", "SlowDown (503)");
}

class S3Faulty : public S3Requests {
 protected:
  S3Faulty() : S3Requests(R"({"config":{"object_store":{"static_objects":5}},"faults":[{"id":"f","probability":1,"error":{"status":500}}]})") {}
};

TEST_F(S3Faulty, AnInjectedErrorIsS3sOwn) {
  const std::string answer = ask("-i", "/static/1");
  EXPECT_TRUE(has(answer, "HTTP/1.1 500") && has(answer, "<Code>InternalError</Code>") && has(answer, "x-amz-request-id: ")) << answer;
  EXPECT_TRUE(has(sh("curl -s http://" + address + ":9100/metrics").out, "s3_requests_total{operation=\"GetObject\",status=\"5xx\"} 1"));
  compat("S3", "Errors", "InternalError (500)");
}

}  // namespace
}  // namespace chaos::test
