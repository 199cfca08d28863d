// Exchanges, bindings and queues through pika.
#include "queue_fixture.hpp"

namespace chaos::test {
namespace {

using QueueRouting = QueueNode;

TEST_F(QueueRouting, EveryExchangeTypeRoutesByItsRule) {
  compat("AMQP 0-9-1", "Exchanges", "direct, fanout, topic, headers and the default exchange");
  compat("AMQP 0-9-1", "Exchanges", "amq.direct, amq.fanout, amq.topic, amq.headers, amq.match");
  compat("AMQP 0-9-1", "Exchanges", "CC and BCC headers (sender-selected distribution)");
  const Output out = pika(R"(
for q in 'abcd': ch.queue_declare(q)
def took():
    return ''.join(q for q in 'abcd' if get(q) is not None)
ch.queue_bind('a', 'amq.direct', 'k'); ch.queue_bind('b', 'amq.direct', 'other')
publish('k', 'x', 'amq.direct'); print('direct', took())
for q in 'ab': ch.queue_bind(q, 'amq.fanout', '')
publish('any', 'x', 'amq.fanout'); print('fanout', took())
ch.queue_bind('a', 'amq.topic', 'order.*.paid'); ch.queue_bind('b', 'amq.topic', 'order.#'); ch.queue_bind('c', 'amq.topic', '*.eu')
for key in ['order.eu.paid', 'order', 'order.eu', 'x.y.z']:
    publish(key, 'x', 'amq.topic'); print('topic', key, took())
ch.queue_bind('a', 'amq.headers', '', arguments={'x-match': 'all', 'kind': 'pdf', 'big': True})
ch.queue_bind('b', 'amq.match', '', arguments={'x-match': 'any', 'kind': 'pdf', 'big': True})
publish('', 'x', 'amq.headers', headers={'kind': 'pdf', 'big': True}); print('all', took())
publish('', 'x', 'amq.headers', headers={'kind': 'pdf'}); publish('', 'x', 'amq.match', headers={'kind': 'pdf'}); print('any', took())
publish('c', 'x'); print('default', took())
publish('a', 'x', headers={'CC': ['b'], 'BCC': ['d']}); m, p, b = ch.basic_get('d', auto_ack=True); print('cc', took(), p.headers)
)");
  EXPECT_EQ(out.out, "direct a\nfanout ab\ntopic order.eu.paid ab\ntopic order b\ntopic order.eu bc\ntopic x.y.z \nall a\nany b\ndefault c\n"
                     "cc ab {'CC': ['b']}\n");
}

TEST_F(QueueRouting, ExchangesAreBoundToExchangesAndHaveAlternates) {
  compat("AMQP 0-9-1", "Exchanges", "exchange-to-exchange bindings");
  compat("AMQP 0-9-1", "Exchanges", "alternate-exchange");
  compat("AMQP 0-9-1", "Exchanges", "auto-delete, delete if-unused, passive");
  const Output out = pika(R"(
ch.exchange_declare('front', 'topic'); ch.exchange_declare('back', 'fanout'); ch.queue_declare('q', auto_delete=False)
ch.exchange_bind('back', 'front', 'order.#'); ch.exchange_bind('front', 'back', ''); ch.queue_bind('q', 'back', '')
publish('order.1', 'once', 'front'); print(get('q'), get('q'))
ch.exchange_unbind('back', 'front', 'order.#'); publish('order.2', 'x', 'front'); print(get('q'))
ch.exchange_declare('d', 'direct', arguments={'alternate-exchange': 'back'}); publish('nobody', 'rest', 'd'); print(get('q'))
ch.exchange_declare('brief', 'fanout', auto_delete=True); ch.queue_bind('q', 'brief', ''); ch.queue_unbind('q', 'brief', '')
print(said(lambda ch: ch.exchange_declare('brief', passive=True)))
)");
  EXPECT_EQ(out.out, "once None\nNone\nrest\n404 NOT_FOUND - no exchange 'brief' in vhost '/'\n");
}

TEST_F(QueueRouting, QueuesGoWithTheirOwnersAndConsumers) {
  compat("AMQP 0-9-1", "Queues", "exclusive, auto-delete and server-named queues (amq.gen-)");
  compat("AMQP 0-9-1", "Queues", "declare, passive, bind, unbind, purge, delete if-unused and if-empty");
  const Output out = pika(R"(
other = conn(); theirs = other.channel()
theirs.queue_declare('exclusive', exclusive=True); theirs.queue_declare('brief', auto_delete=True)
tag = theirs.basic_consume('brief', lambda *a: 0)
print(tag[:4], said(lambda ch: ch.queue_declare('brief', passive=True)))
theirs.basic_cancel(tag)
print(said(lambda ch: ch.queue_declare('brief', passive=True)))
other.close()
until(lambda: said(lambda ch: ch.queue_declare('exclusive', passive=True))[:3] == '404')
print(said(lambda ch: ch.queue_declare('exclusive', passive=True)))
ch.queue_declare('q')
for i in range(3): publish('q', 'x')
until(lambda: ch.queue_declare('q', passive=True).method.message_count == 3)
print(ch.queue_purge('q').method.message_count, ch.queue_delete('q').method.message_count)
)");
  EXPECT_EQ(out.out, "ctag nothing\n404 NOT_FOUND - no queue 'brief' in vhost '/'\n404 NOT_FOUND - no queue 'exclusive' in vhost '/'\n3 0\n");
}

}  // namespace
}  // namespace chaos::test
