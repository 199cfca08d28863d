// What queues do to messages by themselves: time, length, dead letters, priorities.
#include "queue_fixture.hpp"

namespace chaos::test {
namespace {

using QueueLimitsOfNode = QueueNode;

TEST_F(QueueLimitsOfNode, MessagesExpireByTheirOwnTimeOrTheQueues) {
  compat("AMQP 0-9-1", "Queue arguments", "x-message-ttl and the property expiration", Compat::differs, "milliseconds of lab time; at speed 1 the same");
  compat("AMQP 0-9-1", "Queue arguments", "x-expires", Compat::differs, "milliseconds of lab time; at speed 1 the same");
  const Output out = pika(R"(
depth = lambda q: ch.queue_declare(q, passive=True).method.message_count
ch.queue_declare('ttl', arguments={'x-message-ttl': 150}); ch.queue_declare('own'); ch.queue_declare('zero', arguments={'x-message-ttl': 0})
begin = time.time(); publish('ttl', 'x'); publish('own', 'x', expiration='100'); publish('own', 'stays'); publish('zero', 'x')
print(depth('ttl'), depth('own'))
until(lambda: depth('ttl') == 0); print(0.1 < time.time() - begin)
until(lambda: depth('own') == 1); print(get('own'), depth('zero'))
now = []; ch.basic_consume('zero', lambda c, m, p, b: now.append(b.decode()), auto_ack=True); publish('zero', 'at once'); until(lambda: now); print(now)
ch.queue_declare('unused', arguments={'x-expires': 200}); ch.queue_declare('kept', arguments={'x-expires': 200}); ch.basic_consume('kept', lambda *a: 0)
until(lambda: (time.sleep(0.3), said(lambda ch: ch.queue_declare('unused', passive=True))[:3] == '404')[1])
print(said(lambda ch: ch.queue_declare('unused', passive=True)), said(lambda ch: ch.queue_declare('kept', passive=True)))
)");
  EXPECT_EQ(out.out, "1 2\nTrue\nstays 0\n['at once']\n404 NOT_FOUND - no queue 'unused' in vhost '/' nothing\n");
}

TEST_F(QueueLimitsOfNode, LengthIsBoundedAtTheHeadOrByRefusal) {
  compat("AMQP 0-9-1", "Queue arguments", "x-max-length, x-max-length-bytes");
  compat("AMQP 0-9-1", "Queue arguments", "x-overflow: drop-head, reject-publish, reject-publish-dlx");
  const Output out = pika(R"(
depth = lambda q: ch.queue_declare(q, passive=True).method.message_count
ch.queue_declare('three', arguments={'x-max-length': 3}); ch.queue_declare('bytes', arguments={'x-max-length-bytes': 10})
for i in range(10): publish('three', str(i)); publish('bytes', 'abc' + str(i))
print([get('three') for i in range(4)], [get('bytes') for i in range(3)])
ch.queue_declare('dead'); ch.queue_declare('no', arguments={'x-max-length': 1, 'x-overflow': 'reject-publish-dlx', 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead'})
publish('no', 'in'); publish('no', 'out')
until(lambda: depth('dead') == 1); m, p, b = ch.basic_get('dead'); print(b, p.headers['x-first-death-reason'], get('no'), get('no'))
)");
  EXPECT_EQ(out.out, "['7', '8', '9', None] ['abc8', 'abc9', None]\nb'out' maxlen in None\n");
}

// Everything but the time is what RabbitMQ 3.10 writes.
TEST_F(QueueLimitsOfNode, DeadLettersCarryTheirHistory) {
  compat("AMQP 0-9-1", "Queue arguments", "x-dead-letter-exchange, x-dead-letter-routing-key with x-death and x-first-death headers");
  const Output out = pika(R"(
import datetime
depth = lambda q: ch.queue_declare(q, passive=True).method.message_count
ch.exchange_declare('dlx', 'direct'); ch.queue_declare('dead'); ch.queue_bind('dead', 'dlx', 'dk')
ch.queue_declare('src', arguments={'x-dead-letter-exchange': 'dlx', 'x-dead-letter-routing-key': 'dk'})
def dead():
    until(lambda: depth('dead') == 1)
    m, p, b = ch.basic_get('dead', auto_ack=True)
    deaths = p.headers['x-death']
    assert all(abs(d.pop('time').timestamp() - time.time()) < 100000 for d in deaths)
    print(m.exchange, m.routing_key, p.expiration, [dict(sorted(d.items())) for d in deaths], p.headers.get('a'), p.headers['x-first-death-reason'])
    return p
publish('src', 'm1', headers={'a': 1}, expiration='50', delivery_mode=2); dead()
publish('src', 'm2'); ch.basic_reject(ch.basic_get('src')[0].delivery_tag, requeue=False); p = dead()
p.headers['x-death'][0]['time'] = datetime.datetime.utcnow(); ch.basic_publish('', 'src', b'm3', p)
ch.basic_nack(ch.basic_get('src')[0].delivery_tag, requeue=False); dead()
)");
  EXPECT_EQ(out.out,
            "dlx dk None [{'count': 1L, 'exchange': '', 'original-expiration': '50', 'queue': 'src', 'reason': 'expired', 'routing-keys': ['src']}] 1 expired\n"
            "dlx dk None [{'count': 1L, 'exchange': '', 'queue': 'src', 'reason': 'rejected', 'routing-keys': ['src']}] None rejected\n"
            "dlx dk None [{'count': 2L, 'exchange': '', 'queue': 'src', 'reason': 'rejected', 'routing-keys': ['src']}] None rejected\n");
}

TEST_F(QueueLimitsOfNode, ACycleOfExpiriesEndsAndARetryChainGoesRound) {
  const Output out = pika(R"(
depth = lambda q: ch.queue_declare(q, passive=True).method.message_count
ch.queue_declare('loop', arguments={'x-message-ttl': 30, 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'loop'})
publish('loop', 'x'); until(lambda: depth('loop') == 0); print(depth('loop'))
ch.queue_declare('work', arguments={'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'wait'})
ch.queue_declare('wait', arguments={'x-message-ttl': 40, 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'work'})
tries = []
def fail(c, m, p, b):
    tries.append(p.headers['x-death'][-1]['count'] if p.headers else 0)
    c.basic_nack(m.delivery_tag, requeue=False) if len(tries) < 4 else c.basic_ack(m.delivery_tag)
ch.basic_consume('work', fail); publish('work', 'job'); until(lambda: len(tries) == 4); print(tries)
)");
  EXPECT_EQ(out.out, "0\n[0, 1L, 2L, 3L]\n");
}

TEST_F(QueueLimitsOfNode, HigherPrioritiesGoFirst) {
  compat("AMQP 0-9-1", "Queue arguments", "x-max-priority");
  compat("AMQP 0-9-1", "Queue arguments", "x-queue-mode, x-queue-version", Compat::differs, "taken and checked; messages are in memory and persistent ones on disk in any mode");
  const Output out = pika(R"(
ch.queue_declare('p', arguments={'x-max-priority': 5, 'x-queue-mode': 'lazy'})
for n, priority in enumerate([None, 1, 5, 9, 1]): publish('p', str(n), priority=priority)
print([get('p') for i in range(6)])
)");
  EXPECT_EQ(out.out, "['2', '3', '1', '4', '0', None]\n");
}

}  // namespace
}  // namespace chaos::test
