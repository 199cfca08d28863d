// Negotiation, logins, heartbeats and what ends a connection.
#include "queue_fixture.hpp"

namespace chaos::test {
namespace {

class QueueConnection : public QueueNode {
 protected:
  QueueConnection() : QueueNode(R"({"config":{"queue":{"users":"guest:guest ops:s3cret"}}})") {}
};

TEST_F(QueueConnection, NegotiatesAsRabbitMqDoes) {
  compat("AMQP 0-9-1", "Connection", "tune: channel-max 2047, frame-max 131072, heartbeat 60");
  compat("AMQP 0-9-1", "Connection", "PLAIN and AMQPLAIN");
  compat("AMQP 0-9-1", "Connection", "server properties and capabilities", Compat::differs, "product is \"chaoslab queue\"; version 3.10.8 is the one whose answers are given; no direct reply-to");
  const Output out = pika(R"(
p = c._impl.params
print(p.channel_max, p.frame_max, p.heartbeat)
print(sorted(c._impl.server_properties['capabilities']))
small = conn(channel_max=2, frame_max=4096, heartbeat=7)
print(small._impl.params.frame_max, small.channel(2).channel_number)
small.close()
class Amqplain(pika.credentials.PlainCredentials):
    TYPE = 'AMQPLAIN'
    def response_for(self, start):
        pieces = []
        pika.data.encode_table(pieces, {'LOGIN': 'ops', 'PASSWORD': 's3cret'})
        return 'AMQPLAIN', b''.join(pieces)[4:]
pika.credentials.VALID_TYPES.append(Amqplain)
conn(credentials=Amqplain('ops', 's3cret')).close()
print('logged in')
)");
  EXPECT_EQ(out.out, "2047 131072 60\n"
                     "['authentication_failure_close', 'basic.nack', 'connection.blocked', 'consumer_cancel_notify', 'consumer_priorities', "
                     "'exchange_exchange_bindings', 'per_consumer_qos', 'publisher_confirms']\n4096 2\nlogged in\n");
}

TEST_F(QueueConnection, RefusesAWrongPasswordAndAnUnknownVirtualHost) {
  compat("AMQP 0-9-1", "Connection", "403 ACCESS_REFUSED for a wrong password (users in the lab file; guest/guest by default)");
  compat("AMQP 0-9-1", "Connection", "530 NOT_ALLOWED for an unknown virtual host", Compat::differs, "there is one virtual host, \"/\"");
  const Output out = pika(R"(
for k in [dict(credentials=pika.PlainCredentials('guest', 'wrong')), dict(virtual_host='other')]:
    try: conn(**k)
    except AMQPConnectionError as e: print(e.args[0] if e.args else e)
conn(credentials=pika.PlainCredentials('ops', 's3cret')).close()
)");
  EXPECT_NE(out.out.find("(403) 'ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. For details see the broker logfile.'"), std::string::npos) << out.out;
  EXPECT_NE(out.out.find("(530) 'NOT_ALLOWED - vhost other not found'"), std::string::npos) << out.out;
  EXPECT_TRUE(eventually([&] { return node.log().find("Login was refused") != std::string::npos; })) << node.log();
  const std::string page = sh("curl -s http://" + node.address() + ":15692/metrics").out;
  EXPECT_NE(page.find("rabbitmq_auth_attempts_failed_total{protocol=\"amqp091\"} 1\n"), std::string::npos) << page;
}

TEST_F(QueueConnection, HeartbeatsGoBothWaysAndASilentClientIsClosed) {
  compat("AMQP 0-9-1", "Connection", "heartbeats, and the end of a client that misses two");
  const Output out = pika(R"(
import socket, struct
beating = conn(heartbeat=1)
end = time.time() + 3.2
while time.time() < end: beating.process_data_events(0.2)
print(beating.is_open)
def method(channel, ids, payload):
    body = struct.pack('>HH', *ids) + payload
    return struct.pack('>BHI', 1, channel, len(body)) + body + b'\xce'
raw = socket.create_connection((H, 5672))
raw.sendall(b'AMQP\x00\x00\x09\x01')
raw.sendall(method(0, (10, 11), struct.pack('>I', 0) + b'\x05PLAIN' + struct.pack('>I', 12) + b'\x00guest\x00guest' + b'\x05en_US'))
raw.sendall(method(0, (10, 31), struct.pack('>HIH', 0, 131072, 1)) + method(0, (10, 40), b'\x01/\x00\x00'))
raw.settimeout(20)
data, begin = b'', time.time()
while True:
    got = raw.recv(4096)
    if not got: break
    data += got
print(data.count(b'\x08\x00\x00\x00\x00\x00\x00\xce') >= 1, 1.5 < time.time() - begin)
)");
  EXPECT_EQ(out.out, "True\nTrue True\n");
  EXPECT_TRUE(eventually([&] { return node.log().find("missed heartbeats from client, timeout: 1s") != std::string::npos; })) << node.log();
}

TEST_F(QueueConnection, GarbageAndForeignProtocolsEndOnlyTheirConnection) {
  compat("AMQP 0-9-1", "Connection", "another protocol's greeting is answered with AMQP 0-9-1's own");
  compat("AMQP 0-9-1", "Errors", "501 FRAME_ERROR for what is no frame or over frame-max", Compat::differs, "the text does not quote the bytes");
  const Output out = pika(R"(
import socket, os
s = socket.create_connection((H, 5672)); s.sendall(b'GET / HTTP/1.1\r\n\r\n'); print(s.recv(100))
s = socket.create_connection((H, 5672)); s.sendall(b'AMQP\x00\x00\x09\x01' + os.urandom(3000)); s.settimeout(20)
while True:
    try:
        if not s.recv(4096): break
    except ConnectionResetError: break
print(ch.queue_declare('still', exclusive=True).method.queue)
)");
  EXPECT_EQ(out.out, "b'AMQP\\x00\\x00\\t\\x01'\nstill\n");
}

TEST_F(QueueConnection, ALimitedNumberOfLogLinesTellsOfClientErrors) {
  compat("AMQP 0-9-1", "Errors", "exceptions stand in the node's log", Compat::differs, "a few lines a second of a kind, then how many were left out");
  const Output out = pika("for i in range(40): said(lambda ch: ch.queue_declare('none', passive=True))\nprint('done')\n");
  EXPECT_EQ(out.out, "done\n");
  const std::string log = node.log();
  std::size_t lines = 0;
  for (std::size_t at = 0; (at = log.find("NOT_FOUND - no queue 'none' in vhost '/'", at)) != std::string::npos; ++at) ++lines;
  EXPECT_GE(lines, 5u);
  EXPECT_LT(lines, 40u);
}

}  // namespace
}  // namespace chaos::test
