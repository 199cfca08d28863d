#include "queue/management/management_handlers.hpp"
#include "queue/management/management_views.hpp"

namespace chaos::broker {

namespace {

constexpr SessionId kNobody = 0;   // owns no exclusive queue

HttpResponse not_boolean(std::string_view field) { return bad_request("\"" + std::string(field) + "\" is no boolean"); }

}  // namespace

HttpResponse put_queue(Call& call) {
  Broker& broker = call.desk.broker;
  const auto durable = flag(call.body, "durable", true);
  const auto auto_delete = flag(call.body, "auto_delete", false);
  if (!durable) return not_boolean("durable");
  if (!auto_delete) return not_boolean("auto_delete");
  QueueSpec spec{call.args[1], *durable, false, *auto_delete, table_of(call.body.if_contains("arguments"))};
  if (spec.name.empty()) return bad_request("a queue needs a name");
  const bool there = broker.queues().contains(spec.name);
  QueuePtr queue;
  if (const Outcome refusal = broker.declare_queue(spec, false, kNobody, queue)) return refused(*refusal);
  return there ? no_content() : created();
}

HttpResponse delete_queue(Call& call) {
  Broker& broker = call.desk.broker;
  if (!broker.queues().contains(call.args[1])) return not_found();
  std::size_t messages = 0;
  const Outcome refusal = broker.delete_queue(call.args[1], call.query("if-unused") == "true", call.query("if-empty") == "true", kNobody, messages);
  return refusal ? refused(*refusal) : no_content();
}

HttpResponse put_exchange(Call& call) {
  Broker& broker = call.desk.broker;
  const std::string type = text(call.body, "type", "direct");
  const auto known = exchange_type(type);
  const auto durable = flag(call.body, "durable", true);
  const auto auto_delete = flag(call.body, "auto_delete", false);
  const auto internal = flag(call.body, "internal", false);
  if (!known) return bad_request("unknown exchange type '" + type + "'");
  if (!durable) return not_boolean("durable");
  if (!auto_delete) return not_boolean("auto_delete");
  if (!internal) return not_boolean("internal");
  const ExchangeSpec spec{call.args[1], *known, *durable, *auto_delete, *internal, table_of(call.body.if_contains("arguments"))};
  const bool there = broker.exchanges().find(spec.name) != nullptr;
  if (const Outcome refusal = broker.declare_exchange(spec, false)) return refused(*refusal);
  return there ? no_content() : created();
}

HttpResponse delete_exchange(Call& call) {
  if (!call.desk.broker.exchanges().find(call.args[1])) return not_found();
  const Outcome refusal = call.desk.broker.delete_exchange(call.args[1], call.query("if-unused") == "true");
  return refusal ? refused(*refusal) : no_content();
}

HttpResponse post_binding(Call& call) {
  auto binding = named_binding(call);
  if (!binding) return not_found();
  binding->routing_key = text(call.body, "routing_key");
  binding->arguments = table_of(call.body.if_contains("arguments"));
  if (const Outcome refusal = call.desk.broker.bind(*binding, kNobody)) return refused(*refusal);
  HttpResponse response = created();
  response.headers.set("Location", binding->destination + "/" + properties_key(*binding));
  return response;
}

HttpResponse delete_binding(Call& call) {
  const auto pair = named_binding(call);
  if (!pair) return not_found();
  for (const Binding& b : call.desk.broker.exchanges().bindings()) {
    const bool same = b.exchange == pair->exchange && b.destination == pair->destination && b.to_exchange == pair->to_exchange;
    if (!same || !has_key(b, call.args[4])) continue;
    const Outcome refusal = call.desk.broker.unbind(b, kNobody);
    return refusal ? refused(*refusal) : no_content();
  }
  return not_found();
}

HttpResponse delete_connection(Call& call) {
  for (const ConnectionView& connection : call.desk.connections()) {
    if (connection.name() != call.args[0]) continue;
    const auto reason = call.request.headers.get("X-Reason");
    call.desk.close(connection.id, std::string(reason.value_or("Closed via management plugin")).substr(0, 200));
    return no_content();
  }
  return not_found();
}

}  // namespace chaos::broker
