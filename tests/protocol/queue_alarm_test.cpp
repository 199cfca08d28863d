// Flow control: publishers are not read from while memory or disk is short.
#include "queue_fixture.hpp"

namespace chaos::test {
namespace {

class QueueMemory : public QueueNode {
 protected:
  QueueMemory() : QueueNode(R"({"config":{"node":{"memory_limit_mb":64}}})") {}   // 25.6 MB of messages
};

TEST_F(QueueMemory, TheAlarmBlocksPublishersUntilConsumersMadeRoom) {
  compat("AMQP 0-9-1", "Flow control", "connection.blocked and unblocked at the memory alarm; publishers wait, consumers go on", Compat::differs,
         "the alarm counts the messages held against 40 % of the memory limit, not the whole process");
  const Output out = pika(R"(
import threading
ch.queue_declare('q'); events = []
p = conn(); pch = p.channel(); pch.confirm_delivery()
p._impl.add_on_connection_blocked_callback(lambda c, m: events.append(m.method.reason))
p._impl.add_on_connection_unblocked_callback(lambda c, m: events.append('unblocked'))
sent = []
def fill():
    for i in range(16):
        pch.basic_publish('', 'q', b'x' * 2000000); sent.append(i)
filler = threading.Thread(target=fill); filler.start()
until(lambda: events); held = len(sent)
c.process_data_events(0.3); print(events, len(sent) == held, held)
import urllib.request, base64, json
def api(path): return urllib.request.urlopen(urllib.request.Request('http://%s:15672/api/%s' % (H, path), headers={'Authorization': 'Basic ' + base64.b64encode(b'guest:guest').decode()})).read()
node = json.loads(api('nodes'))[0]; print(node['mem_alarm'], node['disk_free_alarm'], node['mem_limit'])
print([x['state'] for x in json.loads(api('connections?sort=state'))])
try: api('health/checks/alarms')
except urllib.error.HTTPError as e: print(e.code, json.loads(e.read())['alarms'][0]['resource'])
got = []
ch.basic_consume('q', lambda c, m, p, b: got.append(1), auto_ack=True)
until(lambda: len(got) == 16); filler.join(); until(lambda: len(events) == 2, p); until(lambda: not json.loads(api('nodes'))[0]['mem_alarm']); print(events, json.loads(api('nodes'))[0]['mem_alarm'])
)");
  EXPECT_EQ(out.out, "['low on memory'] True 14\nTrue False 26843545\n['blocked', 'running']\n503 memory\n['low on memory', 'unblocked'] False\n");
  const std::string log = node.log();
  EXPECT_NE(log.find("resource_alarm_set"), std::string::npos) << log;
  EXPECT_NE(log.find("resource_alarm_cleared"), std::string::npos) << log;
}

class QueueDisk : public QueueNode {
 protected:
  QueueDisk() : QueueNode(R"({"config":{"queue":{"disk_free_limit_mb":1000000000}}})") {}
};

TEST_F(QueueDisk, TheDiskAlarmBlocksToo) {
  compat("AMQP 0-9-1", "Flow control", "the disk alarm (disk_free_limit_mb)");
  const Output out = pika(R"(
ch.queue_declare('q'); events = []; c.add_on_connection_blocked_callback(lambda c, m: events.append(m.method.reason))
publish('q', 'x'); until(lambda: events); print(events)
other = conn(); print(other.channel().queue_declare('q', passive=True).method.message_count)
)");
  EXPECT_EQ(out.out, "['low on disk']\n0\n");
  const std::string page = sh("curl -s http://" + node.address() + ":15692/metrics").out;
  EXPECT_NE(page.find("rabbitmq_alarms_free_disk_space_watermark 1\n"), std::string::npos) << page;
  EXPECT_NE(page.find("rabbitmq_alarms_memory_used_watermark 0\n"), std::string::npos) << page;
}

}  // namespace
}  // namespace chaos::test
