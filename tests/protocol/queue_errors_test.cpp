// RabbitMQ's own words for what is refused (seen from RabbitMQ 3.10).
#include "queue_fixture.hpp"

namespace chaos::test {
namespace {

using QueueErrors = QueueNode;

TEST_F(QueueErrors, NotFoundAndForbidden) {
  compat("AMQP 0-9-1", "Errors", "404 NOT_FOUND - no queue 'x' in vhost '/' (declare passive, get, consume, purge, bind)");
  compat("AMQP 0-9-1", "Errors", "404 NOT_FOUND - no exchange 'x' in vhost '/' (publish, bind)");
  compat("AMQP 0-9-1", "Errors", "403 ACCESS_REFUSED on reserved names, the default exchange and internal exchanges");
  const Output out = pika(R"(
ch.queue_declare('q'); ch.exchange_declare('inside', 'fanout', internal=True)
for f in [lambda ch: ch.queue_declare('x', passive=True), lambda ch: ch.basic_get('x'), lambda ch: ch.basic_consume('x', print),
          lambda ch: ch.queue_purge('x'), lambda ch: ch.queue_bind('x', 'amq.direct', 'k')]:
    assert said(f) == "404 NOT_FOUND - no queue 'x' in vhost '/'", said(f)
for f in [lambda ch: ch.basic_publish('x', 'k', b''), lambda ch: ch.queue_bind('q', 'x', 'k'), lambda ch: ch.exchange_bind('x', 'amq.direct')]:
    assert said(f) == "404 NOT_FOUND - no exchange 'x' in vhost '/'", said(f)
for f in [lambda ch: ch.queue_bind('q', '', 'k'), lambda ch: ch.queue_unbind('q', '', 'k'), lambda ch: ch.exchange_delete('')]:
    assert said(f) == '403 ACCESS_REFUSED - operation not permitted on the default exchange', said(f)
print(said(lambda ch: ch.exchange_delete('amq.direct')))
print(said(lambda ch: ch.exchange_declare('amq.x', 'direct')))
print(said(lambda ch: ch.queue_declare('amq.x')))
print(said(lambda ch: ch.basic_publish('inside', 'k', b'')))
print(said(lambda ch: (ch.queue_delete('x'), ch.queue_unbind('x', 'y', 'k'))))
)");
  EXPECT_EQ(out.out, "403 ACCESS_REFUSED - deletion of system exchange 'amq.direct' in vhost '/' not allowed\n"
                     "403 ACCESS_REFUSED - exchange name 'amq.x' contains reserved prefix 'amq.*'\n"
                     "403 ACCESS_REFUSED - queue name 'amq.x' contains reserved prefix 'amq.*'\n"
                     "403 ACCESS_REFUSED - cannot publish to internal exchange 'inside' in vhost '/'\nnothing\n");
}

TEST_F(QueueErrors, InequivalentAndInvalidArguments) {
  compat("AMQP 0-9-1", "Errors", "406 PRECONDITION_FAILED - inequivalent arg ... (queues and exchanges)");
  compat("AMQP 0-9-1", "Errors", "406 PRECONDITION_FAILED - invalid arg ... for x-arguments");
  const Output out = pika(R"(
A = 'arguments'
ch.queue_declare('q', durable=True, arguments={'x-message-ttl': 20}); ch.exchange_declare('e', 'direct')
def show(f): print(said(f).replace("406 PRECONDITION_FAILED - ", '').replace(" in vhost '/'", ''))
show(lambda ch: ch.queue_declare('q', arguments={'x-message-ttl': 20}))
show(lambda ch: ch.queue_declare('q', durable=True, auto_delete=True, arguments={'x-message-ttl': 20}))
show(lambda ch: ch.queue_declare('q', durable=True, arguments={'x-message-ttl': 10}))
show(lambda ch: ch.queue_declare('q', durable=True))
show(lambda ch: ch.queue_declare('q', durable=True, arguments={'x-message-ttl': 20, 'x-max-length': 5}))
show(lambda ch: ch.queue_declare('q', durable=True, arguments={'x-message-ttl': 20, 'x-unknown': 5}))
show(lambda ch: ch.exchange_declare('e', 'topic'))
show(lambda ch: ch.exchange_declare('e', 'direct', durable=True))
for a in [{'x-message-ttl': -1}, {'x-message-ttl': 'a'}, {'x-expires': 0}, {'x-overflow': 'foo'}, {'x-dead-letter-routing-key': 'k'}, {'x-max-priority': 300}]:
    show(lambda ch: ch.queue_declare('n', arguments=a))
print(said(lambda ch: ch.exchange_declare('n', 'foo')))
print(said(lambda ch: ch.queue_declare('n', arguments={'x-queue-type': 'quorum'}))[:70])
)");
  EXPECT_EQ(out.out, "inequivalent arg 'durable' for queue 'q': received 'false' but current is 'true'\n"
                     "inequivalent arg 'auto_delete' for queue 'q': received 'true' but current is 'false'\n"
                     "inequivalent arg 'x-message-ttl' for queue 'q': received '10' but current is '20'\n"
                     "inequivalent arg 'x-message-ttl' for queue 'q': received none but current is the value '20' of type 'signedint'\n"
                     "inequivalent arg 'x-max-length' for queue 'q': received the value '5' of type 'signedint' but current is none\n"
                     "nothing\n"
                     "inequivalent arg 'type' for exchange 'e': received 'topic' but current is 'direct'\n"
                     "inequivalent arg 'durable' for exchange 'e': received 'true' but current is 'false'\n"
                     "invalid arg 'x-message-ttl' for queue 'n': {value_negative,-1}\n"
                     "invalid arg 'x-message-ttl' for queue 'n': \"expected integer, got longstr\"\n"
                     "invalid arg 'x-expires' for queue 'n': {value_zero,0}\n"
                     "invalid arg 'x-overflow' for queue 'n': invalid_overflow\n"
                     "invalid arg 'x-dead-letter-routing-key' for queue 'n': routing_key_but_no_dlx_defined\n"
                     "invalid arg 'x-max-priority' for queue 'n': {max_value_exceeded,300}\n"
                     "503 COMMAND_INVALID - invalid exchange type 'foo'\n"
                     "406 PRECONDITION_FAILED - invalid arg 'x-queue-type' for queue 'n' in \n");
  compat("AMQP 0-9-1", "Queue arguments", "x-queue-type quorum and stream", Compat::refused, "406: only classic queues are here");
}

TEST_F(QueueErrors, LocksUseAndTags) {
  compat("AMQP 0-9-1", "Errors", "405 RESOURCE_LOCKED on another connection's exclusive queue");
  compat("AMQP 0-9-1", "Publishing", "immediate, channel.flow active=false", Compat::refused, "540 NOT_IMPLEMENTED, as RabbitMQ");
  compat("AMQP 0-9-1", "Consuming", "basic.recover requeue=false, prefetch_size", Compat::refused, "540 NOT_IMPLEMENTED, as RabbitMQ");
  compat("AMQP 0-9-1", "Errors", "406 PRECONDITION_FAILED - unknown delivery tag, queue in use, queue not empty, exchange in use");
  const Output out = pika(R"(
mine = ch.queue_declare('', exclusive=True).method.queue
print(mine[:8], len(mine))
print(said(lambda ch: ch.queue_declare(mine, passive=True)).replace(mine, 'mine'))
ch.queue_declare('used'); ch.basic_consume('used', lambda *a: 0, exclusive=True)
print(said(lambda ch: ch.basic_consume('used', lambda *a: 0)))
print(said(lambda ch: ch.queue_delete('used', if_unused=True)))
ch.queue_declare('full'); publish('full', 'x'); ch.exchange_declare('e', 'direct'); ch.queue_bind('full', 'e', 'k')
print(said(lambda ch: ch.queue_delete('full', if_empty=True)))
print(said(lambda ch: ch.exchange_delete('e', if_unused=True)))
print(said(lambda ch: ch.basic_ack(7)))
print(said(lambda ch: ch.basic_publish('', 'full', b'', pika.BasicProperties(expiration='5x'))))
print(said(lambda ch: ch.basic_publish('', 'full', b'', pika.BasicProperties(user_id='other'))))
print(said(lambda ch: ch.basic_qos(prefetch_size=10)))
print(said(lambda ch: ch.basic_recover(False)))
print(said(lambda ch: ch.flow(False)))
print(said(lambda ch: ch._impl._send_method(pika.spec.Basic.Publish(routing_key='full', immediate=True), (pika.BasicProperties(), b'x'))))
)");
  EXPECT_EQ(out.out, "amq.gen- 30\n"
                     "405 RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'mine' in vhost '/'. It could be originally declared on "
                     "another connection or the exclusive property value does not match that of the original declaration.\n"
                     "403 ACCESS_REFUSED - queue 'used' in vhost '/' in exclusive use\n"
                     "406 PRECONDITION_FAILED - queue 'used' in vhost '/' in use\n"
                     "406 PRECONDITION_FAILED - queue 'full' in vhost '/' not empty\n"
                     "406 PRECONDITION_FAILED - exchange 'e' in vhost '/' in use\n"
                     "406 PRECONDITION_FAILED - unknown delivery tag 7\n"
                     "406 PRECONDITION_FAILED - invalid expiration '5x': {leftover_string,\"x\"}\n"
                     "406 PRECONDITION_FAILED - user_id property set to 'other' but authenticated user was 'guest'\n"
                     "540 NOT_IMPLEMENTED - prefetch_size!=0 (10)\n540 NOT_IMPLEMENTED - requeue=false\n540 NOT_IMPLEMENTED - active=false\n540 NOT_IMPLEMENTED - immediate=true\n");
}

}  // namespace
}  // namespace chaos::test
