// python3-pika in a lab under load.
#include "support/compat.hpp"
#include "support/lab.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace chaos::test {
namespace {

TEST(Pika, TakesTheShopsReceiptsBesideTheWorker) {
  Lab lab(test_drill("steady"), "--speed 60");
  ASSERT_TRUE(lab.up());
  TempDir dir;
  std::ofstream(dir.path() / "t.py") << "import pika, sys, time\nH = '" << lab.address("queue-1") << "'\n" << R"(
end = time.time() + 60
while True:
    try: c = pika.BlockingConnection(pika.ConnectionParameters(H)); ch = c.channel(); depth = ch.queue_declare('receipts', passive=True); break
    except Exception as e:
        if time.time() > end: raise
        time.sleep(0.2)
assert depth.method.consumer_count >= 1, depth
got = []
ch.basic_qos(prefetch_count=2)
ch.basic_consume('receipts', lambda c, m, p, b: got.append((m.delivery_tag, p.delivery_mode, b)))
while len(got) < 2 and time.time() < end: c.process_data_events(0.2)
ch.queue_declare('marker', exclusive=True)
ch.basic_consume('marker', lambda c, m, p, b: got.append('marker'), auto_ack=True)
ch.basic_publish('', 'marker', b'')   # comes behind all that the broker had for this consumer before
while 'marker' not in got and time.time() < end: c.process_data_events(0.2)
got.remove('marker')
print(len(got), {mode for tag, mode, body in got}, all(b'order' in body for tag, mode, body in got))
ch.basic_nack(got[-1][0], multiple=True, requeue=True)
c.close()
)";
  const Output out = sh("/usr/bin/python3 " + (dir.path() / "t.py").string() + " 2>&1", 90);
  EXPECT_EQ(out.out, "2 {2} True\n");
  compat("Clients", "pika", "a second consumer of the shop's receipts under load: its share, bounded by its prefetch, given back");
}

}  // namespace
}  // namespace chaos::test
