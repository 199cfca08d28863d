#include "queue/management.hpp"

#include "runtime/ports.hpp"

#include <boost/json.hpp>

namespace chaos::broker {

namespace {

namespace json = boost::json;

struct Totals {
  std::size_t ready = 0, unacked = 0, consumers = 0;
};

Totals totals(const Broker& broker) {
  Totals sum;
  for (const auto& [name, queue] : broker.queues()) {
    sum.ready += queue->rule().ready();
    sum.unacked += queue->rule().unacked();
    sum.consumers += queue->rule().consumers();
  }
  return sum;
}

json::value value_of(const amqp::Value& value);

json::object object_of(const amqp::Table& table) {
  json::object out;
  for (const amqp::Field& field : table) out[field.name] = value_of(field.value);
  return out;
}

json::value value_of(const amqp::Value& value) {
  struct ToJson {
    json::value operator()(std::monostate) { return nullptr; }
    json::value operator()(bool v) { return v; }
    json::value operator()(std::int64_t v) { return v; }
    json::value operator()(double v) { return v; }
    json::value operator()(const std::string& v) { return json::string(v); }
    json::value operator()(const amqp::Table& v) { return object_of(v); }
    json::value operator()(const std::vector<amqp::Value>& v) {
      json::array out;
      for (const amqp::Value& item : v) out.push_back(value_of(item));
      return out;
    }
  };
  return std::visit(ToJson{}, value.data);
}

json::object queue_json(const MessageQueue& queue, const std::string& node) {
  const QueueSpec& spec = queue.spec();
  const QueueRule& rule = queue.rule();
  return {{"name", spec.name}, {"vhost", "/"}, {"type", "classic"}, {"node", node}, {"state", "running"},
          {"durable", spec.durable}, {"exclusive", spec.exclusive}, {"auto_delete", spec.auto_delete},
          {"arguments", object_of(spec.arguments)}, {"messages", rule.ready() + rule.unacked()},
          {"messages_ready", rule.ready()}, {"messages_unacknowledged", rule.unacked()},
          {"message_bytes", queue.bytes()}, {"consumers", rule.consumers()}};
}

json::object overview(const Broker& broker, const BrokerMetrics& metrics, const std::string& node) {
  const Totals sum = totals(broker);
  return {{"product_name", "chaoslab queue"}, {"node", node}, {"cluster_name", node},
          {"queue_totals", {{"messages", sum.ready + sum.unacked}, {"messages_ready", sum.ready},
                            {"messages_unacknowledged", sum.unacked}}},
          {"object_totals", {{"queues", broker.queues().size()}, {"exchanges", broker.exchanges().all().size()},
                             {"consumers", sum.consumers}, {"connections", metrics.connections.Value()},
                             {"channels", metrics.channels.Value()}}},
          {"message_stats", {{"publish", metrics.received.Value()}, {"confirm", metrics.confirmed.Value()},
                             {"deliver_get", metrics.delivered.Value()}, {"redeliver", metrics.redelivered.Value()},
                             {"ack", metrics.acknowledged.Value()}}}};
}

json::array queues_json(const Broker& broker, const std::string& node) {
  json::array out;
  for (const auto& [name, queue] : broker.queues()) out.push_back(queue_json(*queue, node));
  return out;
}

json::array exchanges_json(const Broker& broker) {
  json::array out;
  for (const ExchangeSpec& spec : broker.exchanges().all()) {
    out.push_back({{"name", spec.name}, {"vhost", "/"}, {"type", word(spec.type)}, {"durable", spec.durable},
                   {"auto_delete", spec.auto_delete}, {"internal", spec.internal}, {"arguments", object_of(spec.arguments)}});
  }
  return out;
}

json::array bindings_json(const Broker& broker) {
  json::array out;
  for (const Binding& b : broker.exchanges().bindings()) {
    out.push_back({{"source", b.exchange}, {"vhost", "/"}, {"destination", b.queue}, {"destination_type", "queue"},
                   {"routing_key", b.routing_key}, {"properties_key", b.routing_key}});
  }
  return out;
}

HttpResponse found(const json::value& body) { return json_response(200, json::serialize(body)); }

HttpResponse not_found() {
  return json_response(404, R"({"error":"Object Not Found","reason":"Not Found"})");
}

// What follows /api/queues: nothing, /{vhost}, or /{vhost}/{name}, both percent-encoded.
HttpResponse queues_at(const Broker& broker, const std::string& node, std::string_view rest) {
  const auto slash = rest.find('/');
  if (percent_decode(rest.substr(0, slash)) != "/") return not_found();
  if (slash == std::string_view::npos) return found(queues_json(broker, node));
  const auto name = percent_decode(rest.substr(slash + 1));
  const auto at = name ? broker.queues().find(*name) : broker.queues().end();
  return at == broker.queues().end() ? not_found() : found(queue_json(*at->second, node));
}

}  // namespace

HttpResponse manage(const Broker& broker, const BrokerMetrics& metrics, const std::string& node, const HttpRequest& request) {
  if (request.method != "GET" && request.method != "HEAD") {
    return json_response(405, R"({"error":"method_not_allowed","reason":"this API only reads"})");
  }
  constexpr std::string_view kQueues = "/api/queues";
  const std::string_view path = request.path();
  if (path == "/api/overview") return found(overview(broker, metrics, node));
  if (path == kQueues) return found(queues_json(broker, node));
  if (path.starts_with("/api/queues/")) return queues_at(broker, node, path.substr(kQueues.size() + 1));
  if (path == "/api/exchanges") return found(exchanges_json(broker));
  if (path == "/api/bindings") return found(bindings_json(broker));
  if (path == "/api/vhosts") return found(json::array{json::object{{"name", "/"}}});
  if (path == "/api/whoami") return found(json::object{{"name", "guest"}, {"tags", json::array{"administrator"}}});
  return not_found();
}

Management::Management(NodeContext& ctx, Broker& broker)
    : ctx_(ctx), broker_(broker), server_(ctx, "management", HttpLimits{.faults = false}, [this](HttpRequest request) {
        return handle(std::move(request));
      }) {}

Result<void> Management::listen(const std::string& address) { return server_.listen(address, ports::kAmqpManagement); }

awaitable<void> Management::drain(RealTime deadline) { co_await server_.drain(deadline); }

awaitable<HttpResponse> Management::handle(HttpRequest request) {
  co_return manage(broker_, broker_.metrics(), ctx_.name, request);
}

}  // namespace chaos::broker
