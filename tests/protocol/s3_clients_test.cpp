// s3cmd, aws and rclone against a store that checks their signatures.
#include "support/compat.hpp"
#include "support/needs.hpp"
#include "support/s3_tools.hpp"
#include "support/test_node.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace chaos::test {
namespace {

class S3Clients : public testing::Test {
 protected:
  S3Clients()
      : address(TestNode::fresh_address()), tools(address),
        node("object_store", 9000, R"({"config":{"object_store":{"static_objects":5,"static_object_kb":1,"max_object_mb":16,)" + tools.keys_json() + "}}}", address) {
    write_file(big(), 12'000'000);
    std::ofstream(dir.path() / "a.txt") << "hello object";
  }
  std::string big() const { return (dir.path() / "big").string(); }
  std::string file(const std::string& name) const { return (dir.path() / name).string(); }
  bool same_as_big(const std::string& name) const { return sh("cmp " + big() + " " + file(name)).exit == 0; }

  TempDir dir;
  std::string address;
  S3Tools tools;
  LoneNode node;
};

TEST_F(S3Clients, S3cmdMovesObjectsAndBuckets) {
  CHAOS_NEEDS(has_program("s3cmd"), "s3cmd is not installed");
  EXPECT_TRUE(has(tools.s3cmd("mb s3://mine").out, "created"));
  tools.s3cmd("put --add-header=x-amz-meta-color:blue " + file("a.txt") + " s3://mine/folder/a.txt");
  tools.s3cmd("put " + big() + " s3://mine/big");
  EXPECT_TRUE(has(tools.s3cmd("ls s3://mine").out, "DIR  s3://mine/folder/"));
  EXPECT_TRUE(has(tools.s3cmd("ls --recursive s3://mine").out, "12000000  s3://mine/big"));
  tools.s3cmd("cp s3://mine/big s3://mine/copy");
  tools.s3cmd("get s3://mine/copy " + file("got"));
  EXPECT_TRUE(same_as_big("got"));
  EXPECT_TRUE(has(tools.s3cmd("du s3://mine").out, "24000012"));
  tools.s3cmd("mv s3://mine/folder/a.txt s3://mine/b.txt");
  EXPECT_EQ(tools.s3cmd("get --force s3://mine/b.txt -").out.substr(0, 12), "hello object");
  EXPECT_TRUE(has(tools.s3cmd("rb s3://mine").out, "not empty"));
  tools.s3cmd("rm --recursive --force s3://mine");
  EXPECT_TRUE(has(tools.s3cmd("rb s3://mine").out, "removed"));
  compat("S3", "Clients", "s3cmd mb, rb, put, get, ls, du, cp, mv, rm --recursive; multipart put and copy");
}

TEST_F(S3Clients, S3cmdInfoFindsWhereNothingWasConfigured) {
  CHAOS_NEEDS(has_program("s3cmd"), "s3cmd is not installed");
  const std::string bucket = tools.s3cmd("info s3://static").out;
  EXPECT_TRUE(has(bucket, "Location:  us-east-1") && has(bucket, "Policy:    none") && has(bucket, "CORS:      none") && has(bucket, "ACL:       owner: FULL_CONTROL")) << bucket;
  const std::string object = tools.s3cmd("info s3://static/1").out;
  EXPECT_TRUE(has(object, "File size: 1024") && has(object, "MIME type: text/plain") && has(object, "FULL_CONTROL")) << object;
  const std::string metrics = sh("curl -s http://" + node.address() + ":9100/metrics").out;
  EXPECT_TRUE(has(metrics, "s3_requests_total{operation=\"GetBucketPolicy\",status=\"4xx\"}")) << metrics;
  EXPECT_FALSE(has(metrics, "status=\"5xx\""));
  compat("S3", "Clients", "s3cmd info");
}

TEST_F(S3Clients, AwsS3MovesObjectsInParts) {
  CHAOS_NEEDS(has_program("aws"), "aws is not installed");
  EXPECT_EQ(tools.aws("s3 mb s3://mine").exit, 0);
  EXPECT_EQ(tools.aws("s3 cp --no-progress " + big() + " s3://mine/big").exit, 0);
  EXPECT_TRUE(has(tools.aws("s3 ls s3://mine").out, "12000000 big"));
  EXPECT_EQ(tools.aws("s3 cp --no-progress s3://mine/big " + file("got")).exit, 0);
  EXPECT_TRUE(same_as_big("got"));
  const std::string head = tools.aws("s3api head-object --bucket mine --key big").out;
  EXPECT_TRUE(has(head, "-3\\\"\"")) << head;       // three parts
  EXPECT_EQ(tools.aws("s3 sync --no-progress " + dir.path().string() + " s3://mine/all").exit, 0);
  EXPECT_EQ(tools.aws("s3 sync " + dir.path().string() + " s3://mine/all").out, "");      // nothing is left to do
  EXPECT_EQ(tools.aws("s3 rm s3://mine/big").exit, 0);
  EXPECT_EQ(tools.aws("s3 rb --force s3://mine").exit, 0);
  EXPECT_FALSE(has(tools.aws("s3 ls").out, "mine"));
  compat("S3", "Clients", "aws s3 mb, ls, cp, sync, rm, rb; multipart cp");
}

TEST_F(S3Clients, AwsS3apiListsInPagesAndPresigns) {
  CHAOS_NEEDS(has_program("aws"), "aws is not installed");
  const std::string keys = tools.aws("s3api list-objects-v2 --bucket static --page-size 2 --query 'Contents[].Key' --output text").out;
  EXPECT_EQ(keys, "1\t2\n3\t4\n5\n");      // a line a page
  std::string url = tools.aws("s3 presign s3://static/3 --expires-in 60").out;
  url.pop_back();
  EXPECT_TRUE(has(url, "X-Amz-Signature=")) << url;
  EXPECT_EQ(sh("curl -s '" + url + "'").out.substr(0, 26), "static object 3 of the sho");
  EXPECT_TRUE(has(sh("curl -s '" + url + "0'").out, "<Code>SignatureDoesNotMatch</Code>"));
  compat("S3", "Clients", "aws s3api list-objects-v2 with pages; aws s3 presign");
}

TEST_F(S3Clients, RcloneCopiesSyncsAndChecks) {
  CHAOS_NEEDS(has_program("rclone"), "rclone is not installed");
  EXPECT_EQ(tools.rclone("mkdir lab:mine").exit, 0);
  EXPECT_EQ(tools.rclone("copy " + dir.path().string() + " lab:mine/all").exit, 0);
  const std::string listed = tools.rclone("ls lab:mine").out;
  EXPECT_TRUE(has(listed, " 12000000 all/big") && has(listed, "12 all/a.txt")) << listed;
  EXPECT_TRUE(has(tools.rclone("check " + dir.path().string() + " lab:mine/all").out, "0 differences found"));
  EXPECT_TRUE(has(tools.rclone("cat lab:mine/all/a.txt").out, "hello object"));
  EXPECT_EQ(tools.rclone("copyto lab:mine/all/big " + file("got")).exit, 0);
  EXPECT_TRUE(same_as_big("got"));
  std::filesystem::remove(dir.path() / "got");
  std::ofstream(dir.path() / "a.txt") << "changed";
  EXPECT_EQ(tools.rclone("sync " + dir.path().string() + " lab:mine/all").exit, 0);
  EXPECT_TRUE(has(tools.rclone("cat lab:mine/all/a.txt").out, "changed"));
  EXPECT_EQ(tools.rclone("purge lab:mine").exit, 0);
  compat("S3", "Clients", "rclone mkdir, copy, copyto, ls, check, cat, sync, purge; multipart copy");
}

TEST_F(S3Clients, S3cmdSignurlIsOfVersionTwoAndRefusedClearly) {
  CHAOS_NEEDS(has_program("s3cmd"), "s3cmd is not installed");
  std::string url = tools.s3cmd("signurl s3://static/1 +60").out;
  url.pop_back();
  const std::string answer = sh("curl -s '" + url + "'").out;
  EXPECT_TRUE(has(answer, "<Code>InvalidRequest</Code>") && has(answer, "Please use AWS4-HMAC-SHA256")) << answer;
  compat("S3", "Signatures", "s3cmd signurl (Signature Version 2)", Compat::refused,
         "with keys configured InvalidRequest, as in regions that know Version 4 alone; without keys the URL works, as every request does");
}

}  // namespace
}  // namespace chaos::test
