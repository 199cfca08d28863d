// amqp-tools beside the shop's own traffic.
#include "support/compat.hpp"
#include "support/lab.hpp"

#include <gtest/gtest.h>

namespace chaos::test {
namespace {

TEST(AmqpTools, ReadTheShopsReceiptsFromAQueueOfTheirOwn) {
  Lab lab(test_drill("steady"), "--speed 60");
  ASSERT_TRUE(lab.up());
  const std::string url = "-u amqp://guest:guest@" + lab.address("queue-1") + ":5672";
  ASSERT_TRUE(eventually([&] { return sh("amqp-declare-queue " + url + " -q mine -d").out == "mine\n"; }));
  EXPECT_EQ(sh("amqp-publish " + url + " -r mine -p -b by-hand").exit, 0);
  EXPECT_EQ(sh("amqp-get " + url + " -q mine").out, "by-hand");
  EXPECT_EQ(sh("amqp-get " + url + " -q mine").exit, 2) << "empty";

  // One receipt of the shop, while its worker is away.
  EXPECT_EQ(lab.ctl("stop worker-1").exit, 0);
  std::string receipt;
  ASSERT_TRUE(eventually([&] { return !(receipt = sh("timeout 20 amqp-consume " + url + " -q receipts -c 1 cat").out).empty(); }, std::chrono::seconds(60)));
  EXPECT_NE(receipt.find("order"), std::string::npos) << receipt;
  EXPECT_EQ(sh("amqp-delete-queue " + url + " -q mine").out, "0\n");
  compat("Clients", "amqp-tools", "amqp-declare-queue, -publish, -get, -consume, -delete-queue in a lab under load");
}

}  // namespace
}  // namespace chaos::test
