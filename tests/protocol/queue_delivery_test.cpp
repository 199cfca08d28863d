// Publishing, consuming and settling through pika.
#include "queue_fixture.hpp"

namespace chaos::test {
namespace {

using QueueDelivery = QueueNode;

TEST_F(QueueDelivery, ConfirmsReturnsAndRefusals) {
  compat("AMQP 0-9-1", "Publishing", "publisher confirms (confirm.select, basic.ack, basic.nack)");
  compat("AMQP 0-9-1", "Publishing", "mandatory: basic.return 312 NO_ROUTE");
  compat("AMQP 0-9-1", "Publishing", "largest message", Compat::differs, "4 MB instead of 128 MB");
  const Output out = pika(R"(
ch.queue_declare('q'); ch.confirm_delivery()
publish('q', b'x' * 300000)
print(len(get('q')))
try: ch.basic_publish('', 'nowhere', b'x', mandatory=True)
except UnroutableError as e: print(e.messages[0].method.reply_code, e.messages[0].method.reply_text, e.messages[0].method.routing_key)
ch.queue_declare('small', arguments={'x-max-length': 1, 'x-overflow': 'reject-publish'})
publish('small', 'first')
try: publish('small', 'second')
except NackError: print('nack')
print(get('small'), get('small'))
def big(ch): ch.queue_declare('big', exclusive=True); ch.basic_publish('', 'big', b'x' * (4 * 1024 * 1024 + 1))
print(said(big)[:53])
)");
  EXPECT_EQ(out.out, "300000\n312 NO_ROUTE nowhere\nnack\nfirst None\n406 PRECONDITION_FAILED - message size 4194305 is lar\n");
}

TEST_F(QueueDelivery, AckNackRejectRecoverAndRedelivery) {
  compat("AMQP 0-9-1", "Consuming", "basic.get, ack, nack (multiple), reject, recover, the redelivered flag");
  const Output out = pika(R"(
ch.queue_declare('q')
for i in range(4): publish('q', str(i))
tags = [ch.basic_get('q')[0].delivery_tag for i in range(4)]
ch.basic_reject(tags[0], requeue=True)
ch.basic_nack(tags[2], multiple=True, requeue=True)
again = [ch.basic_get('q') for i in range(3)]
print([(b.decode(), m.redelivered) for m, p, b in again])
ch.basic_ack(again[2][0].delivery_tag, multiple=True)
print(get('q'), ch.queue_declare('q', passive=True).method.message_count)
publish('q', 'left'); m, p, b = ch.basic_get('q'); ch.basic_recover(True)
m, p, b = ch.basic_get('q'); print(b.decode(), m.redelivered)
)");
  EXPECT_EQ(out.out, "[('0', True), ('1', True), ('2', True)]\nNone 0\nleft True\n");
}

TEST_F(QueueDelivery, PrefetchPerConsumerAndPerChannel) {
  compat("AMQP 0-9-1", "Consuming", "basic.qos per consumer and global");
  compat("AMQP 0-9-1", "Consuming", "no-local", Compat::differs, "taken and ignored, as RabbitMQ does");
  const Output out = pika(R"(
ch.queue_declare('q')
for i in range(20): publish('q', str(i))
got = {'one': [], 'two': [], 'all': []}
mine = c.channel(); mine.basic_qos(prefetch_count=3)
mine.basic_consume('q', lambda c, m, p, b: got['one'].append(m.delivery_tag)); mine.basic_consume('q', lambda c, m, p, b: got['two'].append(m.delivery_tag))
until(lambda: len(got['one']) + len(got['two']) == 6); c.process_data_events(0.1); print(len(got['one']), len(got['two']))
mine.close()
both = c.channel(); both.basic_qos(prefetch_count=4, global_qos=True)
both.basic_consume('q', lambda c, m, p, b: got['all'].append(m.delivery_tag)); both.basic_consume('q', lambda c, m, p, b: got['all'].append(m.delivery_tag))
until(lambda: len(got['all']) == 4); c.process_data_events(0.1); print(len(got['all']))
both.basic_ack(got['all'][-1], multiple=True)
until(lambda: len(got['all']) == 8); c.process_data_events(0.1); print(len(got['all']))
ch.queue_declare('own'); local = conn(); lch = local.channel(); lch._impl._send_method(pika.spec.Basic.Consume(queue='own', consumer_tag='t', no_local=True))
lch.basic_publish('', 'own', b'mine'); local.process_data_events(0.2); q = ch.queue_declare('own', passive=True).method; print(q.message_count, q.consumer_count)
)");
  EXPECT_EQ(out.out, "3 3\n4\n8\n0 1\n");
}

TEST_F(QueueDelivery, ConsumerPrioritiesSingleActiveAndCancelNotify) {
  compat("AMQP 0-9-1", "Consuming", "consumer priorities (x-priority), exclusive consumers");
  compat("AMQP 0-9-1", "Consuming", "consumer cancel notify when the queue is deleted");
  compat("AMQP 0-9-1", "Queue arguments", "x-single-active-consumer");
  const Output out = pika(R"(
ch.queue_declare('q'); got = []
ch.basic_consume('q', lambda c, m, p, b: got.append('low'), auto_ack=True)
ch.basic_consume('q', lambda c, m, p, b: got.append('high'), auto_ack=True, arguments={'x-priority': 5})
for i in range(5): publish('q', 'x')
until(lambda: len(got) == 5); print(got)
ch.queue_declare('single', arguments={'x-single-active-consumer': True}); only = []
first = ch.basic_consume('single', lambda c, m, p, b: only.append(1), auto_ack=True)
ch.basic_consume('single', lambda c, m, p, b: only.append(2), auto_ack=True)
for i in range(3): publish('single', 'x')
until(lambda: len(only) == 3); ch.basic_cancel(first); publish('single', 'x'); until(lambda: len(only) == 4); print(only)
gone = []; ch.add_on_cancel_callback(lambda frame: gone.append(frame.method.consumer_tag))
ch.queue_declare('brief'); tag = ch.basic_consume('brief', lambda *a: 0)
other = conn(); other.channel().queue_delete('brief'); until(lambda: gone); print(gone == [tag])
)");
  EXPECT_EQ(out.out, "['high', 'high', 'high', 'high', 'high']\n[1, 1, 1, 2]\nTrue\n");
}

TEST_F(QueueDelivery, TransactionsTakeEffectTogether) {
  compat("AMQP 0-9-1", "Publishing", "tx.select, tx.commit, tx.rollback");
  const Output out = pika(R"(
ch.queue_declare('q', durable=True); ch.queue_declare('done', durable=True); publish('q', 'job')
tx = c.channel(); tx.tx_select()
def take():
    m, p, b = tx.basic_get('q'); tx.basic_publish('', 'done', b, pika.BasicProperties(delivery_mode=2)); tx.basic_ack(m.delivery_tag); return m.delivery_tag
tag = take(); depth = lambda q: ch.queue_declare(q, passive=True).method.message_count
print(depth('done')); tx.tx_rollback(); tx.tx_commit(); print(depth('done'))
tx.basic_nack(tag, requeue=True); tx.tx_commit(); print(depth('q'))
take(); tx.tx_commit(); print(depth('q'), depth('done'))
print(said(lambda ch: ch.tx_commit()))
print(said(lambda ch: (ch.tx_select(), ch.confirm_delivery())))
)");
  EXPECT_EQ(out.out, "0\n0\n1\n0 1\n406 PRECONDITION_FAILED - channel is not transactional\n406 PRECONDITION_FAILED - cannot switch from tx to confirm mode\n");
}

TEST_F(QueueDelivery, TheNextSingleActiveConsumerGetsWhatIsReadyWhenTheFirstIsCancelled) {
  const Output out = pika(R"(
ch.queue_declare('q', arguments={'x-single-active-consumer': True})
first, second = [], []
other = conn(); oc = other.channel()
ch.basic_qos(prefetch_count=1); oc.basic_qos(prefetch_count=1)
tag = ch.basic_consume('q', lambda c, m, p, b: first.append(b.decode()))
oc.basic_consume('q', lambda c, m, p, b: second.append(b.decode()))
for body in 'abc': publish('q', body)
print(until(lambda: first), first, second)
ch._impl.basic_cancel(tag)   # what it holds stays unacknowledged
print(until(lambda: other.process_data_events(0) or second), first, second)
)");
  EXPECT_EQ(out.out, "True ['a'] []\nTrue ['a'] ['b']\n");
}

TEST_F(QueueDelivery, ARefusedCommitPublishesNothingAndGivesBackWhatItAcknowledged) {
  const Output out = pika(R"(
ch.queue_declare('q'); publish('q', 'held'); ch.exchange_declare('gone')
tc = conn(); tx = tc.channel(); tx.tx_select()
tx.basic_ack(tx.basic_get('q')[0].delivery_tag)
tx.basic_publish('', 'q', b'first'); tx.basic_publish('gone', 'k', b'')
ch.exchange_delete('gone')
try: tx.tx_commit()
except ChannelClosedByBroker as e: print(e.reply_code)
print(get('q'), get('q'))
def fill(channel):
    channel.tx_select()
    for i in range(200): channel.basic_publish('', 'q', b'', pika.BasicProperties(headers={'pad': 'x' * 100000}))
print(said(fill)[:40])
)");
  EXPECT_EQ(out.out, "404\nheld None\n506 RESOURCE_ERROR - too much content in\n");
}

// Sixteen answers of 1 MB each are asked for, and sixteen channels have as much to deliver: no more than the bound and one
// message stands in memory for a client that does not read.
TEST_F(QueueDelivery, AClientThatDoesNotReadIsNotListenedTo) {
  const Output out = pika(R"(
import json, struct, urllib.request
def pending():
    request = urllib.request.Request('http://' + H + ':15672/api/connections', headers={'Authorization': 'Basic Z3Vlc3Q6Z3Vlc3Q='})
    return sum(one['send_pend'] for one in json.load(urllib.request.urlopen(request)))
ch.queue_declare('q'); ch.confirm_delivery()
def fill():
    for i in range(16): publish('q', b'x' * 1000000)
def left(): return ch.queue_declare('q', passive=True).method.message_count
fill()
slow = conn(); sc = slow.channel()
get_frame = struct.pack('>BHI', 1, sc.channel_number, 9) + struct.pack('>HHHBcB', 60, 70, 0, 1, b'q', 1) + b'\xce'
slow._impl._transport._sock.sendall(get_frame * 16)
print(until(lambda: 0 < left() < 16), pending() < 2500000)
slow._impl._transport._sock.close()
while get('q'): pass
fill()
slow = conn(); channels = [slow.channel() for i in range(16)]
consume = lambda n: struct.pack('>BHI', 1, n, 14) + struct.pack('>HHHBcBBI', 60, 20, 0, 1, b'q', 0, 2, 0) + b'\xce'
slow._impl._transport._sock.sendall(b''.join(consume(one.channel_number) for one in channels))
print(until(lambda: 0 < left() < 16), pending() < 2500000)
)");
  EXPECT_EQ(out.out, "True True\nTrue True\n");
}

}  // namespace
}  // namespace chaos::test
