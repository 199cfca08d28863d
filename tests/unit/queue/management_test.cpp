#include "broker_fixture.hpp"
#include "queue/management/management.hpp"
#include "queue/management/prometheus_page.hpp"
#include "wire/base64.hpp"

#include <boost/json.hpp>

namespace chaos::broker {
namespace {

namespace json = boost::json;

class ManagementTest : public BrokerInMemory {
 protected:
  HttpResponse call(const std::string& method, const std::string& path, const std::string& body = {}) {
    HttpRequest request;
    request.method = method;
    request.target = "/api" + path;
    request.body = body;
    request.headers.set("Authorization", "Basic " + base64_encode("guest:guest"));
    return manage(desk, request);
  }
  json::value get_json(const std::string& path) { return json::parse(call("GET", path).body); }

  ManualClock lab_clock;
  Log log{"queue-1", lab_clock};
  Committer commits{store, log};
  Users users{"guest:guest"};
  std::vector<ConnectionView> connections;
  std::vector<std::string> closed;
  Desk desk{broker, commits, users, "queue-1", "127.0.0.1", 100, {}, [this] { return connections; },
            [this](SessionId id, const std::string& reason) { closed.push_back(std::to_string(id) + " " + reason); }};
};

TEST_F(ManagementTest, QueuesComeAndGo) {
  EXPECT_EQ(call("PUT", "/queues/%2F/q", R"({"durable":"true","arguments":{"x-max-length":3}})").status, 201u);
  EXPECT_EQ(call("PUT", "/queues/%2F/q", R"({"durable":true,"arguments":{"x-max-length":3}})").status, 204u);
  EXPECT_EQ(call("PUT", "/queues/%2F/q", R"({"durable":false})").status, 400u);
  EXPECT_EQ(call("PUT", "/queues/%2F/r", R"({"durable":"maybe"})").status, 400u);
  EXPECT_EQ(get_json("/queues/%2F/q").at("arguments").at("x-max-length").as_int64(), 3);
  EXPECT_EQ(call("GET", "/queues/%2F/none").status, 404u);
  EXPECT_EQ(call("DELETE", "/queues/%2F/q").status, 204u);
  EXPECT_EQ(call("DELETE", "/queues/%2F/q").status, 404u);
}

TEST_F(ManagementTest, MessagesGoInAndOut) {
  declare("q");
  const std::string body = R"({"routing_key":"q","payload":"aGk=","payload_encoding":"base64","properties":{"headers":{"n":[1,{"a":null}]},"priority":3}})";
  EXPECT_EQ(call("POST", "/exchanges/%2F/amq.default/publish", body).body, R"({"routed":true})");
  const json::value got = json::parse(call("POST", "/queues/%2F/q/get", R"({"count":"5","ackmode":"ack_requeue_true","encoding":"auto"})").body);
  ASSERT_EQ(got.as_array().size(), 1u);
  EXPECT_EQ(got.at(0).at("payload").as_string(), "hi");
  EXPECT_EQ(json::serialize(got.at(0).at("properties")), R"({"headers":{"n":[1,{"a":null}]},"priority":3})");
  EXPECT_EQ(broker.queues().at("q")->rule().ready(), 1u);
  EXPECT_EQ(call("POST", "/queues/%2F/q/get", R"({"count":1,"ackmode":"reject_requeue_false","encoding":"auto"})").status, 200u);
  EXPECT_EQ(broker.queues().at("q")->rule().ready(), 0u);
  EXPECT_EQ(call("POST", "/queues/%2F/q/get", R"({"count":1})").body, R"({"error":"bad_request","reason":"[{key_missing,ackmode},{key_missing,encoding}]"})");
}

TEST_F(ManagementTest, BytesThatAreNoTextComeAsBase64) {
  declare("q");
  publish("q", std::string("\xff\x00\x01", 3));
  const json::value got = json::parse(call("POST", "/queues/%2F/q/get", R"({"count":1,"ackmode":"ack_requeue_false","encoding":"auto"})").body);
  EXPECT_EQ(got.at(0).at("payload").as_string(), "/wAB");
  EXPECT_EQ(got.at(0).at("payload_encoding").as_string(), "base64");
}

TEST_F(ManagementTest, BindingsByTheirKey) {
  declare("q");
  EXPECT_EQ(call("POST", "/bindings/%2F/e/amq.topic/q/q", R"({"routing_key":"a.#"})").status, 201u);
  const json::value all = get_json("/bindings/%2F/e/amq.topic/q/q");
  ASSERT_EQ(all.as_array().size(), 1u);
  EXPECT_EQ(all.at(0).at("properties_key").as_string(), "a.%23");
  EXPECT_EQ(call("GET", "/bindings/%2F/e/amq.topic/q/q/a.%23").status, 200u);
  EXPECT_EQ(call("DELETE", "/bindings/%2F/e/amq.topic/q/q/none").status, 404u);
  EXPECT_EQ(call("DELETE", "/bindings/%2F/e/amq.topic/q/q/a.%23").status, 204u);
  EXPECT_EQ(call("POST", "/bindings/%2F/e/none/q/q", "{}").status, 404u);
  EXPECT_EQ(call("POST", "/bindings/%2F/e/amq.topic/x/q", "{}").status, 404u);
}

TEST_F(ManagementTest, ConnectionsAreClosedByName) {
  ConnectionView view;
  view.id = 7;
  view.peer_host = "127.0.0.9";
  view.peer_port = 1234;
  view.host = "127.0.0.1";
  view.port = 5672;
  connections.push_back(view);
  EXPECT_EQ(get_json("/connections").at(0).at("name").as_string(), "127.0.0.9:1234 -> 127.0.0.1:5672");
  EXPECT_EQ(call("DELETE", "/connections/127.0.0.9%3A1234%20-%3E%20127.0.0.1%3A5672").status, 204u);
  EXPECT_EQ(closed, std::vector<std::string>{"7 Closed via management plugin"});
  EXPECT_EQ(call("DELETE", "/connections/x").status, 404u);
}

TEST_F(ManagementTest, OddRequests) {
  EXPECT_EQ(call("GET", "/queues/%zz").status, 404u);
  EXPECT_EQ(call("GET", "/" + std::string(20, '/')).status, 404u);
  EXPECT_EQ(call("PUT", "/queues/%2F/q", "[1]").status, 400u);
  EXPECT_EQ(call("PUT", "/queues/%2F/q", std::string(5000, '[')).status, 400u);
  EXPECT_EQ(call("TRACE", "/queues").status, 405u);
  HttpRequest request;
  request.target = "/api/overview";
  EXPECT_EQ(manage(desk, request).status, 401u);
  request.target = "/metrics";
  EXPECT_NE(prometheus_page(desk, request).body.find("rabbitmq_queues 0\n"), std::string::npos);
  request.target = "/other";
  EXPECT_EQ(prometheus_page(desk, request).status, 404u);
}

}  // namespace
}  // namespace chaos::broker
