// rabbitmqadmin on the queue of a lab under load.
#include "support/compat.hpp"
#include "support/lab.hpp"
#include "support/needs.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace chaos::test {
namespace {

TEST(Rabbitmqadmin, SeesTheShopsReceiptsMoveAndEmptiesAQueue) {
  CHAOS_NEEDS(!tool("rabbitmqadmin").empty(), "rabbitmqadmin is not unpacked");
  Lab lab(test_drill("steady"), "--speed 60");
  ASSERT_TRUE(lab.up());
  const std::string host = lab.address("queue-1");
  auto admin = [&](const std::string& arguments) { return sh("/usr/bin/python3 " + tool("rabbitmqadmin") + " -H " + host + " " + arguments + " 2>&1").out; };
  auto number = [&](const std::string& column) {
    std::istringstream in(admin("-f tsv -q list queues " + column));
    double value = -1;
    in >> value;
    return value;
  };

  // Orders come as Poisson: the receipts' rates are those of the lab's traffic, in and out.
  ASSERT_TRUE(eventually([&] { return number("message_stats.ack_details.rate") > 0.5; }, std::chrono::seconds(60))) << admin("list queues");
  const double published = number("message_stats.publish");
  ASSERT_TRUE(eventually([&] { return number("message_stats.publish") > published + 5; }, std::chrono::seconds(60)));
  EXPECT_GT(number("message_stats.publish_details.rate"), 0);
  EXPECT_GE(number("consumers"), 1);
  EXPECT_NE(admin("-f tsv -q list consumers queue.name prefetch_count ack_required").find("receipts\t"), std::string::npos);
  EXPECT_NE(admin("-f tsv -q list connections user state").find("guest\trunning"), std::string::npos);
  compat("Clients", "rabbitmqadmin", "list queues, consumers and connections of the shop under load, with its rates");

  // A worker that is stopped leaves a backlog; purging it is the operator's loss.
  const Output stopped = lab.ctl("stop worker-1");
  ASSERT_EQ(stopped.exit, 0) << stopped.out;
  ASSERT_TRUE(eventually([&] { return number("messages_ready") >= 100; }, std::chrono::seconds(60))) << admin("list queues name messages consumers");
  EXPECT_NE(admin("-f tsv get queue=receipts").find("receipts"), std::string::npos);
  const double before = number("messages_ready");
  EXPECT_EQ(admin("purge queue name=receipts"), "queue purged\n");
  EXPECT_LT(number("messages_ready"), before);
  compat("Clients", "rabbitmqadmin", "purge a backlog");
}

}  // namespace
}  // namespace chaos::test
