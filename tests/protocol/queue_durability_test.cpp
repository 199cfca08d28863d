// What a SIGKILL leaves.
#include "queue_fixture.hpp"

#include <csignal>

namespace chaos::test {
namespace {

using QueueDurability = QueueNode;

TEST_F(QueueDurability, DefinitionsAndConfirmedMessagesSurviveWithTheirLimits) {
  compat("AMQP 0-9-1", "Queues", "durable queues, exchanges, bindings and persistent messages survive a SIGKILL; the others do not");
  const Output before = pika(R"(
ch.confirm_delivery()
ch.exchange_declare('t', 'topic', durable=True); ch.exchange_declare('f', 'fanout', durable=True); ch.exchange_declare('gone', 'fanout')
ch.exchange_bind('f', 't', 'order.#')
ch.queue_declare('dead', durable=True)
ch.queue_declare('q', durable=True, arguments={'x-message-ttl': 2000, 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead', 'x-max-priority': 3})
ch.queue_declare('transient'); ch.queue_bind('q', 'f', ''); ch.queue_bind('transient', 'f', ''); ch.queue_bind('dead', 'amq.headers', '', arguments={'x-match': 'all', 'a': 1})
for i in range(50): publish('order.%d' % i, str(i), 't', delivery_mode=2, priority=i % 4)
publish('order.x', 'not persistent', 't')
m, p, b = ch.basic_get('q'); ch.basic_nack(m.delivery_tag, requeue=False)
ch.basic_ack(ch.basic_get('q')[0].delivery_tag); publish('q', 'last', delivery_mode=2)
print(ch.queue_declare('q', passive=True).method.message_count, ch.queue_declare('dead', passive=True).method.message_count)
)");
  ASSERT_EQ(before.out, "50 1\n");   // 50 and the transient one, less the two that were taken, and the last
  node.kill_and_restart();
  const Output after = pika(R"(
depth = lambda q: ch.queue_declare(q, passive=True).method.message_count
first = depth('q') + depth('dead'); print(first)
for what in [lambda ch: ch.queue_declare('transient', passive=True), lambda ch: ch.exchange_declare('gone', passive=True)]: print(said(what)[:13])
m, p, b = ch.basic_get('q'); print(m.redelivered, p.priority, p.delivery_mode)
ch.basic_nack(m.delivery_tag, requeue=False)
until(lambda: depth('q') == 0); print(depth('dead'))
publish('order.new', 'x', 't'); publish('', 'x', 'amq.headers', headers={'a': 1}); print(depth('q'), depth('dead'))
)");
  EXPECT_EQ(after.out, "50\n404 NOT_FOUND\n404 NOT_FOUND\nTrue 3 2\n50\n1 51\n");
}

// A publisher and a consumer at work while the broker is killed, at another place of the stream each time. What was confirmed is
// there once, or was acknowledged before; nothing is there twice; what is there is marked as perhaps delivered before.
TEST_F(QueueDurability, KilledInTheMiddleOfTheStreamItKeepsWhatItConfirmed) {
  compat("AMQP 0-9-1", "Publishing", "a SIGKILL in the middle of the stream: what was confirmed is there, once");
  const std::string log = (script.path() / "said").string();
  ASSERT_EQ(pika("ch.queue_declare('q', durable=True)").out, "");
  for (const int confirmed : {1, 40, 300}) {
    std::ofstream(script.path() / "stream.py") << kPrelude << "start('" << node.address() << "')\nout = open('" << log << "', 'w')\n" << R"(
import threading
def consume():
    try:
        c = conn(); ch = c.channel(); ch.basic_qos(prefetch_count=7)
        def take(channel, m, p, body):
            if int(body) % 3 == 0: out.write('acked %s\n' % body.decode()); out.flush(); channel.basic_ack(m.delivery_tag)
            elif int(body) % 3 == 1 and not m.redelivered: channel.basic_nack(m.delivery_tag)
        ch.basic_consume('q', take); ch.start_consuming()
    except AMQPError: pass
threading.Thread(target=consume, daemon=True).start()
c = conn(); ch = c.channel(); ch.confirm_delivery()
try:
    for i in range(100000):
        ch.basic_publish('', 'q', b'%d' % i, pika.BasicProperties(delivery_mode=2)); out.write('confirmed %d\n' % i); out.flush()
except AMQPError: pass
)";
    Child stream({"/usr/bin/python3", (script.path() / "stream.py").string()}, script.path() / "log");
    const std::string reached = "grep -qx 'confirmed " + std::to_string(confirmed) + "' " + log;
    ASSERT_TRUE(eventually([&] { return sh(reached).exit == 0; }));
    node.kill_and_restart();
    ASSERT_NE(stream.wait(), -1);
    const Output after = pika("log = '" + log + R"('
said = [line.split() for line in open(log).read().splitlines()]
confirmed, acked = ({int(n) for word, n in said if word == which} for which in ('confirmed', 'acked'))
there = []
while True:
    m, p, b = ch.basic_get('q', auto_ack=True)
    if not m: break
    assert m.redelivered; there.append(int(b))
print(sorted(confirmed - acked - set(there)), len(there) - len(set(there)), len(there) > 0)
)");
    EXPECT_EQ(after.out, "[] 0 True\n") << confirmed;
  }
}

}  // namespace
}  // namespace chaos::test
