// s3cmd, aws and rclone on the object store of a lab under load: the receipts that the workers put there.
#include "support/compat.hpp"
#include "support/lab.hpp"
#include "support/needs.hpp"
#include "support/s3_tools.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace chaos::test {
namespace {

std::size_t lines(const std::string& text) { return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')); }

class ObjectStoreOfALab : public testing::Test {
 protected:
  ObjectStoreOfALab() : lab(test_drill("steady"), "--speed 60") {
    if (!lab.up()) return;
    store = lab.address("object_store-1");
    tools = std::make_unique<S3Tools>(store);
  }
  /// The receipts' page as the worker renders it, from the order's row in Postgres.
  void expect_receipt(const std::string& page, const std::string& order) const {
    EXPECT_TRUE(has(page, "<title>Receipt " + order + "</title>") && has(page, "<h1>Receipt for order " + order + "</h1>")) << page;
    EXPECT_TRUE(has(page, "<tr><th>id</th><td>" + order + "</td></tr>")) << page;
    const std::string psql = tool("psql");
    if (psql.empty()) return;
    const std::string item = sh(psql + " -h " + lab.address("postgres-1") + " -U shop -Atc 'select item_id from orders where id = " + order + "'").out;
    if (item.find_first_not_of("0123456789\n") == std::string::npos && !item.empty()) {
      EXPECT_TRUE(has(page, "<td>" + item.substr(0, item.size() - 1) + "</td>")) << page << item;
    }
  }
  Lab lab;
  std::string store;
  std::unique_ptr<S3Tools> tools;
};

TEST_F(ObjectStoreOfALab, S3cmdSeesTheReceiptsGrow) {
  CHAOS_NEEDS(has_program("s3cmd"), "s3cmd is not installed");
  ASSERT_TRUE(lab.up());
  std::string listed;
  ASSERT_TRUE(eventually([&] { return lines(listed = tools->s3cmd("ls s3://receipts").out) >= 5; }, std::chrono::seconds(40))) << listed;
  const std::size_t before = lines(listed);
  EXPECT_TRUE(eventually([&] { return lines(tools->s3cmd("ls s3://receipts").out) > before; }, std::chrono::seconds(30)));
  std::string order = listed.substr(listed.rfind('/') + 1);
  order.pop_back();
  expect_receipt(tools->s3cmd("get s3://receipts/" + order + " -").out, order);
  EXPECT_TRUE(has(tools->s3cmd("info s3://receipts/" + order).out, "text/html; charset=utf-8"));
  EXPECT_TRUE(has(tools->s3cmd("du s3://static").out, "50 objects s3://static"));
  compat("Clients", "s3cmd", "ls, get, info and du of a lab under load: receipts grow and are what the workers rendered");
}

TEST_F(ObjectStoreOfALab, AwsReadsWhatTheWorkersWrote) {
  CHAOS_NEEDS(has_program("aws"), "aws is not installed");
  ASSERT_TRUE(lab.up());
  std::string order;
  ASSERT_TRUE(eventually([&] {
    std::istringstream keys(tools->aws("s3api list-objects-v2 --bucket receipts --max-items 1 --query 'Contents[0].Key' --output text").out);
    return static_cast<bool>(keys >> order) && order.find_first_not_of("0123456789") == std::string::npos;
  }, std::chrono::seconds(60))) << order;
  expect_receipt(tools->aws("s3 cp s3://receipts/" + order + " -").out, order);
  EXPECT_TRUE(has(tools->aws("s3 ls s3://static --summarize").out, "Total Objects: 50"));
  compat("Clients", "aws", "s3 ls, s3 cp and s3api of a lab under load");
}

TEST_F(ObjectStoreOfALab, RcloneTakesACopyWhileItGrows) {
  CHAOS_NEEDS(has_program("rclone"), "rclone is not installed");
  ASSERT_TRUE(lab.up());
  ASSERT_TRUE(eventually([&] { return lines(tools->rclone("lsf lab:receipts").out) >= 5; }, std::chrono::seconds(40)));
  TempDir copy;
  EXPECT_EQ(tools->rclone("sync lab:receipts " + copy.path().string()).exit, 0);
  EXPECT_TRUE(has(tools->rclone("check --one-way " + copy.path().string() + " lab:receipts").out, "0 differences found"));
  const auto first = std::filesystem::directory_iterator(copy.path())->path();
  expect_receipt(sh("cat " + first.string()).out, first.filename().string());
  EXPECT_TRUE(eventually([&] {
    const auto copied = std::distance(std::filesystem::directory_iterator(copy.path()), std::filesystem::directory_iterator{});
    return lines(tools->rclone("lsf lab:receipts").out) > static_cast<std::size_t>(copied);
  }, std::chrono::seconds(30)));
  compat("Clients", "rclone", "sync, check and ls of a lab under load");
}

// The same lab, whose store has a key, which stands in one place: everything of the lab that asks it signs.
TEST(ObjectStoreWithAKey, WorkersCdnAndTheLedgerCheckAreLetIn) {
  CHAOS_NEEDS(has_program("s3cmd"), "s3cmd is not installed");
  TempDir dir;
  const std::string drill = (dir.path() / "steady.yaml").string();
  const std::string keys = "access_key: AKIDLAB, secret_key: secret/of+the=lab";
  ASSERT_EQ(sh("sed -e 's|{static_objects: 50}|{static_objects: 50, " + keys + "}|' " + test_drill("steady") + " > " + drill + "; grep -c 'access_key: AKIDLAB' " + drill).out, "1\n");
  Lab lab(drill, "--speed 60");
  ASSERT_TRUE(lab.up());
  const S3Tools tools(lab.address("object_store-1"));
  EXPECT_TRUE(eventually([&] { return lines(tools.s3cmd("ls s3://receipts").out) >= 5; }, std::chrono::seconds(40))) << tools.s3cmd("ls s3://receipts").out;
  EXPECT_TRUE(has(tools.curl("", "/receipts").out, "<Code>AccessDenied</Code>"));
  EXPECT_TRUE(has(sh("curl -s http://" + lab.address("cdn-1") + ":8080/static/7").out, "static object 7"));
  const Output down = lab.ctl("down --settle", 90);
  EXPECT_EQ(down.exit, 0) << down.out;
  EXPECT_EQ(lab.ctl("postmortem").exit, 0);
  const std::string report = sh("cat " + lab.data().string() + "/reports/*.md").out;
  EXPECT_TRUE(has(report, " 0 lost, 0 without a receipt")) << report;
  compat("S3", "Signatures", "a store with a key in a lab under load: workers, CDN and the ledger check sign");
}

}  // namespace
}  // namespace chaos::test
