// s3cmd and curl against the object store, and curl against the CDN in front of it.
#include "support/process.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <fstream>

namespace chaos::test {
namespace {

class ObjectStore : public testing::Test {
 protected:
  ObjectStore() : node("object_store", 9000, R"({"config":{"object_store":{"static_objects":20,"static_object_kb":1}}})") {}
  std::string s3cmd(const std::string& arguments) {
    return sh("s3cmd --no-ssl --access_key=x --secret_key=y --host=" + node.address() + ":9000 --host-bucket=" + node.address() + ":9000 " + arguments).out;
  }
  std::string url(const std::string& path) const { return "http://" + node.address() + ":9000" + path; }
  LoneNode node;
};

TEST_F(ObjectStore, S3cmdPutsListsAndGets) {
  TempDir dir;
  std::ofstream(dir.path() / "a.txt") << "hello object";
  EXPECT_NE(s3cmd("ls").find("s3://static"), std::string::npos);
  s3cmd("mb s3://mine");
  s3cmd("put " + (dir.path() / "a.txt").string() + " s3://mine/folder/a.txt");
  EXPECT_NE(s3cmd("ls s3://mine/folder/").find("s3://mine/folder/a.txt"), std::string::npos);
  s3cmd("get s3://mine/folder/a.txt " + (dir.path() / "b.txt").string());
  EXPECT_EQ(sh("cat " + (dir.path() / "b.txt").string()).out, "hello object");
}

TEST_F(ObjectStore, ErrorsAreTheDocumentedXml) {
  const std::string missing = sh("curl -s -w '%{http_code}' " + url("/static/none")).out;
  EXPECT_NE(missing.find("<Code>NoSuchKey</Code>"), std::string::npos) << missing;
  EXPECT_NE(missing.find("404"), std::string::npos);
  EXPECT_NE(sh("curl -s " + url("/nowhere/x")).out.find("<Code>NoSuchBucket</Code>"), std::string::npos);
}

TEST_F(ObjectStore, HeadRangeAndConditionalGet) {
  const std::string head = sh("curl -sI " + url("/static/1")).out;
  EXPECT_NE(head.find("200"), std::string::npos);
  const auto etag_at = head.find("ETag: ");
  ASSERT_NE(etag_at, std::string::npos) << head;
  const std::string etag = head.substr(etag_at + 6, head.find('\r', etag_at) - etag_at - 6);
  EXPECT_EQ(sh("curl -s -o /dev/null -w '%{http_code}' -H 'If-None-Match: " + etag + "' " + url("/static/1")).out, "304");
  EXPECT_EQ(sh("curl -s -o /dev/null -w '%{http_code} %{size_download}' -H 'Range: bytes=0-9' " + url("/static/1")).out, "206 10");
}

TEST_F(ObjectStore, StoredObjectsSurviveSigkillAndNoKeyLeavesTheStore) {
  EXPECT_EQ(sh("curl -s -o /dev/null -w '%{http_code}' -X PUT --data kept " + url("/receipts/1")).out, "200");
  sh("curl -s --path-as-is -X PUT --data evil " + url("/receipts/../../evil"));
  node.kill_and_restart();
  EXPECT_EQ(sh("curl -s " + url("/receipts/1")).out, "kept");
  EXPECT_FALSE(std::filesystem::exists(node.data() / "evil"));
}

TEST_F(ObjectStore, TheCdnCachesInFrontOfIt) {
  const std::string state = R"({"peers":[{"name":"object_store-1","role":"object_store","address":")" + node.address() + R"(","duty":"DUTY_ACTIVE"}]})";
  LoneNode cdn("cdn", 8080, state);
  const std::string at = "http://" + cdn.address() + ":8080/static/3";
  EXPECT_NE(sh("curl -si " + at).out.find("X-Cache: MISS"), std::string::npos);
  const std::string hit = sh("curl -si " + at).out;
  EXPECT_NE(hit.find("X-Cache: HIT"), std::string::npos) << hit;
  EXPECT_NE(hit.find("Age: "), std::string::npos);
  node.process().signal(SIGKILL);
  node.process().wait();
  EXPECT_NE(sh("curl -si " + at).out.find("X-Cache: HIT"), std::string::npos);
  EXPECT_NE(sh("curl -si -X PURGE " + at).out.find("200"), std::string::npos);
  EXPECT_NE(sh("curl -si " + at).out.find("HTTP/1.1 50"), std::string::npos);
}

}  // namespace
}  // namespace chaos::test
