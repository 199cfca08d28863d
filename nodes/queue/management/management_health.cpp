// https://www.rabbitmq.com/docs/monitoring#health-checks
#include "queue/management/management_handlers.hpp"
#include "queue/message_properties.hpp"
#include "runtime/json_text.hpp"
#include "runtime/ports.hpp"

namespace chaos::broker {

namespace {

HttpResponse ok() { return found(json::object{{"status", "ok"}}); }

HttpResponse failed(json::object body) {
  body["status"] = "failed";
  return json_response(503, json_text(body));
}

}  // namespace

HttpResponse check_ok(Call&) { return ok(); }

// A message goes through a queue of its own, in and out.
HttpResponse aliveness_test(Call& call) {
  Broker& broker = call.desk.broker;
  QueueSpec spec{"aliveness-test", false, false, false, {}};
  QueuePtr queue;
  if (const Outcome refusal = broker.declare_queue(spec, false, 0, queue)) return refused(*refusal);
  auto message = std::make_shared<Message>();
  message->routing_key = spec.name;
  message->properties = amqp::encode_properties({});
  message->body = "test_message";
  Routed routed;
  if (const Outcome refusal = broker.publish({message}, routed)) return refused(*refusal);
  const auto back = queue->get(true);
  return back && back->message->body == message->body ? ok() : failed({{"reason", "the message did not come back"}});
}

HttpResponse check_alarms(Call& call) {
  const Accounts& accounts = call.desk.broker.accounts();
  json::array alarms;
  if (accounts.memory_full()) alarms.push_back({{"node", call.desk.node}, {"resource", "memory"}});
  if (accounts.disk_low()) alarms.push_back({{"node", call.desk.node}, {"resource", "disk"}});
  if (alarms.empty()) return ok();
  return failed({{"reason", "There are alarms in effect in the cluster"}, {"alarms", std::move(alarms)}});
}

HttpResponse check_port(Call& call) {
  const auto port = number(json::object{{"port", call.args[0]}}, "port", 0);
  for (const auto open : {ports::kAmqp, ports::kAmqpManagement, ports::kAmqpPrometheus}) {
    if (port == open) return found(json::object{{"status", "ok"}, {"port", open}});
  }
  if (!port) return bad_request("the port is no number");
  return failed({{"reason", "No active listener"}, {"missing", *port},
                 {"ports", json::array{ports::kAmqp, ports::kAmqpManagement, ports::kAmqpPrometheus}}});
}

HttpResponse check_protocol(Call& call) {
  const std::string asked = call.args[0] == "amqp091" || call.args[0] == "amqp0.9.1" ? "amqp" : call.args[0];
  const json::array all{"amqp", "http", "http/prometheus"};
  for (const json::value& one : all) {
    if (asked == std::string_view(one.get_string())) return found(json::object{{"status", "ok"}, {"protocol", asked}});
  }
  return failed({{"reason", "No active listener"}, {"missing", asked}, {"protocols", all}});
}

}  // namespace chaos::broker
