#include "queue/connection_rule.hpp"
#include "queue/management/management_handlers.hpp"

namespace chaos::broker {

namespace {

// With a virtual host in the path, the things are told without it.
json::object vhosted(const Call& call, json::object out) {
  if (call.args.empty()) out["vhost"] = "/";
  return out;
}

json::array queues(const Call& call) {
  json::array out;
  for (const auto& [name, queue] : call.desk.broker.queues()) {
    const QueueSpec& spec = queue->spec();
    if (spec.exclusive) continue;
    out.push_back(vhosted(call, {{"name", name}, {"durable", spec.durable}, {"auto_delete", spec.auto_delete}, {"arguments", object_of(spec.arguments)}}));
  }
  return out;
}

json::array exchanges(const Call& call) {
  json::array out;
  for (const ExchangeSpec& spec : call.desk.broker.exchanges().all()) {
    if (spec.name.empty() || spec.name.starts_with("amq.")) continue;
    out.push_back(vhosted(call, {{"name", spec.name}, {"type", word(spec.type)}, {"durable", spec.durable}, {"auto_delete", spec.auto_delete},
                                 {"internal", spec.internal}, {"arguments", object_of(spec.arguments)}}));
  }
  return out;
}

json::array bindings(const Call& call) {
  json::array out;
  for (const Binding& b : call.desk.broker.exchanges().bindings()) {
    const auto queue = call.desk.broker.queues().find(b.destination);
    if (!b.to_exchange && queue != call.desk.broker.queues().end() && queue->second->spec().exclusive) continue;
    out.push_back(vhosted(call, {{"source", b.exchange}, {"destination", b.destination}, {"destination_type", b.to_exchange ? "exchange" : "queue"},
                                 {"routing_key", b.routing_key}, {"arguments", object_of(b.arguments)}}));
  }
  return out;
}

// Declares each item of a list of the body through `declare`; the first refusal ends it.
template <class Declare>
Outcome each(const json::object& body, std::string_view list, Declare declare) {
  const json::value* items = body.if_contains(list);
  if (!items || !items->is_array()) return {};
  for (const json::value& item : items->get_array()) {
    const json::object* object = item.if_object();
    if (!object) return refuse(amqp::Reply::precondition_failed, "an item of " + std::string(list) + " is no object");
    if (text(*object, "vhost", "/") != "/") return refuse(amqp::Reply::precondition_failed, "there is one virtual host, \"/\"");
    if (Outcome refusal = declare(*object)) return refusal;
  }
  return {};
}

Outcome declare_queue(Broker& broker, const json::object& item) {
  QueueSpec spec{text(item, "name"), flag(item, "durable", true).value_or(true), false, flag(item, "auto_delete", false).value_or(false),
                 table_of(item.if_contains("arguments"))};
  QueuePtr queue;
  if (spec.name.empty()) return refuse(amqp::Reply::precondition_failed, "a queue needs a name");
  return broker.declare_queue(spec, false, 0, queue);
}

Outcome declare_exchange(Broker& broker, const json::object& item) {
  const auto type = exchange_type(text(item, "type", "direct"));
  if (!type) return refuse(amqp::Reply::precondition_failed, "unknown exchange type '" + text(item, "type") + "'");
  return broker.declare_exchange({text(item, "name"), *type, flag(item, "durable", true).value_or(true), flag(item, "auto_delete", false).value_or(false),
                                  flag(item, "internal", false).value_or(false), table_of(item.if_contains("arguments"))}, false);
}

Outcome bind(Broker& broker, const json::object& item) {
  return broker.bind({text(item, "source"), text(item, "destination"), text(item, "routing_key"), table_of(item.if_contains("arguments")),
                      text(item, "destination_type") == "exchange"}, 0);
}

}  // namespace

HttpResponse get_definitions(Call& call) {
  json::object out{{"rabbit_version", kSpeaksAs}, {"rabbitmq_version", kSpeaksAs}, {"product_name", "chaoslab queue"}};
  if (call.args.empty()) {
    json::array users;
    json::array permissions;
    for (const auto& [name, password] : call.desk.users.all()) {
      users.push_back({{"name", name}, {"tags", json::array{"administrator"}}, {"limits", json::object()}});
      permissions.push_back({{"user", name}, {"vhost", "/"}, {"configure", ".*"}, {"write", ".*"}, {"read", ".*"}});
    }
    out["users"] = std::move(users);
    out["vhosts"] = json::array{json::object{{"name", "/"}}};
    out["permissions"] = std::move(permissions);
  }
  out["parameters"] = json::array();
  out["policies"] = json::array();
  out["queues"] = queues(call);
  out["exchanges"] = exchanges(call);
  out["bindings"] = bindings(call);
  return found(out);
}

// Users and permissions are the lab file's and stay; what cannot be had is refused before anything is made.
HttpResponse post_definitions(Call& call) {
  const json::value* policies = call.body.if_contains("policies");
  if (policies && policies->is_array() && !policies->get_array().empty()) return refuse_policies(call);
  Broker& broker = call.desk.broker;
  Outcome refusal = each(call.body, "queues", [&](const json::object& item) { return declare_queue(broker, item); });
  if (!refusal) refusal = each(call.body, "exchanges", [&](const json::object& item) { return declare_exchange(broker, item); });
  if (!refusal) refusal = each(call.body, "bindings", [&](const json::object& item) { return bind(broker, item); });
  return refusal ? refused(*refusal) : no_content();
}

}  // namespace chaos::broker
