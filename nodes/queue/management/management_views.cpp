#include "queue/management/management_views.hpp"

#include "wire/amqp_bytes.hpp"
#include "wire/base64.hpp"

#include <fmt/chrono.h>

namespace chaos::broker {

namespace {

void with_rate(json::object& out, std::string_view name, std::uint64_t value, double rate) {
  out[name] = value;
  out[std::string(name) + "_details"] = json::object{{"rate", rate}};
}

// As the management's own links: letters, digits and "-_." stay.
std::string quoted(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

// FNV-1a of the arguments; RabbitMQ's hash is Erlang's own.
std::string arguments_hash(const amqp::Table& arguments) {
  std::string wire;
  amqp::Writer(wire).put(arguments);
  std::uint32_t hash = 2166136261u;
  for (const char c : wire) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(hash >> shift));
  return base64url_encode(bytes);
}

}  // namespace

json::object stats_json(const MessageStats& stats, std::initializer_list<Stat> which) {
  json::object out;
  bool any = false;
  for (const Stat stat : which) {
    any = any || stats.value(stat) > 0;
    with_rate(out, kStatNames[static_cast<std::size_t>(stat)], stats.value(stat), stats.rate(stat));
  }
  return any ? out : json::object();
}

std::string iso_time(std::chrono::system_clock::time_point at) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count();
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}+00:00", fmt::gmtime(static_cast<std::time_t>(ms / 1000)), ms % 1000);
}

json::object queue_json(const Desk& desk, const MessageQueue& queue) {
  const QueueSpec& spec = queue.spec();
  const QueueRule& rule = queue.rule();
  const Holdings& held = queue.holdings();
  json::object out{{"name", spec.name}, {"vhost", "/"}, {"type", "classic"}, {"node", desk.node}, {"state", "running"},
                   {"durable", spec.durable}, {"exclusive", spec.exclusive}, {"auto_delete", spec.auto_delete},
                   {"arguments", object_of(spec.arguments)}, {"consumers", rule.consumers()}, {"memory", queue.bytes()},
                   {"message_bytes", held.ready_bytes + held.unacked_bytes}, {"message_bytes_ready", held.ready_bytes},
                   {"message_bytes_unacknowledged", held.unacked_bytes}, {"message_bytes_ram", held.ready_bytes + held.unacked_bytes},
                   {"message_bytes_persistent", held.persistent_bytes}, {"messages_persistent", held.persistent},
                   {"messages_ram", rule.ready() + rule.unacked()}, {"messages_ready_ram", rule.ready()},
                   {"messages_unacknowledged_ram", rule.unacked()}, {"policy", nullptr}, {"operator_policy", nullptr},
                   {"effective_policy_definition", json::object()}};
  for (const auto& [name, depth] : {std::pair("messages", Depth::all), std::pair("messages_ready", Depth::ready),
                                    std::pair("messages_unacknowledged", Depth::unacked)}) {
    with_rate(out, name, queue.depth().value(static_cast<std::size_t>(depth)), queue.depth().rate(static_cast<std::size_t>(depth)));
  }
  auto stats = stats_json(queue.stats(), {Stat::publish, Stat::deliver, Stat::deliver_no_ack, Stat::get, Stat::get_no_ack, Stat::get_empty,
                                          Stat::deliver_get, Stat::redeliver, Stat::ack, Stat::disk_writes});
  if (!stats.empty()) out["message_stats"] = std::move(stats);
  if (const auto idle = queue.idle_since()) out["idle_since"] = iso_time(*idle);
  return out;
}

json::object exchange_json(Desk& desk, const ExchangeSpec& spec) {
  json::object out{{"name", spec.name}, {"vhost", "/"}, {"type", word(spec.type)}, {"durable", spec.durable},
                   {"auto_delete", spec.auto_delete}, {"internal", spec.internal}, {"arguments", object_of(spec.arguments)}};
  const MessageStats* counted = desk.broker.exchanges().stats(spec.name);
  auto stats = counted ? stats_json(*counted, {Stat::publish_in, Stat::publish_out}) : json::object();
  if (!stats.empty()) out["message_stats"] = std::move(stats);
  return out;
}

std::string properties_key(const Binding& binding) {
  const std::string key = quoted(binding.routing_key);
  if (!binding.arguments.empty()) return key + "~" + arguments_hash(binding.arguments);
  return key.empty() ? "~" : key;
}

bool has_key(const Binding& binding, const std::string& part) {
  const std::string key = properties_key(binding);
  return part == key || part == percent_decode(key);
}

