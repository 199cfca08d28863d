// amqp-tools and pika against the queue.
#include "support/process.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace chaos::test {
namespace {

class Queue : public testing::Test {
 protected:
  Queue() : node("queue", 5672) {}
  std::string url() const { return "-u amqp://guest:guest@" + node.address() + ":5672"; }
  Output python(const std::string& code) {
    std::ofstream(script.path() / "t.py") << "import pika, sys\nc = pika.BlockingConnection(pika.ConnectionParameters('" + node.address() + "'))\nch = c.channel()\n" + code;
    return sh("/usr/bin/python3 " + (script.path() / "t.py").string());
  }
  TempDir script;
  LoneNode node;
};

TEST_F(Queue, AmqpToolsDeclarePublishAndGet) {
  EXPECT_EQ(sh("amqp-declare-queue " + url() + " -q jobs -d").out, "jobs\n");
  EXPECT_EQ(sh("amqp-publish " + url() + " -r jobs -p -b hello").exit, 0);
  const Output got = sh("amqp-get " + url() + " -q jobs");
  EXPECT_EQ(got.out, "hello");
  EXPECT_EQ(sh("amqp-get " + url() + " -q jobs").exit, 2);
}

TEST_F(Queue, UnacknowledgedMessagesComeBackAsRedelivered) {
  const Output output = python(
      "ch.queue_declare('jobs', durable=True)\n"
      "ch.confirm_delivery()\n"
      "ch.basic_publish('', 'jobs', b'one', pika.BasicProperties(delivery_mode=2), mandatory=True)\n"
      "m, p, b = ch.basic_get('jobs')\n"
      "print(m.redelivered, b.decode())\n"
      "c.close()\n"
      "c = pika.BlockingConnection(pika.ConnectionParameters('" + node.address() + "'))\nch = c.channel()\n"
      "m, p, b = ch.basic_get('jobs')\n"
      "print(m.redelivered, b.decode())\n"
      "ch.basic_ack(m.delivery_tag)\nc.close()\n");
  EXPECT_EQ(output.out, "False one\nTrue one\n");
}

TEST_F(Queue, PrefetchBoundsWhatIsUnacknowledged) {
  const Output output = python(
      "ch.queue_declare('jobs', durable=True)\n"
      "for i in range(10): ch.basic_publish('', 'jobs', str(i).encode())\n"
      "ch.basic_qos(prefetch_count=3)\n"
      "got = []\n"
      "ch.basic_consume('jobs', lambda c, m, p, b: got.append(m.delivery_tag))\n"
      "c.process_data_events(time_limit=0.5)\n"
      "print(len(got))\n"
      "ch.basic_ack(got[-1], multiple=True)\n"
      "c.process_data_events(time_limit=0.5)\n"
      "print(len(got))\nc.close()\n");
  EXPECT_EQ(output.out, "3\n6\n");
}

TEST_F(Queue, ConfirmedPersistentMessagesSurviveSigkill) {
  const Output published = python(
      "ch.queue_declare('jobs', durable=True)\nch.confirm_delivery()\n"
      "for i in range(500): ch.basic_publish('', 'jobs', str(i).encode(), pika.BasicProperties(delivery_mode=2))\nprint('ok')\n");
  ASSERT_EQ(published.out, "ok\n");
  node.kill_and_restart();
  const Output counted = python("print(ch.queue_declare('jobs', durable=True, passive=True).method.message_count)\n");
  EXPECT_EQ(counted.out, "500\n");
}

TEST_F(Queue, APassiveDeclareOfNothingIs404AndGarbageClosesOnlyItsConnection) {
  EXPECT_NE(python("ch.queue_declare('nothing', passive=True)\n").out.find("404"), std::string::npos);
  sh("head -c 5000 /dev/urandom | timeout 3 nc -q1 " + node.address() + " 5672 || true");
  EXPECT_EQ(sh("amqp-declare-queue " + url() + " -q jobs -d").out, "jobs\n");
}

}  // namespace
}  // namespace chaos::test
