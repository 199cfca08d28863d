// What a SIGKILL leaves.
#include "queue_fixture.hpp"

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

}  // namespace
}  // namespace chaos::test