json::object binding_json(const Binding& binding) {
  return {{"source", binding.exchange}, {"vhost", "/"}, {"destination", binding.destination},
          {"destination_type", binding.to_exchange ? "exchange" : "queue"}, {"routing_key", binding.routing_key},
          {"arguments", object_of(binding.arguments)}, {"properties_key", properties_key(binding)}};
}

std::vector<Binding> all_bindings(const Broker& broker) {
  std::vector<Binding> all;
  for (const auto& [name, queue] : broker.queues()) all.push_back({"", name, name});
  for (Binding& binding : broker.exchanges().bindings()) all.push_back(std::move(binding));
  return all;
}

json::object connection_json(const Desk& desk, const ConnectionView& c) {
  json::object out{{"name", c.name()}, {"node", desk.node}, {"vhost", "/"}, {"user", c.user}, {"type", "network"},
                   {"protocol", "AMQP 0-9-1"}, {"auth_mechanism", c.mechanism}, {"state", c.state}, {"ssl", false},
                   {"host", c.host}, {"port", c.port}, {"peer_host", c.peer_host}, {"peer_port", c.peer_port},
                   {"channels", c.channels.size()}, {"channel_max", c.channel_max}, {"frame_max", c.frame_max},
                   {"timeout", c.heartbeat}, {"connected_at", c.connected_at}, {"send_pend", c.pending},
                   {"client_properties", object_of(c.client_properties)}};
  const auto value = [&c](Traffic t) { return c.traffic.value(static_cast<std::size_t>(t)); };
  const auto rate = [&c](Traffic t) { return c.traffic.rate(static_cast<std::size_t>(t)); };
  with_rate(out, "recv_oct", value(Traffic::recv_oct), rate(Traffic::recv_oct));
  with_rate(out, "send_oct", value(Traffic::send_oct), rate(Traffic::send_oct));
  out["recv_cnt"] = value(Traffic::recv_cnt);
  out["send_cnt"] = value(Traffic::send_cnt);
  return out;
}

json::object channel_json(const Desk& desk, const ConnectionView& c, const ChannelView& channel) {
  json::object out{{"name", fmt::format("{} ({})", c.name(), channel.number)}, {"number", channel.number}, {"node", desk.node},
                   {"vhost", "/"}, {"user", c.user}, {"state", c.state}, {"confirm", channel.confirm},
                   {"transactional", channel.transactional}, {"consumer_count", channel.consumers.size()},
                   {"prefetch_count", channel.prefetch}, {"global_prefetch_count", channel.global_prefetch},
                   {"messages_unacknowledged", channel.unacked}, {"messages_unconfirmed", channel.unconfirmed},
                   {"messages_uncommitted", channel.uncommitted}, {"acks_uncommitted", channel.acks_uncommitted},
                   {"connection_details", json::object{{"name", c.name()}, {"peer_host", c.peer_host}, {"peer_port", c.peer_port}}}};
  auto stats = stats_json(channel.stats, {Stat::publish, Stat::confirm, Stat::return_unroutable, Stat::drop_unroutable, Stat::deliver,
                                          Stat::deliver_no_ack, Stat::get, Stat::get_no_ack, Stat::get_empty, Stat::deliver_get,
                                          Stat::redeliver, Stat::ack});
  if (!stats.empty()) out["message_stats"] = std::move(stats);
  return out;
}

json::object consumer_json(const Desk& desk, const ConnectionView& c, const ChannelView& channel, const ConsumerView& consumer) {
  const json::object details{{"connection_name", c.name()}, {"name", fmt::format("{} ({})", c.name(), channel.number)},
                             {"node", desk.node}, {"number", channel.number}, {"peer_host", c.peer_host}, {"peer_port", c.peer_port},
                             {"user", c.user}};
  return {{"consumer_tag", consumer.tag}, {"queue", json::object{{"name", consumer.queue}, {"vhost", "/"}}},
          {"ack_required", !consumer.no_ack}, {"active", consumer.active},
          {"activity_status", consumer.active ? "up" : "waiting"}, {"exclusive", consumer.exclusive},
          {"prefetch_count", consumer.prefetch}, {"arguments", object_of(consumer.arguments)}, {"channel_details", details}};
}

json::array consumers_json(const Desk& desk, const std::string* queue) {
  json::array out;
  for (const ConnectionView& connection : desk.connections()) {
    for (const ChannelView& channel : connection.channels) {
      for (const ConsumerView& consumer : channel.consumers) {
        if (!queue || consumer.queue == *queue) out.push_back(consumer_json(desk, connection, channel, consumer));
      }
    }
  }
  return out;
}

}  // namespace chaos::broker
