// RabbitMQ's management API through rabbitmqadmin and curl.
#include "queue_fixture.hpp"

#include <boost/json.hpp>

namespace chaos::test {
namespace {

namespace json = boost::json;

class QueueManagement : public QueueNode {
 protected:
  std::string at(const std::string& path) const { return "http://" + node.address() + ":15672" + path; }
  Output admin(const std::string& arguments) const {
    return sh("/usr/bin/python3 " + tool("rabbitmqadmin") + " -H " + node.address() + " " + arguments + " 2>&1");
  }
  json::value api(const std::string& path) const {
    boost::system::error_code error;
    const std::string body = sh("curl -s -u guest:guest '" + at("/api" + path) + "'").out;
    json::value value = json::parse(body, error);
    EXPECT_FALSE(error) << path << ": " << body;
    return value;
  }
  std::string status(const std::string& arguments) const {
    return sh("curl -s -o /dev/null -w '%{http_code}' -u guest:guest " + arguments).out;
  }
};

TEST_F(QueueManagement, RabbitmqadminDeclaresListsAndDeletes) {
  CHAOS_NEEDS(!tool("rabbitmqadmin").empty(), "rabbitmqadmin is not unpacked");
  compat("RabbitMQ management", "rabbitmqadmin 3.10", "declare and delete queue, exchange, binding");
  compat("RabbitMQ management", "rabbitmqadmin 3.10", "list queues, exchanges, bindings, users, vhosts, permissions, nodes, parameters, policies; show overview; columns, -f");
  EXPECT_EQ(admin("declare queue name=jobs durable=true arguments='{\"x-max-length\":5}'").out, "queue declared\n");
  EXPECT_EQ(admin("declare exchange name=news type=topic").out, "exchange declared\n");
  EXPECT_EQ(admin("declare binding source=news destination=jobs routing_key='a.#'").out, "binding declared\n");
  EXPECT_NE(admin("declare queue name=jobs durable=false").out.find("inequivalent arg 'durable' for queue 'jobs' in vhost '/': received 'false' but current is 'true'"), std::string::npos);
  EXPECT_EQ(admin("-f tsv -q list queues name durable arguments.x-max-length").exit, 0);
  EXPECT_EQ(admin("-f tsv -q list queues name messages").out, "jobs\t0\n");
  EXPECT_NE(admin("list queues").out.find("| name | messages |\n"), std::string::npos);
  EXPECT_NE(admin("-f tsv -q list bindings source destination routing_key").out.find("news\tjobs\ta.#\n"), std::string::npos);
  EXPECT_NE(admin("-f tsv -q list exchanges name type").out.find("amq.match\theaders\n"), std::string::npos);
  EXPECT_EQ(admin("-f tsv -q list users name").out, "guest\n");
  EXPECT_EQ(admin("-f tsv -q list permissions user configure").out, "guest\t.*\n");
  EXPECT_EQ(admin("-f tsv -q list vhosts name messages").out, "/\t0\n");
  EXPECT_EQ(admin("-f tsv -q list nodes name running mem_alarm").out, "queue-1\tTrue\tFalse\n");
  EXPECT_EQ(admin("list policies").out, "No items\n");
  EXPECT_EQ(admin("-f tsv -q show overview rabbitmq_version object_totals.queues").out, "3.10.8\t1\n");
  EXPECT_EQ(admin("delete binding source=news destination_type=queue destination=jobs properties_key=a.%23").out, "binding deleted\n");
  EXPECT_EQ(admin("delete queue name=jobs").out, "queue deleted\n");
  EXPECT_EQ(admin("delete exchange name=news").out, "exchange deleted\n");
  EXPECT_NE(admin("delete queue name=jobs").out.find("Not found"), std::string::npos);
  EXPECT_EQ(admin("list queues").out, "No items\n");
}

TEST_F(QueueManagement, RabbitmqadminMovesMessages) {
  CHAOS_NEEDS(!tool("rabbitmqadmin").empty(), "rabbitmqadmin is not unpacked");
  compat("RabbitMQ management", "rabbitmqadmin 3.10", "publish, get (each ackmode), purge");
  admin("declare queue name=jobs");
  EXPECT_EQ(admin("publish routing_key=jobs payload=one properties='{\"delivery_mode\":2,\"headers\":{\"a\":1}}'").out, "Message published\n");
  EXPECT_EQ(admin("publish routing_key=nowhere payload=x").out, "Message published but NOT routed\n");
  EXPECT_EQ(sh("printf two | /usr/bin/python3 " + tool("rabbitmqadmin") + " -H " + node.address() + " publish routing_key=jobs").out, "Message published\n");
  EXPECT_EQ(pika("m, p, b = ch.basic_get('jobs'); print(b, p.delivery_mode, p.headers)\n").out, "b'one' 2 {'a': 1L}\n");
  const std::string seen = admin("-f tsv get queue=jobs count=5").out;
  EXPECT_NE(seen.find("one"), std::string::npos) << seen;
  EXPECT_NE(seen.find("two"), std::string::npos) << seen;
  EXPECT_EQ(api("/queues/%2F/jobs").at("messages").to_number<int>(), 2) << "they were put back";
  EXPECT_EQ(admin("get queue=jobs ackmode=ack_requeue_false").exit, 0);
  EXPECT_EQ(api("/queues/%2F/jobs").at("messages").to_number<int>(), 1);
  EXPECT_EQ(admin("purge queue name=jobs").out, "queue purged\n");
  EXPECT_EQ(api("/queues/%2F/jobs").at("messages").to_number<int>(), 0);
  EXPECT_EQ(admin("get queue=jobs").out, "No items\n");
}

TEST_F(QueueManagement, DefinitionsGoOutAndComeBack) {
  CHAOS_NEEDS(!tool("rabbitmqadmin").empty(), "rabbitmqadmin is not unpacked");
  compat("RabbitMQ management", "rabbitmqadmin 3.10", "export and import", Compat::differs, "users and permissions in the file are left as they are; policies are refused");
  admin("declare queue name=jobs arguments='{\"x-message-ttl\":60000}'");
  admin("declare exchange name=news type=headers");
  admin("declare exchange name=more type=fanout");
  admin("declare binding source=news destination=jobs arguments='{\"x-match\":\"any\",\"kind\":\"pdf\"}'");
  admin("declare binding source=more destination=news destination_type=exchange");
  const std::string file = (script.path() / "definitions.json").string();
  EXPECT_NE(admin("export " + file).out.find("Exported definitions"), std::string::npos);
  for (const char* what : {"queue name=jobs", "exchange name=news", "exchange name=more"}) admin(std::string("delete ") + what);
  EXPECT_EQ(api("/queues").as_array().size(), 0u);
  EXPECT_EQ(admin("import " + file).exit, 0);
  EXPECT_EQ(api("/queues/%2F/jobs").at("arguments").at("x-message-ttl").to_number<int>(), 60000);
  EXPECT_EQ(pika("publish('', 'through two', 'more', headers={'kind': 'pdf'}); until(lambda: ch.queue_declare('jobs', passive=True).method.message_count); print(get('jobs'))\n").out, "through two\n");
}

TEST_F(QueueManagement, ConnectionsChannelsAndConsumersAreSeenAndClosed) {
  CHAOS_NEEDS(!tool("rabbitmqadmin").empty(), "rabbitmqadmin is not unpacked");
  compat("RabbitMQ management", "Reading", "connections, channels, consumers with message_stats and rates");
  compat("RabbitMQ management", "rabbitmqadmin 3.10", "list connections, channels, consumers; close connection");
  const Output out = pika("ADMIN = '" + tool("rabbitmqadmin") + R"('
import json, subprocess, urllib.request, base64, urllib.parse
def api(path): return json.loads(urllib.request.urlopen(urllib.request.Request('http://%s:15672/api/%s' % (H, path), headers={'Authorization': 'Basic ' + base64.b64encode(b'guest:guest').decode()})).read())
ch.queue_declare('q', durable=True); ch.confirm_delivery(); ch.basic_qos(prefetch_count=7); got = []
taker = c.channel(); taker.basic_qos(prefetch_count=5); tag = taker.basic_consume('q', lambda c, m, p, b: got.append(m.delivery_tag))
for i in range(9): publish('q', 'hello', delivery_mode=2)
until(lambda: len(got) == 5); taker.basic_ack(got[1], multiple=True); until(lambda: len(got) == 7)
one = api('connections')[0]; print(one['user'], one['state'], one['channels'], one['client_properties']['product'], one['recv_oct'] > 400, one['timeout'])
first, second = sorted(api('channels'), key=lambda x: x['number'])
print(first['confirm'], first['message_stats']['publish'], first['message_stats']['confirm'], first['messages_unconfirmed'])
print(second['prefetch_count'], second['messages_unacknowledged'], second['message_stats']['deliver'], second['message_stats']['ack'], second['name'] == one['name'] + ' (2)')
consumer = api('consumers/%2F')[0]; print(consumer['consumer_tag'] == tag, consumer['queue']['name'], consumer['ack_required'], consumer['prefetch_count'])
q = api('queues/%2F/q'); print(q['messages_ready'], q['messages_unacknowledged'], q['messages'], q['message_bytes'], q['consumers'], len(q['consumer_details']), q['message_stats']['publish'], q['messages_persistent'])
seen = set()
def rates(): seen.add(api('queues/%2F/q')['message_stats']['publish_details']['rate']); publish('q', 'x'); return max(seen) > 1
until(rates); print(max(seen) > 1)
print(api('exchanges/%2F/amq.default')['message_stats']['publish_in'] >= 9)
admin = [sys.executable, ADMIN, '-H', H]
print(subprocess.run(admin + ['-f', 'tsv', '-q', 'list', 'connections', 'user', 'channels', 'state'], capture_output=True, text=True).stdout, end='')
print(subprocess.run(admin + ['close', 'connection', 'name=' + one['name']], capture_output=True, text=True).stdout, end='')
try:
    while True: c.process_data_events(0.1)
except ConnectionClosedByBroker as e: print(e.reply_code, e.reply_text)
c = pika.BlockingConnection(pika.ConnectionParameters(H))    # what waits needs one that lives
until(lambda: len(api('connections')) == 1); print(one['name'] in [left['name'] for left in api('connections')])
)");
  EXPECT_EQ(out.out, "guest running 2 Pika Python Client Library True 60\nTrue 9 9 0\n5 5 7 2 True\nTrue q True 5\n2 5 7 35 1 1 9 7\nTrue\nTrue\n"
                       "guest\t2\trunning\nconnection closed\n320 CONNECTION_FORCED - Closed via management plugin\nFalse\n");
}

TEST_F(QueueManagement, AsksForAPasswordAndTellsHealth) {
  compat("RabbitMQ management", "Reading", "overview, nodes, queues, exchanges, bindings, vhosts, users, permissions, whoami, extensions, definitions; columns, sort, page");
  compat("RabbitMQ management", "Reading", "basic authentication; 401 without and with a wrong password");
  compat("RabbitMQ management", "Health", "aliveness-test, health/checks/alarms, local-alarms, port-listener, protocol-listener, virtual-hosts");
  compat("RabbitMQ management", "Writing", "policies, parameters, limits, users, vhosts", Compat::refused, "400 with the reason: queues have arguments, users are the lab file's");
  compat("RabbitMQ management", "Reading", "the browser console at /", Compat::differs, "one page that says what this is and links to the API");
  EXPECT_EQ(sh("curl -s -o /dev/null -w '%{http_code}' " + at("/api/overview")).out, "401");
  EXPECT_EQ(sh("curl -s -u guest:wrong " + at("/api/overview")).out, R"({"error":"not_authorized","reason":"Login failed"})");
  EXPECT_NE(sh("curl -si " + at("/api/overview")).out.find("Basic realm=\"RabbitMQ Management\""), std::string::npos);
  EXPECT_NE(sh("curl -s " + at("/")).out.find("AMQP 0-9-1"), std::string::npos);
  EXPECT_EQ(api("/whoami").at("name").as_string(), "guest");
  EXPECT_EQ(api("/aliveness-test/%2F").at("status").as_string(), "ok");
  EXPECT_EQ(api("/health/checks/alarms").at("status").as_string(), "ok");
  EXPECT_EQ(status(at("/api/health/checks/port-listener/5672")), "200");
  EXPECT_EQ(status(at("/api/health/checks/port-listener/1")), "503");
  EXPECT_EQ(status(at("/api/health/checks/protocol-listener/mqtt")), "503");
  EXPECT_EQ(status("-X PUT -d '{\"pattern\":\"x\",\"definition\":{}}' " + at("/api/policies/%2F/p")), "400");
  EXPECT_EQ(status("-X PUT -d '{bad' " + at("/api/queues/%2F/p")), "400");
  EXPECT_EQ(status("-X PATCH " + at("/api/queues")), "405");
  EXPECT_EQ(status(at("/api/nothing")), "404");
  EXPECT_EQ(status(at("/api/queues/other/q")), "404");
  for (const char* name : {"a", "b", "c"}) EXPECT_EQ(status("-X PUT -d '{}' " + at(std::string("/api/queues/%2F/") + name)), "201");
  EXPECT_EQ(json::serialize(api("/queues?columns=name&sort=name&sort_reverse=true&page=1&page_size=2&name=")),
            R"({"total_count":4,"filtered_count":4,"item_count":2,"page":1,"page_size":2,"page_count":2,"items":[{"name":"c"},{"name":"b"}]})");
}

TEST_F(QueueManagement, TellsPrometheusWhatTheOriginalsPluginTells) {
  compat("RabbitMQ management", "Prometheus on 15692", "/metrics, /metrics/per-object, /metrics/detailed?family=", Compat::differs,
         "queues, channels, connections, node, churn, alarms and global figures; nothing about Erlang, Raft, mirrors and the schema database");
  pika(R"(
ch.queue_declare('q', durable=True); ch.confirm_delivery()
for i in range(5): publish('q', 'abc', delivery_mode=2)
m, p, b = ch.basic_get('q'); ch.basic_get('q'); ch.basic_ack(m.delivery_tag); c.process_data_events(0)
import urllib.request
for page in ['metrics', 'metrics/per-object', 'metrics/detailed?family=queue_coarse_metrics&family=channel_metrics']: open(sys.path[0] + '/' + page[:16].replace('/', '_'), 'wb').write(urllib.request.urlopen('http://%s:15692/%s' % (H, page)).read())
)");
  auto page = [this](const char* name) { return sh("cat " + (script.path() / name).string()).out; };
  const std::string sums = page("metrics");
  for (const char* line : {"rabbitmq_queue_messages_ready 3\n", "rabbitmq_queue_messages_unacked 1\n", "rabbitmq_queue_messages 4\n", "rabbitmq_queue_consumers 0\n",
                           "rabbitmq_queue_messages_persistent_bytes 12\n", "rabbitmq_connections 1\n", "rabbitmq_channels 1\n", "rabbitmq_channel_messages_published_total 5\n",
                           "rabbitmq_channel_messages_confirmed_total 5\n", "rabbitmq_channel_get_ack_total 2\n", "rabbitmq_channel_messages_acked_total 1\n",
                           "rabbitmq_alarms_memory_used_watermark 0\n", "rabbitmq_identity_info{rabbitmq_node=\"queue-1\"", "rabbitmq_build_info{rabbitmq_version=\"3.10.8\"",
                           "rabbitmq_process_resident_memory_bytes ", "rabbitmq_disk_space_available_bytes ", "rabbitmq_queues_created_total 1\n"}) {
    EXPECT_NE(sums.find(line), std::string::npos) << line << sums;
  }
  EXPECT_NE(page("metrics_per-obje").find("rabbitmq_queue_messages_ready{vhost=\"/\",queue=\"q\"} 3\n"), std::string::npos);
  const std::string detailed = page("metrics_detailed");
  EXPECT_NE(detailed.find("rabbitmq_detailed_queue_messages_ready{vhost=\"/\",queue=\"q\"} 3\n"), std::string::npos) << detailed;
  EXPECT_NE(detailed.find("rabbitmq_detailed_channel_messages_unacked{channel="), std::string::npos) << detailed;
  EXPECT_EQ(detailed.find("queue_messages_ram"), std::string::npos) << "that group was not asked for";
}

}  // namespace
}  // namespace chaos::test
