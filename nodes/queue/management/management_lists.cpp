#include "queue/management/management_handlers.hpp"
#include "queue/management/management_views.hpp"

namespace chaos::broker {

namespace {

template <class Which>
HttpResponse bindings_where(Call& call, Which which) {
  json::array out;
  for (const Binding& binding : all_bindings(call.desk.broker)) {
    if (which(binding)) out.push_back(binding_json(binding));
  }
  return listed(call, std::move(out));
}

// The connection of that name, or nothing.
std::optional<ConnectionView> connection_named(const Call& call) {
  for (ConnectionView& connection : call.desk.connections()) {
    if (connection.name() == call.args[0]) return std::move(connection);
  }
  return std::nullopt;
}

json::object details(const MessageQueue& queue, json::object out, json::array consumers) {
  out["consumer_details"] = std::move(consumers);
  out["single_active_consumer_tag"] = nullptr;
  for (const json::value& consumer : out["consumer_details"].get_array()) {
    const json::object& one = consumer.get_object();
    if (queue.limits().single_active_consumer && one.at("active").get_bool()) out["single_active_consumer_tag"] = one.at("consumer_tag");
    if (one.at("exclusive").get_bool()) out["exclusive_consumer_tag"] = one.at("consumer_tag");
  }
  return out;
}

// Names of exchanges in paths: amq.default is the default exchange.
std::string exchange_name(const std::string& part) { return part == "amq.default" ? std::string() : part; }

}  // namespace

HttpResponse get_queues(Call& call) {
  json::array out;
  for (const auto& [name, queue] : call.desk.broker.queues()) out.push_back(queue_json(call.desk, *queue));
  return listed(call, std::move(out));
}

HttpResponse get_queue(Call& call) {
  const auto at = call.desk.broker.queues().find(call.args[1]);
  if (at == call.desk.broker.queues().end()) return not_found();
  return shown(call, details(*at->second, queue_json(call.desk, *at->second), consumers_json(call.desk, &call.args[1])));
}

HttpResponse get_exchanges(Call& call) {
  json::array out;
  for (const ExchangeSpec& spec : call.desk.broker.exchanges().all()) out.push_back(exchange_json(call.desk, spec));
  return listed(call, std::move(out));
}

HttpResponse get_exchange(Call& call) {
  const ExchangeSpec* spec = call.desk.broker.exchanges().find(exchange_name(call.args[1]));
  return spec ? shown(call, exchange_json(call.desk, *spec)) : not_found();
}

HttpResponse get_bindings(Call& call) {
  return bindings_where(call, [](const Binding&) { return true; });
}

HttpResponse get_queue_bindings(Call& call) {
  if (!call.desk.broker.queues().contains(call.args[1])) return not_found();
  return bindings_where(call, [&](const Binding& b) { return !b.to_exchange && b.destination == call.args[1]; });
}

HttpResponse get_source_bindings(Call& call) {
  const std::string name = exchange_name(call.args[1]);
  if (!call.desk.broker.exchanges().find(name)) return not_found();
  return bindings_where(call, [&](const Binding& b) { return b.exchange == name; });
}

HttpResponse get_destination_bindings(Call& call) {
  const std::string name = exchange_name(call.args[1]);
  if (!call.desk.broker.exchanges().find(name)) return not_found();
  return bindings_where(call, [&](const Binding& b) { return b.to_exchange && b.destination == name; });
}

std::optional<Binding> named_binding(const Call& call) {
  if (call.args[2] != "q" && call.args[2] != "e") return std::nullopt;
  Binding out;
  out.exchange = exchange_name(call.args[1]);
  out.to_exchange = call.args[2] == "e";
  out.destination = call.args[3];
  return out;
}

HttpResponse get_pair_bindings(Call& call) {
  const auto pair = named_binding(call);
  if (!pair) return not_found();
  return bindings_where(call, [&](const Binding& b) {
    return b.exchange == pair->exchange && b.destination == pair->destination && b.to_exchange == pair->to_exchange;
  });
}

HttpResponse get_binding(Call& call) {
  const auto pair = named_binding(call);
  if (!pair) return not_found();
  for (const Binding& b : all_bindings(call.desk.broker)) {
    const bool same = b.exchange == pair->exchange && b.destination == pair->destination && b.to_exchange == pair->to_exchange;
    if (same && has_key(b, call.args[4])) return found(binding_json(b));
  }
  return not_found();
}

HttpResponse get_connections(Call& call) {
  json::array out;
  for (const ConnectionView& connection : call.desk.connections()) out.push_back(connection_json(call.desk, connection));
  return listed(call, std::move(out));
}

HttpResponse get_connection(Call& call) {
  const auto connection = connection_named(call);
  return connection ? shown(call, connection_json(call.desk, *connection)) : not_found();
}

HttpResponse get_connection_channels(Call& call) {
  const auto connection = connection_named(call);
  if (!connection) return not_found();
  json::array out;
  for (const ChannelView& channel : connection->channels) out.push_back(channel_json(call.desk, *connection, channel));
  return listed(call, std::move(out));
}

HttpResponse get_channels(Call& call) {
  json::array out;
  for (const ConnectionView& connection : call.desk.connections()) {
    for (const ChannelView& channel : connection.channels) out.push_back(channel_json(call.desk, connection, channel));
  }
  return listed(call, std::move(out));
}

HttpResponse get_channel(Call& call) {
  for (const ConnectionView& connection : call.desk.connections()) {
    for (const ChannelView& channel : connection.channels) {
      json::object one = channel_json(call.desk, connection, channel);
      if (std::string_view(one.at("name").get_string()) == call.args[0]) return shown(call, std::move(one));
    }
  }
  return not_found();
}

HttpResponse get_consumers(Call& call) { return listed(call, consumers_json(call.desk, nullptr)); }

}  // namespace chaos::broker
